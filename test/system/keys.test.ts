import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { KEY_SCOPES } from '../../domain/model/key-scopes.ts';
import { writeKey } from '../../domain/tenants/key-ring.ts';
import { expectProblem } from '../support/problem.ts';
import { type Answer, call, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';

let stack: Stack;
let shop: Shop;
let other: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  other = await openShop(stack, { email: 'otra@example.com', ruc: '1793213150001' });
});

afterAll(() => stack.stop());

const as = (apiKey: string): Promise<Answer> =>
  call(stack.apiUrl, 'GET', '/v1/issuers', { headers: { authorization: `Bearer ${apiKey}` } });

async function mint(body: unknown = {}): Promise<Answer> {
  const made = await shop.post('/v1/keys', body);
  expect(made.status).toBe(201);
  return made;
}

describe('a new key', () => {
  it('is shown once, opens what the first one opens, and is listed newest first without its secret', async () => {
    const made = await mint({ label: 'Caja 7' });
    const { apiKey, key } = made.body;
    expect(apiKey).toMatch(/^sk_test_[0-9a-f]{64}$/);
    expect(key).toEqual({
      id: expect.any(String),
      label: 'Caja 7',
      environment: 'sandbox',
      hint: apiKey.slice(-4),
      scopes: [...KEY_SCOPES],
      active: true,
      createdAt: expect.any(String),
      lastUsedAt: null,
      revokedAt: null,
    });
    expect((await as(apiKey)).status).toBe(200);
    const listed = await shop.get('/v1/keys');
    expect(listed.body.keys.map(({ label }) => label)).toEqual(['Caja 7', 'Initial sandbox key']);
    expect(listed.bytes.toString()).not.toContain('sk_test_');
    expect(stack.logs()).not.toContain(apiKey);
  });

  it('shows when it was last used', async () => {
    const { apiKey, key } = (await mint()).body;
    expect(key.label).toBeNull();
    const before = Date.now();
    await as(apiKey);
    const used = await until('the use to be noted', async () => {
      const { keys } = (await shop.get('/v1/keys')).body;
      return keys.find(({ id }) => id === key.id)!.lastUsedAt ?? undefined;
    });
    expect(Date.parse(used)).toBeGreaterThanOrEqual(before);
  });

  it('is made once for one Idempotency-Key', async () => {
    const repeat = { 'idempotency-key': 'key-of-till-8' };
    const first = await shop.post('/v1/keys', { label: 'Caja 8' }, repeat);
    const second = await shop.post('/v1/keys', { label: 'Caja 8' }, repeat);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expectProblem(await shop.post('/v1/keys', { label: 'Caja 9' }, repeat), 409, 'CONFLICT');
  });

  it.each([
    [{ label: 'x'.repeat(101) }, 'label'],
    [{ label: '' }, 'label'],
    [{ label: 'a\nb' }, 'label'],
    [{ environment: 'staging' }, 'environment'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['documents:read', 'documents:erase'] }, 'scopes[1]'],
    [[], 'general'],
    [undefined, 'general'],
  ])('is refused for %j', async (body, field) => {
    expectProblem(await shop.post('/v1/keys', body), 400, 'VALIDATION_FAILED', field);
  });

  it('for production needs a promoted account, and any needs a proved address', async () => {
    expectProblem(await shop.post('/v1/keys', { environment: 'production' }), 403, 'PRODUCTION_KEY_REQUIRES_PROMOTION');
    await setTenant({ status: 'PENDING_VERIFICATION' });
    expectProblem(await shop.post('/v1/keys', {}), 403, 'EMAIL_VERIFICATION_REQUIRED');
    await setTenant({ status: 'ACTIVE' });
  });
});

describe('a key with scopes', () => {
  it('opens what it is for, says what it would need, and is listed with what it is for', async () => {
    const { apiKey, key } = (await mint({ scopes: ['issuers:read', 'documents:read', 'issuers:read'] })).body;
    expect(key.scopes).toEqual(['documents:read', 'issuers:read']);
    expect((await as(apiKey)).status).toBe(200);
    const refused = await shop.sell({}, { authorization: `Bearer ${apiKey}` });
    expectProblem(refused, 403, 'INSUFFICIENT_SCOPE');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="documents:write"');
    const listed = (await shop.get('/v1/keys')).body.keys;
    expect(listed.find(({ id }) => id === key.id)!.scopes).toEqual(['documents:read', 'issuers:read']);
  });

  it('makes keys that may do as much as it may, and no more', async () => {
    const { apiKey } = (await mint({ scopes: ['keys:manage', 'issuers:read'] })).body;
    const limited = { authorization: `Bearer ${apiKey}` };
    const same = await shop.post('/v1/keys', {}, limited);
    expect(same.body.key.scopes).toEqual(['issuers:read', 'keys:manage']);
    const less = await shop.post('/v1/keys', { scopes: ['issuers:read'] }, limited);
    expect(less.body.key.scopes).toEqual(['issuers:read']);
    for (const scopes of [['documents:read'], ['issuers:read', 'issuers:write'], [...KEY_SCOPES]])
      expectProblem(await shop.post('/v1/keys', { scopes }, limited), 403, 'SCOPE_ESCALATION_FORBIDDEN');
  });

  it('is not shown the key that another with more scopes was answered, by its Idempotency-Key', async () => {
    const { apiKey } = (await mint({ scopes: ['keys:manage'] })).body;
    const repeat = { 'idempotency-key': 'key-of-till-10' };
    expect((await shop.post('/v1/keys', { label: 'Caja 10' }, repeat)).status).toBe(201);
    const asked = await shop.post('/v1/keys', { label: 'Caja 10' }, { ...repeat, authorization: `Bearer ${apiKey}` });
    expectProblem(asked, 409, 'CONFLICT');
  });
});

describe('the list', () => {
  it('comes in pages, and says how many there are', async () => {
    const all = (await shop.get('/v1/keys')).body;
    const pages = [];
    for (let page = 1; page <= all.pagination.total; page++) {
      const { keys, pagination } = (await shop.get(`/v1/keys?limit=1&page=${page}`)).body;
      expect(pagination).toEqual({ total: all.keys.length, page, limit: 1 });
      pages.push(...keys.map(({ id }) => id));
    }
    expect(pages).toEqual(all.keys.map(({ id }) => id));
    expect((await shop.get('/v1/keys?page=1000')).body.keys).toEqual([]);
    expectProblem(await shop.get('/v1/keys?limit=0'), 400, 'VALIDATION_FAILED', 'limit');
    expectProblem(await shop.get('/v1/keys?limit=101&page=0'), 400, 'VALIDATION_FAILED', 'page');
    expectProblem(await shop.get('/v1/keys?colour=red'), 400, 'VALIDATION_FAILED', 'colour');
  });
});

describe('a revoked key', () => {
  it('opens nothing any longer, is not listed, and cannot be revoked again', async () => {
    const { apiKey, key } = (await mint()).body;
    const revoked = await shop.delete(`/v1/keys/${key.id}`);
    expect([revoked.status, revoked.body]).toEqual([200, { ok: true }]);
    expectProblem(await as(apiKey), 401, 'UNAUTHORIZED');
    expect((await shop.get('/v1/keys')).body.keys.map(({ id }) => id)).not.toContain(key.id);
    expectProblem(await shop.delete(`/v1/keys/${key.id}`), 404, 'NOT_FOUND');
  });

  it('is revoked by one of many who ask at once', async () => {
    const { key } = (await mint()).body;
    const answers = await Promise.all([1, 2, 3, 4].map(() => shop.delete(`/v1/keys/${key.id}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404, 404]);
  });

  it('is never the one that asks', async () => {
    const { keys } = (await shop.get('/v1/keys')).body;
    const own = keys.find(({ hint }) => shop.apiKey.endsWith(hint))!;
    expectProblem(await shop.delete(`/v1/keys/${own.id}`), 400, 'SELF_REVOCATION_FORBIDDEN');
    expectProblem(await shop.delete(`/v1/keys/${own.id.toUpperCase()}`), 400, 'SELF_REVOCATION_FORBIDDEN');
    expect((await as(shop.apiKey)).status).toBe(200);
  });

  it("is never another account's", async () => {
    const { id } = (await other.get('/v1/keys')).body.keys[0]!;
    expectProblem(await shop.delete(`/v1/keys/${id}`), 404, 'NOT_FOUND');
    expectProblem(await shop.delete(`/v1/keys/${NOBODY}`), 404, 'NOT_FOUND');
    expectProblem(await shop.delete('/v1/keys/7'), 400, 'VALIDATION_FAILED', 'id');
    expect((await other.get('/v1/keys')).body.keys.map((key) => key.id)).toContain(id);
    expect((await shop.get('/v1/keys')).body.keys.map((key) => key.id)).not.toContain(id);
  });
});

describe('in a promoted account', () => {
  it('sandbox keys open nothing, and a new key is a production key', async () => {
    await setTenant({ sandbox: false });
    for (const path of ['/v1/keys', '/v1/issuers']) expectProblem(await shop.get(path), 401, 'API_KEY_ENV_MISMATCH');
    const { apiKey } = await stack.store.asTenant(shop.tenantId, async (em) =>
      writeKey(em, shop.tenantId, 'production'),
    );
    const production = { authorization: `Bearer ${apiKey}` };
    const made = await shop.post('/v1/keys', { label: 'Caja 1' }, production);
    expect(made.body).toMatchObject({
      apiKey: expect.stringMatching(/^sk_live_[0-9a-f]{64}$/),
      key: { environment: 'production', label: 'Caja 1' },
    });
    expect((await as(made.body.apiKey)).status).toBe(200);
    const useless = await shop.post('/v1/keys', { environment: 'sandbox' }, production);
    expect(useless.status).toBe(201);
    expectProblem(await as(useless.body.apiKey), 401, 'API_KEY_ENV_MISMATCH');
  });
});

async function setTenant(changes: { sandbox?: boolean; status?: 'ACTIVE' | 'PENDING_VERIFICATION' }): Promise<void> {
  await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, changes));
}
