import { type EntityManager, type FilterQuery, type QBFilterQuery, raw } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import {
  Notification,
  NOTIFICATION_TYPES,
  NotificationFeed,
  type NotificationType,
} from '../store/entities/delivery.ts';
import type { TenantContext } from '../tenants/context.ts';
import { nextVersion } from './feed.ts';

/** Unread notifications are counted so far: nobody needs to know more, and everybody would wait for it. */
export const MAX_UNREAD = 10_000;

export interface NotificationQuery {
  /** Only this issuer's and those of the whole account. */
  issuerId?: string;
  /** Only those made after this one. */
  sinceId?: string;
  /** Only those made or changed after this version. */
  updatedSince?: number;
  /** Only those made before this one. */
  beforeId?: string;
  limit: number;
}

interface NotificationPage {
  /** Newest first. */
  notifications: Notification[];
  /** Of all that are not expired, whatever else was asked for; up to `MAX_UNREAD`. */
  unreadCount: number;
  /** There are others: newer ones after `sinceId` or `updatedSince`, else older ones. */
  hasMore: boolean;
}

/**
 * A page of what is not expired. With `sinceId` or `updatedSince` it is the oldest that come after, so that whoever goes
 * on from the newest of each page has seen all; otherwise it is the newest.
 * @throws Refusal VALIDATION_FAILED when `sinceId` or `beforeId` is not the tenant's
 */
export async function listNotifications(
  ctx: TenantContext,
  tenantId: string,
  query: NotificationQuery,
): Promise<NotificationPage> {
  const { issuerId, sinceId, updatedSince, beforeId, limit } = query;
  return ctx.store.asTenant(tenantId, async (em) => {
    const sequenceOf = async (field: string, id: string): Promise<number> => {
      const found = await em.findOne(Notification, { id, tenantId }, { fields: ['sequence'] });
      if (found !== null) return found.sequence;
      const message = 'is not the id of a notification of this account';
      throw new Refusal('VALIDATION_FAILED', 'The page is not known.', [{ field, message, value: id }]);
    };
    const shown: QBFilterQuery<Notification>[] = [
      { tenantId },
      { $or: [{ expiresAt: null }, { expiresAt: { $gt: ctx.clock() } }] },
      ...(issuerId === undefined ? [] : [{ $or: [{ issuerId }, { issuerId: null }] }]),
    ];
    const wanted: FilterQuery<Notification>[] = [
      ...shown,
      ...(sinceId === undefined ? [] : [{ sequence: { $gt: await sequenceOf('sinceId', sinceId) } }]),
      ...(updatedSince === undefined ? [] : [{ version: { $gt: updatedSince } }]),
      ...(beforeId === undefined ? [] : [{ sequence: { $lt: await sequenceOf('cursor', beforeId) } }]),
    ];
    const forwards = sinceId !== undefined || updatedSince !== undefined;
    const order = forwards ? ('asc' as const) : ('desc' as const);
    const rows = await em.find(
      Notification,
      { $and: wanted },
      { orderBy: updatedSince === undefined ? { sequence: order } : { version: order }, limit: limit + 1 },
    );
    const page = rows.slice(0, limit);
    return {
      notifications: forwards ? page.toReversed() : page,
      unreadCount: await countUpTo(em, { $and: [...shown, { readAt: null }] }, MAX_UNREAD),
      hasMore: rows.length > limit,
    };
  });
}

async function countUpTo(em: EntityManager, where: QBFilterQuery<Notification>, most: number): Promise<number> {
  const { sql, params } = em.createQueryBuilder(Notification).select(raw('1')).where(where).limit(most).toQuery();
  const [row] = await em.execute<[{ count: number }]>(`select count(*)::int as count from (${sql}) as counted`, [
    ...params,
  ]);
  return row.count;
}

/** @throws Refusal NOT_FOUND, also when it has been read already */
export async function readNotification(ctx: TenantContext, tenantId: string, id: string): Promise<Notification> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const { version } = await nextVersion(em, tenantId);
    const notification = await em.findOne(Notification, { id, tenantId, readAt: null });
    if (notification === null) throw new Refusal('NOT_FOUND', 'There is no unread notification with this id.');
    return em.assign(notification, { readAt: ctx.clock(), version });
  });
}

interface Preference {
  type: NotificationType;
  enabled: boolean;
}

/** What the tenant wants to be told; every type, one that is new here too. */
export async function readPreferences(ctx: TenantContext, tenantId: string): Promise<Preference[]> {
  const feed = await ctx.store.asTenant(tenantId, (em) => em.findOne(NotificationFeed, { tenantId }));
  return preferencesOf(feed?.disabledTypes ?? []);
}

/** Switches types on or off; what is not named stays. Of a type that is named twice the last counts. */
export async function changePreferences(
  ctx: TenantContext,
  tenantId: string,
  changes: readonly Preference[],
): Promise<Preference[]> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const disabled = new Set((await nextVersion(em, tenantId)).disabledTypes);
    for (const { type, enabled } of changes) {
      if (enabled) disabled.delete(type);
      else disabled.add(type);
    }
    const disabledTypes = [...disabled];
    await em.nativeUpdate(NotificationFeed, { tenantId }, { disabledTypes });
    return preferencesOf(disabledTypes);
  });
}

function preferencesOf(disabledTypes: readonly NotificationType[]): Preference[] {
  return NOTIFICATION_TYPES.map((type) => ({ type, enabled: !disabledTypes.includes(type) }));
}
