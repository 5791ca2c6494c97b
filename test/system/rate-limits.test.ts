import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../api/server.ts';
import { RateLimit } from '../../domain/store/entities/edge.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { writeKey } from '../../domain/tenants/key-ring.ts';
import { expectProblem } from '../support/problem.ts';
import { type Answer, call, openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;
let other: Shop;
/** Processes of the service, with limits; two behind a proxy. */
const apis: RunningApi[] = [];

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  other = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
  for (const trustProxy of [0, 1, 1]) apis.push(await start(trustProxy));
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

const [direct, proxied, proxiedToo] = [0, 1, 2];

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
    for (const { key } of rows) expect(key).toMatch(/^(?:(?:reads|writes):[0-9a-f-]{36}|guesses:127\.0\.0\.1)$/);
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

describe('guesses', () => {
  let guessed = 0;
  /** A key like ours that is none, another each time. */
  const guess = () => `sk_test_${String(++guessed).padStart(64, '0')}`;

  const ask = (address: string, bearer: string, { api = proxied, path = '/v1/webhooks' } = {}) =>
    call(apis[api]!.url, 'GET', path, {
      headers: { 'x-forwarded-for': address, ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }) },
    });

  it('are refused after ten of them, whichever process they come to, and so is all else from the address', async () => {
    const address = '203.0.113.50';
    const both = (index: number) => ask(`198.51.100.9, ${address}`, guess(), { api: index % 2 ? proxied : proxiedToo });
    expect(await statuses(12, both)).toEqual([...times(10, 401), 429, 429]);
    for (const api of [proxied, proxiedToo]) {
      const refused = await ask(address, shop.apiKey, { api });
      expectProblem(refused, 429, 'TOO_MANY_REQUESTS');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
      expect(refused.headers.get('ratelimit-policy')).toBe('"guesses";q=10;w=900');
    }
    const token = '0'.repeat(64);
    for (const path of [
      `/v1/verify-email?token=${token}`,
      `/v1/verify-email/check?token=${token}`,
      '/v1/admin/tenants',
    ])
      expect((await ask(address, stack.config.adminSecret, { path })).status, path).toBe(429);
    expect((await ask(address, '', { path: '/v1/catalogs/id-types' })).status).toBe(200);

    expect((await ask('203.0.113.51', shop.apiKey)).status).toBe(200);
    expect((await ask('203.0.113.51', stack.config.adminSecret, { path: '/v1/admin/tenants' })).status).toBe(200);
    expect((await read(shop)).status).toBe(200);
  });

  it('of keys, the admin secret and verification tokens are counted together', async () => {
    const address = '203.0.113.60';
    const ways = [
      () => ask(address, guess()),
      () => ask(address, guess(), { path: '/v1/admin/tenants' }),
      () => ask(address, '', { path: `/v1/verify-email?token=${guess().slice(-64)}` }),
      () => ask(address, '', { path: `/v1/verify-email/check?token=${guess().slice(-64)}` }),
    ];
    const seen = await statuses(12, (index) => ways[index % 4]!());
    expect(seen).toEqual([401, 401, 400, 200, 401, 401, 400, 200, 401, 401, 429, 429]);
  });

  it('are neither a wrong key that comes again and again, nor keys that are revoked, nor none', async () => {
    const address = '203.0.113.70';
    const wrong = guess();
    expect(await statuses(12, () => ask(address, wrong))).toEqual(times(12, 401));
    expect(await statuses(12, () => ask(address, ''))).toEqual(times(12, 401));
    const revoked = await stack.store.asTenant(shop.tenantId, async (em) =>
      Array.from({ length: 12 }, () => {
        const { apiKey, key } = writeKey(em, shop.tenantId, 'sandbox');
        key.revokedAt = new Date();
        return apiKey;
      }),
    );
    expect(await statuses(12, (index) => ask(address, revoked[index]!))).toEqual(times(12, 401));
    expect((await ask(address, shop.apiKey)).status).toBe(200);
  });

  it('are in no table', async () => {
    const rows = await stack.store.asSystem((em) => em.find(RateLimit, { key: { $like: 'guesses:%' } }));
    expect(rows.map(({ key }) => key)).toContain('guesses:203.0.113.50');
    for (const { key } of rows) expect(key).toMatch(/^guesses:[0-9.]+$/);
  });
});
