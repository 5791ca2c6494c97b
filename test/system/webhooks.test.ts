import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from '../../domain/store/entities/delivery.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  isSignedBy,
  type OpenEndpoint,
  openEndpoint,
  reconcile,
  writeDeliveries,
} from '../support/webhook-endpoints.ts';

const waiting = { prefer: 'wait=30' };
const UNKNOWN = '01900000-0000-7000-8000-000000000009';

describe('a webhook endpoint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-webhooks-'));
  const opened: OpenEndpoint[] = [];
  let stack: Stack;
  let shop: Shop;
  let other: Shop;

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
    other = await openShop(stack, { email: 'otra@example.com', ruc: '1792146739001' });
  });

  afterAll(async () => {
    await stack.stop();
    await Promise.all(opened.map(({ receiver }) => receiver.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('is changed, switched off and on, listed and deleted', async () => {
    const endpoint = await open(['DOCUMENT_AUTHORIZED']);
    const second = await open();
    const listed = async (query = '') =>
      (await shop.get(`/v1/webhooks${query}`)).body.endpoints.map(({ id }) => id).toSorted();
    const ids = [endpoint.id, second.id].toSorted();
    expect(await listed()).toEqual(ids);
    const paged = (await shop.get('/v1/webhooks?limit=1')).body;
    expect(paged.pagination).toEqual({ limit: 1, nextCursor: endpoint.id });
    expect(await listed(`?limit=1&cursor=${endpoint.id}`)).toEqual([second.id]);

    const changed = await shop.patch(endpoint.path, { eventTypes: ['CERT_EXPIRED', 'CERT_EXPIRED'], active: false });
    expect(changed.status).toBe(200);
    expect(changed.body.endpoint).toMatchObject({
      eventTypes: ['CERT_EXPIRED'],
      active: false,
      url: endpoint.receiver.url,
    });
    expect(await listed()).toEqual([second.id]);
    expect(await listed('?active=false')).toEqual([endpoint.id]);
    expect(await listed('?active=all')).toEqual(ids);
    expect((await shop.patch(endpoint.path, { active: true })).body.endpoint.active).toBe(true);

    for (const [body, field] of [
      [{}, 'general'],
      [{ url: 'ftp://shop.example.com' }, 'url'],
      [{ url: 'https://10.0.0.7/hooks' }, 'url'],
      [{ eventTypes: ['WEATHER'] }, 'eventTypes[0]'],
      [{ secret: 'x' }, 'secret'],
    ] as const) {
      const refused = await shop.patch(endpoint.path, body);
      expect([refused.status, refused.body.errors[0]!.field]).toEqual([400, field]);
    }
    await close(endpoint, second);
    expect(await listed('?active=all')).toEqual([]);
    for (const refused of [await shop.patch(endpoint.path, { active: true }), await shop.delete(endpoint.path)])
      expect([refused.status, refused.body.code]).toEqual([404, 'WEBHOOK_ENDPOINT_NOT_FOUND']);
  });

  it('counts against the plan only while it is active', async () => {
    const made = [];
    for (let n = 0; n < 10; n++) made.push(await open());
    const url = made[0]!.receiver.url;
    expect((await shop.post('/v1/webhooks', { url })).body.code).toBe('WEBHOOK_ENDPOINT_LIMIT_REACHED');
    await shop.patch(made[0]!.path, { active: false });
    const one = await open();
    const full = await shop.patch(made[0]!.path, { active: true });
    expect([full.status, full.body.code]).toEqual([402, 'WEBHOOK_ENDPOINT_LIMIT_REACHED']);
    await close(...made, one);
  });

  it("is nobody else's", async () => {
    const endpoint = await open();
    const [deliveryId] = await writeDeliveries(stack, shop, endpoint, 1);
    const window = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
    const answers = await Promise.all([
      other.patch(endpoint.path, { active: false }),
      other.delete(endpoint.path),
      other.post(`${endpoint.path}/ping`),
      other.post(`${endpoint.path}/rotate-secret`),
      other.get(`${endpoint.path}/deliveries`),
      other.post(`${endpoint.path}/deliveries/${deliveryId}/replay`),
      other.post(`${endpoint.path}/replay`, window),
      other.get(`${endpoint.path}/replays/${UNKNOWN}`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [404, 'WEBHOOK_ENDPOINT_NOT_FOUND']),
    );
    expect(endpoint.arrived()).toEqual([]);
    await close(endpoint);
  });

  it('is pinged', async () => {
    const endpoint = await open(['CERT_EXPIRED']);
    const answered = await shop.post(`${endpoint.path}/ping`, undefined, waiting);
    expect(answered.status).toBe(200);
    expect(answered.body.delivery).toMatchObject({
      type: 'ping',
      status: 'SUCCESS',
      attempts: [{ attempt: 1, outcome: 'accepted', statusCode: 204 }],
    });
    expect(endpoint.arrived()).toEqual([
      { id: answered.body.delivery.id, type: 'ping', signatures: 1, verified: true },
    ]);
    // One that fails is not tried again, and one that is switched off may be tried.
    endpoint.receiver.failNext({ times: 1, reply: 302 });
    await shop.patch(endpoint.path, { active: false });
    const failed = await shop.post(`${endpoint.path}/ping`, undefined, waiting);
    expect(failed.body.delivery).toMatchObject({
      status: 'FAILED',
      attempts: [{ outcome: 'failed', statusCode: 302 }],
    });
    expect((await shop.get('/v1/webhooks?active=all')).body.endpoints[0]!.failingSince).toBeNull();
    const unheld = await shop.post(`${endpoint.path}/ping`, undefined, { prefer: 'wait=0' });
    expect([unheld.status, unheld.body.delivery.status]).toEqual([202, 'PENDING']);
    await until('the ping', async () => endpoint.arrived().length === 3);
    await close(endpoint);
  });

  it('gets two signatures while a rotated secret overlaps, and one afterwards', async () => {
    const endpoint = await open();
    const ping = async () => {
      await shop.post(`${endpoint.path}/ping`, undefined, waiting);
      const last = endpoint.receiver.received().at(-1)!;
      return {
        count: last.headers['webhook-signature']!.split(' ').length,
        by: (one: string) => isSignedBy(one, last),
      };
    };
    const rotated = await shop.post(`${endpoint.path}/rotate-secret`);
    expect(rotated.status).toBe(200);
    const { secret, previousSecretUntil } = rotated.body;
    expect(Date.parse(previousSecretUntil!)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const during = await ping();
    expect([during.count, during.by(endpoint.secret), during.by(secret)]).toEqual([2, true, true]);

    // The third of them ends the first, whose overlap is not over.
    const third = (await shop.post(`${endpoint.path}/rotate-secret`, { overlapHours: 1 })).body.secret;
    const later = await ping();
    expect([later.count, later.by(endpoint.secret), later.by(secret), later.by(third)]).toEqual([2, false, true, true]);

    const past = new Date(Date.now() - 1);
    await stack.store.asSystem((em) =>
      em.nativeUpdate(WebhookEndpoint, { id: endpoint.id }, { previousSecretUntil: past }),
    );
    const after = await ping();
    expect([after.count, after.by(secret), after.by(third)]).toEqual([1, false, true]);
    await reconcile(stack);
    const row = await stack.store.asSystem((em) => em.findOneOrFail(WebhookEndpoint, endpoint.id));
    expect([row.previousSealedSecret ?? null, row.previousSecretUntil ?? null]).toEqual([null, null]);

    const last = (await shop.post(`${endpoint.path}/rotate-secret`, { overlapHours: 0 })).body;
    expect(last.previousSecretUntil).toBeNull();
    const atOnce = await ping();
    expect([atOnce.count, atOnce.by(third), atOnce.by(last.secret)]).toEqual([1, false, true]);
    expect((await shop.post(`${endpoint.path}/rotate-secret`, { overlapHours: 169 })).status).toBe(400);
    await close(endpoint);
  });

  it('is switched off by 410, and the others are told', async () => {
    const gone = await open(['DOCUMENT_AUTHORIZED']);
    const healthy = await open(['WEBHOOK_DISABLED']);
    gone.receiver.failNext({ times: 1, reply: 410 });
    await shop.sell({ autoSend: true }, waiting);
    await until('word of it', async () => healthy.arrived().length === 1);
    expect(healthy.arrived()).toMatchObject([{ type: 'WEBHOOK_DISABLED', verified: true }]);
    expect((await shop.get('/v1/webhooks?active=false')).body.endpoints).toMatchObject([{ id: gone.id }]);
    const [told] = (await shop.get('/v1/notifications')).body.notifications;
    expect(told).toMatchObject({
      type: 'WEBHOOK_DISABLED',
      severity: 'ERROR',
      metadata: { endpointId: gone.id, reason: 'GONE', host: new URL(gone.receiver.url).host },
    });
    await close(gone, healthy);
  });
});
