import type { Notification } from '../store/entities/delivery.ts';

/** A notification as the list and the webhooks show it. */
export function notificationView(notification: Notification) {
  const { id, type, severity, title, message, createdAt, version } = notification;
  return {
    id,
    type,
    severity,
    title,
    message,
    metadata: notification.metadata ?? null,
    issuerId: notification.issuerId ?? null,
    readAt: notification.readAt?.toISOString() ?? null,
    expiresAt: notification.expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    version,
  };
}
