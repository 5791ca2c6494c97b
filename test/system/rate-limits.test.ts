import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../api/server.ts';
import { RateLimit } from '../../domain/store/entities/edge.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { type Answer, call, openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;
let other: Shop;
/** Two processes of the service, with limits. */
const apis: RunningApi[] = [];

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  other = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
  for (const trustProxy of [0, 1]) apis.push(await start(trustProxy));
});

afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await stack.stop();
});

function start(trustProxy: number): Promise<RunningApi> {
  const config = { ...stack.config, rateLimits: true, trustProxy };
  return startApi({ ...stack.apiDeps, config }, { host: '127.0.0.1', port: 0 });
}

async function setTier(tier: Tenant['tier']): Promise<void> {
  await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, { tier }));
}

const [direct, proxied] = [0, 1];

/** A write that costs nothing: its body is refused. */
const write = ({ apiKey }: Shop, api = direct) =>
  call(apis[api]!.url, 'POST', '/v1/webhooks', { body: {}, headers: { authorization: `Bearer ${apiKey}` } });
const read = ({ apiKey }: Shop) =>
  call(apis[direct]!.url, 'GET', '/v1/webhooks', { headers: { authorization: `Bearer ${apiKey}` } });
const register = (api: number, forwardedFor: string) =>
  call(apis[api]!.url, 'POST', '/v1/register', { body: new FormData(), headers: { 'x-forwarded-for': forwardedFor } });

async function statuses(count: number, ask: (index: number) => Promise<Answer>): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await ask(index)).status);
  return seen;
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('limits by key', () => {
  it('are those of the tier, count all processes together, and no other tenant at the address', async () => {
    await setTier('FREE');
    const first = await write(shop);
    expect(first.status).toBe(400);
    expect(first.headers.get('ratelimit-policy')).toBe('"writes";q=10;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"writes";r=9;t=(60|59)$/);
    expect(await statuses(9, (index) => write(shop, index % 2))).toEqual(times(9, 400));
    for (const api of [direct, proxied]) {
      const refused = await write(shop, api);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
      expect(refused.body.code).toBe('TOO_MANY_REQUESTS');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(refused.headers.get('ratelimit')).toMatch(/^"writes";r=0;t=\d+$/);
    }
    expect((await write(other)).status).toBe(400);
    const reads = await read(shop);
    expect(reads.status).toBe(200);
    expect(reads.headers.get('ratelimit-policy')).toBe('"reads";q=60;w=60');
  });

  it('follow the tenant to another tier at once', async () => {
    await setTier('STARTER');
    expect((await write(shop)).headers.get('ratelimit-policy')).toBe('"writes";q=60;w=60');
  });

  it('count nobody who is not known, and store no key', async () => {
    const stranger = { ...shop, apiKey: `sk_test_${'0'.repeat(64)}` };
    const answer = await write(stranger);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('ratelimit')).toBeNull();
    const rows = await stack.store.asSystem((em) => em.find(RateLimit, {}));
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) expect(key).toMatch(/^(reads|writes):[0-9a-f-]{36}$/);
  });
});

describe('limits by address', () => {
  it('believe the last so many entries of X-Forwarded-For that are our proxies', async () => {
    // Whoever calls may write whatever he likes in front of what the proxy adds.
    const spoofed = (index: number) => register(proxied, `198.51.100.${index}, 203.0.113.7`);
    expect(await statuses(6, spoofed)).toEqual([...times(5, 400), 429]);
    expect((await register(proxied, '203.0.113.8')).status).toBe(400);
  });

  it('believe none of it when there is no proxy', async () => {
    const asked = await statuses(6, (index) => register(direct, `198.51.100.${index}`));
    expect(asked).toEqual([...times(5, 400), 429]);
    const refused = await register(direct, '');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
  });

  it('hold registration and the verification mail together', async () => {
    const resend = await call(apis[direct]!.url, 'POST', '/v1/resend-verification', { body: { email: shop.email } });
    expect(resend.status).toBe(429);
  });

  it('stop whoever guesses at the admin secret', async () => {
    const guess = () =>
      call(apis[direct]!.url, 'GET', '/v1/admin/tenants', { headers: { authorization: `Bearer ${'0'.repeat(64)}` } });
    expect(await statuses(21, guess)).toEqual([...times(20, 401), 429]);
  });
});
