import { v7 } from 'uuid';
import { Refusal } from '../refusal.ts';
import { type DeliveryStatus, OutboxMessage, WebhookDelivery, WebhookReplay } from '../store/entities/delivery.ts';
import type { Store } from '../store/store.ts';
import type { TenantContext } from '../tenants/context.ts';
import { assertActive } from './deliveries.ts';
import { findEndpoint } from './endpoints.ts';

/** How many deliveries one replay takes. */
export const MAX_REPLAYED = 10_000;
/** How many of them begin in one transaction. */
const BATCH = 100;

export interface ReplayInput {
  /** Deliveries that were made from then on … */
  from: Date;
  /** … and before then. */
  to: Date;
  status: DeliveryStatus;
}

/**
 * Promises that the deliveries of a window begin again. An endpoint has one replay at a time.
 * @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, VALIDATION_FAILED, CONFLICT
 */
export async function createReplay(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  { from, to, status }: ReplayInput,
): Promise<WebhookReplay> {
  if (from >= to) throw refused('to', 'must be later than from', to);
  return ctx.store.asTenant(tenantId, async (em) => {
    assertActive(await findEndpoint(em, tenantId, endpointId, { lock: true }));
    if ((await em.count(WebhookReplay, { endpointId, status: 'RUNNING' })) > 0) {
      throw new Refusal('CONFLICT', 'A replay of this endpoint is under way; ask again when it is done.');
    }
    const rows = await em.find(
      WebhookDelivery,
      { endpointId, status, id: { $gte: firstIdAt(from), $lt: firstIdAt(to) } },
      { fields: ['id'], limit: MAX_REPLAYED + 1 },
    );
    if (rows.length > MAX_REPLAYED) {
      throw refused('to', `must leave no more than ${MAX_REPLAYED} deliveries in the window`, to);
    }
    const id = v7();
    const replay = em.create(WebhookReplay, {
      id,
      tenantId,
      endpointId,
      status: rows.length === 0 ? 'DONE' : 'RUNNING',
      windowFrom: from,
      windowTo: to,
      deliveryStatus: status,
      total: rows.length,
    });
    if (rows.length > 0) em.create(OutboxMessage, { tenantId, kind: 'replay', subject: id });
    return replay;
  });
}

/** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, NOT_FOUND */
export async function findReplay(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  replayId: string,
): Promise<WebhookReplay> {
  return ctx.store.asTenant(tenantId, async (em) => {
    await findEndpoint(em, tenantId, endpointId);
    const replay = await em.findOne(WebhookReplay, { id: replayId, endpointId });
    if (replay === null) throw new Refusal('NOT_FOUND', 'This endpoint has no replay with this id.');
    return replay;
  });
}

/**
 * Lets the next deliveries of a replay begin again, oldest first; the outbox promises each. With the last of them the
 * promise of the replay itself goes.
 */
export async function continueReplay(
  store: Store,
  replayId: string,
): Promise<{ tenantId: string; deliveries: string[]; done: boolean }> {
  return store.asSystem(async (em) => {
    const replay = await em.findOneOrFail(WebhookReplay, replayId);
    const { tenantId, endpointId, deliveryStatus, lastDeliveryId } = replay;
    const after = lastDeliveryId ? { $gt: lastDeliveryId } : { $gte: firstIdAt(replay.windowFrom) };
    const rows = await em.find(
      WebhookDelivery,
      { endpointId, status: deliveryStatus, id: { ...after, $lt: firstIdAt(replay.windowTo) } },
      { fields: ['id'], orderBy: { id: 'asc' }, limit: BATCH },
    );
    const deliveries = rows.map(({ id }) => id);
    await em.nativeUpdate(
      WebhookDelivery,
      { id: { $in: deliveries } },
      { status: 'PENDING', attempts: 0, updatedAt: new Date() },
    );
    for (const subject of deliveries) em.create(OutboxMessage, { tenantId, kind: 'webhook', subject });
    replay.done += deliveries.length;
    replay.lastDeliveryId = deliveries.at(-1) ?? lastDeliveryId ?? null;
    const done = deliveries.length < BATCH;
    if (done) {
      replay.status = 'DONE';
      await em.nativeDelete(OutboxMessage, { kind: 'replay', subject: replayId });
    }
    return { tenantId, deliveries, done };
  });
}

function refused(field: string, message: string, value: Date): Refusal {
  return new Refusal('VALIDATION_FAILED', 'The window is not acceptable.', [
    { field, message, value: value.toISOString() },
  ]);
}

/** The least id that a delivery of that millisecond may have: ids begin with their time (RFC 9562, section 5.7). */
function firstIdAt(instant: Date): string {
  return v7({ msecs: Math.max(instant.getTime(), 0), seq: 0, random: new Uint8Array(16) });
}
