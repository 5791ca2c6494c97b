import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import {
  Notification,
  type NotificationType,
  OutboxMessage,
  WebhookDelivery,
  WebhookEndpoint,
} from '../store/entities/delivery.ts';
import type { Language } from '../store/entities/tenant.ts';
import { nextVersion } from './feed.ts';
import { notificationView } from './view.ts';

type Metadata = Record<string, unknown>;

/** What has happened, for `createNotification`. */
export interface News {
  tenantId: string;
  /** Unset: of the whole account. */
  issuerId?: string;
  type: NotificationType;
  severity: Notification['severity'];
  /** How it reads, and its facts; `earlier` are those of the notification that it is merged into. */
  write(language: Language, earlier: Metadata | null): { title: string; message: string; metadata: Metadata };
  merge?: Merge;
  /** Webhooks of one document keep their order. */
  documentId?: string;
  /** The document's workflow looks for deliveries after this, so they need no promise in the outbox. */
  deliveredByDocument?: true;
  /** From then on it is not shown. */
  expiresAt?: Date;
  /** Now, unless given. */
  at?: Date;
}

interface Merge {
  /** Up to 100 characters, unique to what may be merged. */
  key: string;
  /** An older one is left as it is; unset: of any age. */
  withinMs?: number;
  /**
   * What another one of the same key does: `announce` (the default) updates the notification and sends its webhooks
   * again, `quiet` only updates it while it is unread, `ignore` does nothing. After both no other comes in its place when
   * it has been read.
   */
  again?: 'announce' | 'quiet' | 'ignore';
}

/**
 * Tells a tenant of something, unless it does not want to know. The last thing to do in a transaction: it locks the
 * tenant's feed until the commit.
 * @returns the webhook deliveries that the outbox promises
 */
export async function createNotification(em: EntityManager, news: News): Promise<string[]> {
  const { tenantId, type, merge, at = new Date() } = news;
  const { version, language, disabledTypes } = await nextVersion(em, tenantId);
  if (disabledTypes.includes(type)) return [];
  const latest = merge && (await latestOf(em, tenantId, merge.key));
  const fresh = latest && (merge.withinMs === undefined || at.getTime() - latest.createdAt.getTime() < merge.withinMs);
  const earlier = fresh && !latest.readAt ? latest : undefined;
  if (fresh && (merge.again === 'ignore' || (merge.again === 'quiet' && !earlier))) return [];

  const content = { type, severity: news.severity, ...news.write(language, earlier?.metadata ?? null), version };
  const notification = earlier
    ? em.assign(earlier, { ...content, expiresAt: news.expiresAt ?? null })
    : em.create(Notification, {
        ...content,
        tenantId,
        issuerId: news.issuerId ?? null,
        sequence: version,
        mergeKey: merge?.key ?? null,
        readAt: null,
        expiresAt: news.expiresAt ?? null,
        createdAt: at,
      });
  await em.flush();
  if (earlier && merge?.again === 'quiet') return [];
  return announce(em, notification, news, at);
}

/** Marks the unread notification with a merge key as read: it no longer holds. */
export async function dismissNotification(em: EntityManager, tenantId: string, mergeKey: string): Promise<void> {
  const { version } = await nextVersion(em, tenantId);
  const latest = await latestOf(em, tenantId, mergeKey);
  if (latest && !latest.readAt) em.assign(latest, { readAt: new Date(), version });
  await em.flush();
}

async function latestOf(em: EntityManager, tenantId: string, mergeKey: string): Promise<Notification | undefined> {
  const [latest] = await em.find(
    Notification,
    { tenantId, mergeKey },
    { orderBy: { sequence: 'desc' }, limit: 1, refresh: true },
  );
  return latest;
}

/** One delivery for each endpoint that wants it. */
async function announce(em: EntityManager, notification: Notification, news: News, at: Date): Promise<string[]> {
  const { tenantId, type, documentId = null, deliveredByDocument } = news;
  const endpoints = await em.find(WebhookEndpoint, { tenantId, active: true }, { fields: ['eventTypes'] });
  const body = JSON.stringify({
    type,
    timestamp: at.toISOString(),
    data: notificationView(notification),
    tenantId,
  });
  const promised: string[] = [];
  for (const { id: endpointId, eventTypes } of endpoints) {
    if (eventTypes.length > 0 && !eventTypes.includes(type)) continue;
    const id = v7();
    const { version: position } = notification;
    em.create(WebhookDelivery, { id, tenantId, endpointId, documentId, position, type, body, status: 'PENDING' });
    if (deliveredByDocument) continue;
    em.create(OutboxMessage, { tenantId, kind: 'webhook', subject: id });
    promised.push(id);
  }
  await em.flush();
  return promised;
}
