import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Document } from '../../domain/store/entities/document.ts';
import { attemptNow, webhookStart } from '../../workflows/contract.ts';
import { keepHistory } from '../support/histories.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { sampleSale } from '../support/sales.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  logOf,
  type OpenEndpoint,
  openEndpoint,
  promises,
  reconcile,
  writeDeliveries,
  writeNews,
} from '../support/webhook-endpoints.ts';

const waiting = { prefer: 'wait=30' };
const UNKNOWN = '01900000-0000-7000-8000-000000000009';

describe('what is delivered to a webhook endpoint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-webhooks-'));
  const opened: OpenEndpoint[] = [];
  let stack: Stack;
  let shop: Shop;

  async function open(eventTypes: string[] = []): Promise<OpenEndpoint> {
    const endpoint = await openEndpoint(shop, folder, eventTypes);
    opened.push(endpoint);
    return endpoint;
  }

  /** So that it takes no part in the next test. */
  async function close(...endpoints: OpenEndpoint[]): Promise<void> {
    for (const { path } of endpoints) expect((await shop.delete(path)).body).toEqual({ ok: true });
  }

  beforeAll(async () => {
    stack = await startStack();
    shop = await openShop(stack);
  });

  afterAll(async () => {
    await stack.stop();
    await Promise.all(opened.map(({ receiver }) => receiver.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('has a log of what was delivered, in pages, and each of it can be delivered again', async () => {
    const endpoint = await open(['DOCUMENT_AUTHORIZED']);
    endpoint.receiver.failNext({ times: 1, reply: 503, retryAfter: '3600' });
    await shop.sell({ autoSend: true }, waiting);
    const [failed] = await until('the first attempt', async () => {
      const log = await logOf(shop, endpoint, '?status=RETRYING');
      return log.length === 1 && log;
    });
    expect(failed).toMatchObject({
      type: 'DOCUMENT_AUTHORIZED',
      attempts: [{ attempt: 1, outcome: 'failed', statusCode: 503 }],
    });
    expect((await shop.get('/v1/webhooks')).body.endpoints[0]!.failingSince).not.toBeNull();
    const replay = `${endpoint.path}/deliveries/${failed!.id}/replay`;
    const replayed = await shop.post(replay);
    expect([replayed.status, replayed.body.delivery.status]).toEqual([202, 'PENDING']);
    await until('the delivery', async () => (await logOf(shop, endpoint))[0]!.status === 'SUCCESS');
    expect((await shop.get('/v1/webhooks')).body.endpoints[0]!.failingSince).toBeNull();
    // Once more, though it has arrived and its workflow has ended.
    expect((await shop.post(replay)).status).toBe(202);
    const [log] = await until('the third attempt', async () => {
      const found = await logOf(shop, endpoint);
      return found[0]!.attempts.length === 3 && found[0]!.status === 'SUCCESS' && found;
    });
    expect(log!.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'failed'],
      [1, 'accepted'],
      [1, 'accepted'],
    ]);
    expect(endpoint.arrived()).toEqual(
      Array.from({ length: 3 }, () => ({ id: failed!.id, type: 'DOCUMENT_AUTHORIZED', signatures: 1, verified: true })),
    );
    await keepHistory(stack.temporal.client, 'webhook-replayed', `webhook/${failed!.id}`);

    const ids = (await writeDeliveries(stack, shop, endpoint, 5)).toReversed();
    const first = await shop.get(`${endpoint.path}/deliveries?limit=3`);
    expect(first.body.deliveries.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const second = await shop.get(`${endpoint.path}/deliveries?limit=3&cursor=${first.body.pagination.nextCursor}`);
    expect(second.body.deliveries.map(({ id }) => id)).toEqual([...ids.slice(3), failed!.id]);
    expect(second.body.pagination).toEqual({ limit: 3, nextCursor: null });

    expect((await shop.post(`${endpoint.path}/deliveries/${UNKNOWN}/replay`)).body.code).toBe('NOT_FOUND');
    await shop.patch(endpoint.path, { active: false });
    expect((await shop.post(replay)).body.code).toBe('CONFLICT');
    await close(endpoint);
  });

  it('gets a window again, once each', async () => {
    const endpoint = await open();
    const from = new Date(Date.now() - 1_000).toISOString();
    const failed = await writeDeliveries(stack, shop, endpoint, 130);
    await writeDeliveries(stack, shop, endpoint, 3, { status: 'SUCCESS' });
    const to = new Date(Date.now() + 1_000).toISOString();
    const begun = await shop.post(`${endpoint.path}/replay`, { from, to });
    expect(begun.status).toBe(202);
    expect(begun.body.replay).toMatchObject({ status: 'RUNNING', total: 130, done: 0 });
    expect((await shop.post(`${endpoint.path}/replay`, { from, to })).body.code).toBe('CONFLICT');
    const done = await until('the end of the replay', async () => {
      const { replay } = (await shop.get(begun.headers.get('location')!)).body;
      return replay.status === 'DONE' && replay;
    });
    expect(done).toMatchObject({ total: 130, done: 130 });
    await until(
      'all deliveries',
      async () => (await logOf(shop, endpoint, '?status=SUCCESS&limit=100')).length === 100,
    );
    await until('all arrivals', async () => endpoint.arrived().length >= 130);
    expect(
      endpoint
        .arrived()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(failed.toSorted());
    await until('an empty outbox', async () => (await promises(stack)) === 0);
    const empty = await shop.post(`${endpoint.path}/replay`, { from, to });
    expect(empty.body.replay).toMatchObject({ status: 'DONE', total: 0 });
    await keepHistory(stack.temporal.client, 'webhook-window-replayed', `webhook-replay/${begun.body.replay.id}`);

    await writeDeliveries(stack, shop, endpoint, 10_001);
    for (const [body, field] of [
      [{ from, to: from }, 'to'],
      [{ from, to: new Date(Date.now() + 1_000).toISOString() }, 'to'],
      [{ from: 'yesterday', to }, 'from'],
      [{ from, to, status: 'PENDING' }, 'status'],
    ] as const) {
      const refused = await shop.post(`${endpoint.path}/replay`, body);
      expect([refused.status, refused.body.errors[0]!.field]).toEqual([400, field]);
    }
    expect((await shop.get(`${endpoint.path}/replays/${UNKNOWN}`)).body.code).toBe('NOT_FOUND');
    await close(endpoint);
  });

  it('gets the webhooks of a document in their order', async () => {
    const endpoint = await open();
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    endpoint.receiver.failNext({ times: 1, reply: 503, retryAfter: '3600' });
    const { accessKey } = (await shop.sell({ autoSend: true }, waiting)).body.document;
    // What failed comes later, out of turn; nothing waits for it.
    await shop.post(`/v1/documents/${accessKey}/rebuild`, { ...sampleSale(), autoSend: true }, waiting);
    await until('all of them', async () => endpoint.arrived().length >= 2);
    const [returned] = await logOf(shop, endpoint, '?status=RETRYING');
    expect(returned).toMatchObject({ type: 'DOCUMENT_RETURNED', attempts: [{ attempt: 1, outcome: 'failed' }] });
    expect(
      endpoint
        .arrived()
        .map(({ type }) => type)
        .slice(0, 2),
    ).toEqual(['DOCUMENT_RETURNED', 'DOCUMENT_AUTHORIZED']);

    // One whose workflow has never started goes first all the same, and the documents of others do not wait for it.
    const { id: documentId } = await stack.store.asSystem((em) => em.findOneOrFail(Document, { accessKey }));
    const pending = { status: 'PENDING' as const, attempts: 0 };
    const [first] = await writeDeliveries(stack, shop, endpoint, 1, { ...pending, documentId, position: 1_000 });
    const [second] = await writeDeliveries(stack, shop, endpoint, 1, { ...pending, documentId, position: 1_001 });
    const [foreign] = await writeDeliveries(stack, shop, endpoint, 1, pending);
    const { client } = stack.temporal;
    for (const id of [second!, foreign!])
      await client.workflow.start('webhookWorkflow', webhookStart(id, shop.tenantId));
    await client.workflow.getHandle(`webhook/${foreign}`).result();
    await until('the second to have been put off', async () => {
      const { raw } = await client.workflow.getHandle(`webhook/${second}`).describe();
      return raw.pendingActivities?.some(({ attempt }) => Number(attempt) > 1);
    });
    expect(endpoint.arrived().map(({ id }) => id)).not.toContain(second);
    await client.workflow.signalWithStart('webhookWorkflow', {
      ...webhookStart(first!, shop.tenantId),
      signal: attemptNow,
    });
    expect(await client.workflow.getHandle(`webhook/${second}`).result()).toBe('SUCCESS');
    const order = endpoint.arrived().map(({ id }) => id);
    expect(order.indexOf(first!)).toBeLessThan(order.indexOf(second!));
    await close(endpoint);
  });

  it('gets what belongs to no document even if whoever wrote it died', async () => {
    const endpoint = await open();
    await writeNews(stack, shop);
    expect(await promises(stack)).toBe(1);
    await until('the webhook', async () => {
      await reconcile(stack);
      return endpoint.arrived().length > 0;
    });
    expect(endpoint.arrived()).toMatchObject([{ type: 'CERT_EXPIRING', verified: true }]);
    expect(await promises(stack)).toBe(0);
    await close(endpoint);
  });
});
