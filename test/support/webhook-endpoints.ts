import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { createNotification } from '../../domain/notifications/create.ts';
import { OutboxMessage, WebhookDelivery } from '../../domain/store/entities/delivery.ts';
import type { DeliveryView, Shop } from './shop.ts';
import type { Stack } from './stack.ts';

/** An endpoint with the receiver behind it. */
export interface OpenEndpoint {
  id: string;
  secret: string;
  path: string;
  receiver: WebhookReceiver;
  /** Every request that has arrived, in order. */
  arrived(): { id: string; type: string; signatures: number; verified: boolean }[];
}

/** An endpoint of the shop with a receiver of its own. */
export async function openEndpoint(shop: Shop, folder: string, eventTypes: string[] = []): Promise<OpenEndpoint> {
  const receiver = await startWebhookReceiver({ dir: mkdtempSync(join(folder, 'receiver-')) });
  const { status, body } = await shop.post('/v1/webhooks', { url: receiver.url, eventTypes });
  expect(status).toBe(201);
  const { secret, endpoint } = body;
  return {
    id: endpoint.id,
    secret,
    path: `/v1/webhooks/${endpoint.id}`,
    receiver,
    arrived: () =>
      receiver.received().map((request) => ({
        id: request.headers['webhook-id']!,
        type: (JSON.parse(request.body) as { type: string }).type,
        signatures: request.headers['webhook-signature']!.split(' ').length,
        verified: isSignedBy(secret, request),
      })),
  };
}

/** Whether a request carries a signature by this secret. */
export function isSignedBy(
  secret: string,
  { body, headers }: { body: string; headers: Record<string, string> },
): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** A page of an endpoint's deliveries. */
export async function logOf(shop: Shop, { path }: OpenEndpoint, query = ''): Promise<DeliveryView[]> {
  return (await shop.get(`${path}/deliveries${query}`)).body.deliveries;
}

/** Writes deliveries as they stand after the retry table has ended, or at another place. */
export async function writeDeliveries(
  stack: Stack,
  shop: Shop,
  endpoint: OpenEndpoint,
  count: number,
  more: Partial<WebhookDelivery> = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => v7());
  await stack.store.asSystem(async (em) => {
    const rows = ids.map((id) => ({
      id,
      tenantId: shop.tenantId,
      endpointId: endpoint.id,
      type: 'QUOTA_WARNING' as const,
      body: JSON.stringify({ type: 'QUOTA_WARNING', tenantId: shop.tenantId }),
      status: 'FAILED' as const,
      attempts: 10,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...more,
    }));
    for (let at = 0; at < rows.length; at += 1_000) await em.insertMany(WebhookDelivery, rows.slice(at, at + 1_000));
  });
  return ids;
}

/** News that belongs to no document; the outbox promises its deliveries. */
export function writeNews({ store }: Stack, { tenantId }: Shop): Promise<string[]> {
  return store.asTenant(tenantId, (em) =>
    createNotification(em, {
      tenantId,
      type: 'CERT_EXPIRING',
      severity: 'WARNING',
      write: () => ({ title: 't', message: 'm', metadata: {} }),
    }),
  );
}

/** What the outbox promises of webhooks. */
export function promises({ store }: Stack): Promise<number> {
  return store.asSystem((em) => em.count(OutboxMessage, { kind: { $in: ['webhook', 'replay'] } }));
}

/** One sweep, now. */
export async function reconcile({ temporal }: Stack): Promise<void> {
  await temporal.client.workflow.execute('reconciliationWorkflow', {
    workflowId: `sweep-${v7()}`,
    taskQueue: 'documents',
  });
}
