import { z } from 'zod';
import {
  changePreferences,
  listNotifications,
  MAX_UNREAD,
  readNotification,
  readPreferences,
} from '../../domain/notifications/read.ts';
import { notificationView } from '../../domain/notifications/view.ts';
import { NOTIFICATION_TYPES } from '../../domain/store/entities/delivery.ts';
import { findIssuer } from '../../domain/tenants/issuers.ts';
import { cursorPagination, cursorQuery, instant, uuid } from '../fields.ts';
import { Problem } from '../problems.ts';
import { route } from '../route.ts';

const TAG = 'Notifications';

export const NotificationType = z.enum(NOTIFICATION_TYPES).meta({
  id: 'NotificationType',
  description: [
    '`DOCUMENT_AUTHORIZED`: SRI authorized documents; those of one issuer within a minute share a notification.',
    '`DOCUMENT_RETURNED`, `DOCUMENT_NOT_AUTHORIZED`: SRI refused a document.',
    '`SRI_SUBMISSION_FAILED`: SRI has not taken documents for some minutes; one notification an hour.',
    '`EMAIL_DELIVERY_FAILED`: a buyer’s mail will not arrive.',
    '`CERT_EXPIRING`, `CERT_EXPIRED`: a signing certificate ends, or has ended.',
    '`QUOTA_WARNING`: 80, 95 or 100 percent of the plan’s documents are used; once each.',
    '`WEBHOOK_DISABLED`: a webhook endpoint was switched off, after five days of failure or because it answered 410.',
  ].join('\n'),
});

const NotificationOut = z
  .object({
    id: uuid(),
    type: NotificationType,
    severity: z.enum(['INFO', 'WARNING', 'ERROR']),
    title: z.string().meta({ description: 'In the language of the account.', example: 'Comprobante autorizado' }),
    message: z.string(),
    metadata: z.record(z.string(), z.unknown()).nullable().meta({
      description:
        'Of documents: `documents`, the latest 50 of them with the newest last, and `count`, how many there are in all.',
    }),
    issuerId: uuid().nullable().meta({ description: 'Null: of the whole account.' }),
    readAt: instant().nullable(),
    expiresAt: instant().nullable(),
    createdAt: instant(),
    version: z
      .int()
      .meta({ description: 'Grows with every change in the account; for `updatedSince`.', example: 4711 }),
  })
  .meta({ id: 'Notification' });

const PreferenceOut = z.object({ type: NotificationType, enabled: z.boolean() }).meta({ id: 'NotificationPreference' });
const PreferencesOut = z.object({ preferences: z.array(PreferenceOut) });

export const notificationRoutes = [
  route({
    method: 'get',
    path: '/v1/notifications',
    operationId: 'listNotifications',
    tag: TAG,
    summary: 'List notifications',
    description: [
      'What is not expired, read or not, newest first.',
      '',
      'To miss nothing, ask with `sinceId`, the id of the newest one that was seen, or with `updatedSince`, its `version`, which also brings those that have changed since. Then the page holds the oldest that come after, and the next call goes on from its first: whatever is written meanwhile comes later.',
    ].join('\n'),
    auth: 'tenant',
    needs: 'account:read',
    headers: z.object({
      'X-Issuer-Id': z.string().optional().meta({
        description: 'Only the notifications of this issuer and those of the whole account.',
        example: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12',
      }),
    }),
    query: z.strictObject({
      sinceId: uuid().optional().meta({ description: 'Only those made after this one.' }),
      updatedSince: z.coerce
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .optional()
        .meta({ description: 'Only those made or changed after this `version`, by their versions.' }),
      ...cursorQuery,
      limit: z.coerce.number().int().min(1).max(100).default(100),
    }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({
          notifications: z.array(NotificationOut),
          unreadCount: z.int().meta({
            description: `Of all pages, whatever \`sinceId\` and \`updatedSince\` are; ${MAX_UNREAD} may be more.`,
          }),
          hasMore: z.boolean().meta({
            description:
              'There are newer ones, to ask for with `sinceId` or `updatedSince`; without these: older ones.',
          }),
          pagination: cursorPagination,
        }),
      },
    },
    errors: ['ISSUER_ID_INVALID', 'ISSUER_NOT_FOUND', 'ISSUER_FORBIDDEN'],
  })(async ({ services, caller, query, headers }) => {
    const { sinceId, updatedSince, cursor, limit } = query;
    const { tenantId } = caller;
    const issuerId = headers['X-Issuer-Id'];
    if (issuerId !== undefined) {
      if (!uuid().safeParse(issuerId).success)
        throw new Problem('ISSUER_ID_INVALID', { detail: 'X-Issuer-Id must be a UUID.' });
      await findIssuer(services.tenants, tenantId, issuerId.toLowerCase());
    }
    const { notifications, unreadCount, hasMore } = await listNotifications(services.tenants, tenantId, {
      limit,
      ...(issuerId === undefined ? {} : { issuerId: issuerId.toLowerCase() }),
      ...(sinceId === undefined ? {} : { sinceId }),
      ...(updatedSince === undefined ? {} : { updatedSince }),
      ...(cursor === undefined ? {} : { beforeId: cursor }),
    });
    const older = hasMore && sinceId === undefined && updatedSince === undefined;
    return {
      status: 200,
      body: {
        notifications: notifications.map(notificationView),
        unreadCount,
        hasMore,
        pagination: { limit, nextCursor: older ? notifications.at(-1)!.id : null },
      },
    };
  }),

  route({
    method: 'post',
    path: '/v1/notifications/:id/read',
    operationId: 'readNotification',
    tag: TAG,
    summary: 'Mark a notification as read',
    description: 'For the whole account. One that has been read already is not found.',
    auth: 'tenant',
    needs: 'account:write',
    params: z.object({ id: uuid() }),
    responses: { 200: { description: 'As it is now.', schema: z.object({ notification: NotificationOut }) } },
    errors: ['NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    const notification = await readNotification(services.tenants, caller.tenantId, params.id);
    return { status: 200, body: { notification: notificationView(notification) } };
  }),

  route({
    method: 'get',
    path: '/v1/notifications/preferences',
    operationId: 'getNotificationPreferences',
    tag: TAG,
    summary: 'What the account wants to be told',
    auth: 'tenant',
    needs: 'account:read',
    responses: { 200: { description: 'Every type.', schema: PreferencesOut } },
    errors: [],
  })(async ({ services, caller }) => {
    return { status: 200, body: { preferences: await readPreferences(services.tenants, caller.tenantId) } };
  }),

  route({
    method: 'patch',
    path: '/v1/notifications/preferences',
    operationId: 'changeNotificationPreferences',
    tag: TAG,
    summary: 'Switch notifications on or off',
    description:
      'What is not named stays. A type that is off is neither listed nor sent to webhooks; what was told before stays.',
    auth: 'tenant',
    needs: 'account:write',
    body: {
      json: z
        .array(z.strictObject({ type: NotificationType, enabled: z.boolean() }))
        .min(1)
        .max(50),
      example: [{ type: 'DOCUMENT_AUTHORIZED', enabled: false }],
    },
    responses: { 200: { description: 'Every type, as it is now.', schema: PreferencesOut } },
    errors: [],
  })(async ({ services, caller, body }) => {
    return { status: 200, body: { preferences: await changePreferences(services.tenants, caller.tenantId, body) } };
  }),
];
