import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Refusal } from '../refusal.ts';
import {
  type DeliveryStatus,
  OutboxMessage,
  WebhookAttempt,
  WebhookDelivery,
  type WebhookEndpoint,
} from '../store/entities/delivery.ts';
import { cut, type Page, type PageOf } from '../store/page.ts';
import type { TenantContext } from '../tenants/context.ts';
import { findEndpoint } from './endpoints.ts';

/** A delivery, and its attempts, oldest first. */
export interface DeliveryWithAttempts {
  delivery: WebhookDelivery;
  attempts: WebhookAttempt[];
}

/** A page of an endpoint's deliveries, newest first. @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND */
export async function listDeliveries(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  { status, cursor, limit }: Page & { status?: DeliveryStatus | undefined },
): Promise<PageOf<DeliveryWithAttempts>> {
  return ctx.store.asTenant(tenantId, async (em) => {
    await findEndpoint(em, tenantId, endpointId);
    const found = await em.find(
      WebhookDelivery,
      {
        endpointId,
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { id: { $lt: cursor } }),
      },
      { orderBy: { id: 'desc' }, limit: limit + 1, exclude: ['body'] },
    );
    const { rows, nextCursor } = cut(found as WebhookDelivery[], limit, ({ id }) => id);
    return { rows: await withAttempts(em, rows), nextCursor };
  });
}

/** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, NOT_FOUND */
export async function findDelivery(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  deliveryId: string,
): Promise<DeliveryWithAttempts> {
  return ctx.store.asTenant(tenantId, async (em) => {
    await findEndpoint(em, tenantId, endpointId);
    return (await withAttempts(em, [await find(em, endpointId, deliveryId)]))[0]!;
  });
}

/**
 * Lets a delivery begin again at the start of the retry table, whatever had become of it. It keeps its id, so that a
 * receiver that has had it knows it again.
 * @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, NOT_FOUND, CONFLICT when the endpoint is switched off
 */
export async function replayDelivery(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  deliveryId: string,
): Promise<DeliveryWithAttempts> {
  return ctx.store.asTenant(tenantId, async (em) => {
    assertActive(await findEndpoint(em, tenantId, endpointId));
    const delivery = await find(em, endpointId, deliveryId);
    em.assign(delivery, { status: 'PENDING', attempts: 0 });
    em.create(OutboxMessage, { tenantId, kind: 'webhook', subject: deliveryId });
    return (await withAttempts(em, [delivery]))[0]!;
  });
}

/** Writes a delivery that tells of nothing, to see whether one arrives. @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND */
export async function createPing(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
): Promise<DeliveryWithAttempts> {
  return ctx.store.asTenant(tenantId, async (em) => {
    await findEndpoint(em, tenantId, endpointId);
    const id = v7();
    const timestamp = ctx.clock().toISOString();
    const body = JSON.stringify({ type: 'ping', timestamp, data: { endpointId }, tenantId });
    const delivery = em.create(WebhookDelivery, { id, tenantId, endpointId, type: 'ping', body, status: 'PENDING' });
    em.create(OutboxMessage, { tenantId, kind: 'webhook', subject: id });
    await em.flush();
    return { delivery, attempts: [] };
  });
}

/** @throws Refusal CONFLICT */
export function assertActive({ active }: WebhookEndpoint): void {
  if (!active) throw new Refusal('CONFLICT', 'The endpoint is switched off; activate it first.');
}

async function find(em: EntityManager, endpointId: string, deliveryId: string): Promise<WebhookDelivery> {
  const delivery = await em.findOne(WebhookDelivery, { id: deliveryId, endpointId });
  if (delivery === null) throw new Refusal('NOT_FOUND', 'This endpoint has no delivery with this id.');
  return delivery;
}

async function withAttempts(em: EntityManager, deliveries: WebhookDelivery[]): Promise<DeliveryWithAttempts[]> {
  const ids = deliveries.map(({ id }) => id);
  const rows = await em.find(WebhookAttempt, { deliveryId: { $in: ids } }, { orderBy: { id: 'asc' } });
  const attempts = Map.groupBy(rows, ({ deliveryId }) => deliveryId);
  return deliveries.map((delivery) => ({ delivery, attempts: attempts.get(delivery.id) ?? [] }));
}
