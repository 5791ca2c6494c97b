import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../api/routes.ts';
import { NOBODY, type Operator, operatorOf } from '../support/operator.ts';
import { expectProblem } from '../support/problem.ts';
import { call, openShop, P12_PASSWORD } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let operator: Operator;
let admin: Operator['call'];

beforeAll(async () => {
  stack = await startStack();
  operator = operatorOf(stack);
  admin = operator.call;
});

afterAll(() => stack.stop());

describe('the admin secret', () => {
  const adminRoutes = routes.filter(({ auth }) => auth === 'admin');

  it.each(adminRoutes.map(({ method, path }) => [method.toUpperCase(), path] as const))(
    'is what %s %s asks for, and nothing else will do',
    async (method, path) => {
      const concrete = path.replace(':id', NOBODY);
      for (const authorization of [
        undefined,
        'Bearer',
        `Bearer ${randomBytes(32).toString('hex')}`,
        `Bearer ${stack.config.adminSecret}0`,
        `Bearer ${stack.config.adminSecret.slice(1)}`,
        `Basic ${stack.config.adminSecret}`,
      ]) {
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        const refused = await call(stack.apiUrl, method, concrete, { headers });
        expectProblem(refused, 401, 'UNAUTHORIZED');
        expect(refused.headers.get('www-authenticate')).toBe('Bearer');
        expect(refused.bytes.toString()).not.toContain(stack.config.adminSecret.slice(1));
      }
    },
  );

  it("opens nothing of a tenant's, and no key opens what is the admin's", async () => {
    const shop = await openShop(stack, { email: 'key@example.com', ruc: '0190115798001' });
    expectProblem(
      await shop.get('/v1/issuers', { authorization: `Bearer ${stack.config.adminSecret}` }),
      401,
      'UNAUTHORIZED',
    );
    expectProblem(await shop.get('/v1/admin/tenants'), 401, 'UNAUTHORIZED');
  });
});

describe('accounts', () => {
  it('are made active, with the quota of their tier, once an e-mail', async () => {
    const made = await admin('POST', '/tenants', { email: 'Nueva@Example.com', subscriptionTier: 'GROWTH' });
    expect(made.status).toBe(201);
    expect(made.body.tenant).toMatchObject({
      email: 'nueva@example.com',
      subscriptionTier: 'GROWTH',
      status: 'ACTIVE',
      documentQuota: 5_000,
      documentCount: 0,
      sandbox: true,
    });
    expectProblem(await admin('POST', '/tenants', { email: 'nueva@example.com' }), 409, 'CONFLICT', 'email');
    const free = await admin('POST', '/tenants', { email: 'libre@example.com' });
    expect(free.body.tenant).toMatchObject({ subscriptionTier: 'FREE', documentQuota: 100 });
  });

  it('are made once for one Idempotency-Key', async () => {
    const make = () => admin('POST', '/tenants', { email: 'twice@example.com' }, { 'idempotency-key': 'make-one' });
    const [first, second] = [await make(), await make()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body.tenant).toEqual(first.body.tenant);
    expect(await operator.auditOf(first.body.tenant.id)).toHaveLength(1);
  });

  it.each([
    [{ email: 'a@example.com', subscriptionTier: 'PLATINUM' }, 'subscriptionTier'],
    [{ email: 'nobody' }, 'email'],
    [{}, 'email'],
    [{ email: 'a@example.com', quota: 7 }, 'quota'],
  ])('are not made of %j', async (body, field) => {
    expectProblem(await admin('POST', '/tenants', body), 400, 'VALIDATION_FAILED', field);
  });

  it('are listed page by page, each once, newest first', async () => {
    for (let n = 0; n < 5; n++) await operator.newTenant(`page-${n}@example.com`);
    const all = (await admin('GET', '/tenants?limit=100')).body.tenants.map(({ id }) => id);
    const walked: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await admin('GET', `/tenants?limit=2${query}`)).body;
      expect(page.tenants.length).toBeLessThanOrEqual(2);
      walked.push(...page.tenants.map(({ id }) => id));
      cursor = page.pagination.nextCursor;
    }
    expect(walked).toEqual(all);
    expect(all).toEqual(all.toSorted().toReversed());
    expectProblem(await admin('GET', '/tenants?limit=0'), 400, 'VALIDATION_FAILED', 'limit');
    expectProblem(await admin('GET', '/tenants?cursor=next'), 400, 'VALIDATION_FAILED', 'cursor');
  });

  it('take the quota of the tier that they are moved to', async () => {
    const id = await operator.newTenant('tier@example.com', 'FREE');
    const moved = await admin('PATCH', `/tenants/${id}/tier`, { subscriptionTier: 'STARTER' });
    expect(moved.status).toBe(200);
    expect(moved.body.tenant).toMatchObject({ subscriptionTier: 'STARTER', documentQuota: 1_000 });
    expectProblem(
      await admin('PATCH', `/tenants/${id}/tier`, { subscriptionTier: 'GOLD' }),
      400,
      'VALIDATION_FAILED',
      'subscriptionTier',
    );
    expectProblem(await admin('PATCH', `/tenants/${NOBODY}/tier`, { subscriptionTier: 'FREE' }), 404, 'NOT_FOUND');
    expectProblem(
      await admin('PATCH', '/tenants/7/tier', { subscriptionTier: 'FREE' }),
      400,
      'VALIDATION_FAILED',
      'id',
    );
  });

  it('are refused everything but their own row while they are suspended', async () => {
    const shop = await openShop(stack, { email: 'closed@example.com', ruc: '1792060346001' });
    const { accessKey } = (await shop.sell()).body.document;
    const path = `/tenants/${shop.tenantId}/status`;
    const closed = await admin('PATCH', path, { status: 'SUSPENDED', reason: 'Unpaid' });
    expect(closed.body.tenant).toMatchObject({ status: 'SUSPENDED' });

    const tenantRoutes = routes.filter(({ auth }) => auth === 'tenant' || auth === 'issuer');
    expect(tenantRoutes.length).toBeGreaterThan(20);
    for (const { method, path: pattern } of tenantRoutes) {
      const concrete = pattern.replace(':accessKey', accessKey).replaceAll(/:\w+/g, NOBODY);
      const own = { authorization: `Bearer ${shop.apiKey}`, 'x-issuer-id': shop.issuerId };
      const answer = await call(stack.apiUrl, method.toUpperCase(), concrete, { headers: own });
      if (pattern === '/v1/tenants/me') expect(answer.body.tenant).toMatchObject({ status: 'SUSPENDED' });
      else expectProblem(answer, 403, 'ACCOUNT_SUSPENDED');
    }

    expect((await admin('PATCH', path, { status: 'ACTIVE' })).body.tenant).toMatchObject({ status: 'ACTIVE' });
    expect((await shop.get(`/v1/documents/${accessKey}`)).status).toBe(200);
    expectProblem(await admin('PATCH', path, { status: 'PENDING_VERIFICATION' }), 400, 'VALIDATION_FAILED', 'status');
    expectProblem(await admin('PATCH', `/tenants/${NOBODY}/status`, { status: 'ACTIVE' }), 404, 'NOT_FOUND');
  });

  it('are verified once, and their own log tells it', async () => {
    const { id, apiKey } = await operator.pendingTenant('pending@example.com', '1790085783001');
    const verified = await admin('POST', `/tenants/${id}/verify`);
    expect(verified.status).toBe(200);
    expect(verified.body.tenant).toMatchObject({ status: 'ACTIVE' });
    expectProblem(await admin('POST', `/tenants/${id}/verify`), 409, 'ALREADY_VERIFIED');
    expectProblem(await admin('POST', `/tenants/${NOBODY}/verify`), 404, 'NOT_FOUND');
    await admin('PATCH', `/tenants/${id}/status`, { status: 'SUSPENDED' });
    expectProblem(await admin('POST', `/tenants/${id}/verify`), 409, 'CONFLICT');
    await admin('PATCH', `/tenants/${id}/status`, { status: 'ACTIVE' });
    const log = await call(stack.apiUrl, 'GET', '/v1/tenants/events', {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(log.body.events.map(({ eventType, detail }) => [eventType, detail])).toEqual(
      expect.arrayContaining([
        ['EMAIL_VERIFIED', { by: 'admin' }],
        ['STATUS_CHANGED', { from: 'ACTIVE', to: 'SUSPENDED' }],
        ['STATUS_CHANGED', { from: 'SUSPENDED', to: 'ACTIVE' }],
      ]),
    );
  });

  it('are promoted once, with one production key for each sandbox key', async () => {
    const shop = await openShop(stack, { email: 'promoted@example.com', ruc: '1790016919001' });
    const { tenantId, issuerId } = shop;
    const path = `/tenants/${tenantId}/promote`;
    const initialSequentials = [{ issuerId, documentType: '01', sequential: 501 }];
    expectProblem(
      await admin('POST', path, { initialSequentials: [] }),
      400,
      'VALIDATION_FAILED',
      'initialSequentials',
    );
    const promoted = await admin('POST', path, { initialSequentials });
    expect(promoted.status).toBe(200);
    expect(promoted.body.apiKeys).toEqual([
      { label: 'Initial sandbox key', apiKey: expect.stringMatching(/^sk_live_[0-9a-f]{64}$/) },
    ]);
    expectProblem(await shop.get('/v1/issuers'), 401, 'UNAUTHORIZED');
    const authorization = `Bearer ${promoted.body.apiKeys[0]!.apiKey}`;
    const sold = await shop.sell({}, { authorization });
    expect(sold.body.document).toMatchObject({ sequential: '000000501' });
    expectProblem(await admin('POST', path), 409, 'CONFLICT');
    expectProblem(await admin('POST', `/tenants/${NOBODY}/promote`), 404, 'NOT_FOUND');
    const { id } = await operator.pendingTenant('unproven@example.com', '1791251237001');
    expectProblem(await admin('POST', `/tenants/${id}/promote`), 403, 'EMAIL_VERIFICATION_REQUIRED');
    await admin('PATCH', `/tenants/${id}/status`, { status: 'SUSPENDED' });
    expectProblem(await admin('POST', `/tenants/${id}/promote`), 403, 'ACCOUNT_SUSPENDED');
  });
});

describe('keys', () => {
  it('are made for an account, and end at once', async () => {
    const id = await operator.newTenant('keys@example.com');
    const made = await admin('POST', `/tenants/${id}/api-keys`, { label: 'Caja 7' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      apiKey: expect.stringMatching(/^sk_test_/),
      key: { label: 'Caja 7', environment: 'sandbox', active: true },
    });
    const ask = () =>
      call(stack.apiUrl, 'GET', '/v1/issuers', { headers: { authorization: `Bearer ${made.body.apiKey}` } });
    expect((await ask()).status).toBe(200);
    expect((await admin('DELETE', `/api-keys/${made.body.key.id}`)).body).toEqual({ ok: true });
    expectProblem(await ask(), 401, 'UNAUTHORIZED');
    expectProblem(await admin('DELETE', `/api-keys/${made.body.key.id}`), 404, 'NOT_FOUND');
    expectProblem(await admin('DELETE', `/api-keys/${NOBODY}`), 404, 'NOT_FOUND');
    expectProblem(await admin('DELETE', '/api-keys/7'), 400, 'VALIDATION_FAILED', 'id');
  });

  it('are not made for nobody, for production before its time, or with a label too long', async () => {
    const id = await operator.newTenant('no-keys@example.com');
    const path = `/tenants/${id}/api-keys`;
    expectProblem(await admin('POST', path, { environment: 'production' }), 403, 'PRODUCTION_KEY_REQUIRES_PROMOTION');
    expectProblem(await admin('POST', path, { label: 'x'.repeat(101) }), 400, 'VALIDATION_FAILED', 'label');
    expectProblem(await admin('POST', path, { environment: 'test' }), 400, 'VALIDATION_FAILED', 'environment');
    expectProblem(await admin('POST', `/tenants/${NOBODY}/api-keys`, {}), 404, 'NOT_FOUND');
    expect((await operator.auditOf(id)).map(({ action }) => action)).toEqual(['tenant.create']);
  });
});

describe('the audit', () => {
  it('has each act with its request, newest first, and those of one account alone', async () => {
    const request = { 'x-request-id': 'operator-7' };
    const { id } = (await admin('POST', '/tenants', { email: 'audited@example.com' }, request)).body.tenant;
    await admin('PATCH', `/tenants/${id}/tier`, { subscriptionTier: 'GROWTH' });
    await admin('PATCH', `/tenants/${id}/status`, { status: 'SUSPENDED', reason: 'Asked to' });
    const { key } = (await admin('POST', `/tenants/${id}/api-keys`, { label: 'x' })).body;
    await admin('DELETE', `/api-keys/${key.id}`);
    expectProblem(await admin('POST', `/tenants/${id}/verify`), 409, 'CONFLICT');
    const rows = await operator.auditOf(id);
    expect(rows.map(({ action, tenantId, subject }) => [action, tenantId, subject])).toEqual([
      ['key.revoke', id, key.id],
      ['key.create', id, key.id],
      ['tenant.status', id, id],
      ['tenant.tier', id, id],
      ['tenant.create', id, id],
    ]);
    expect(rows[2]!.detail).toEqual({ from: 'ACTIVE', to: 'SUSPENDED', reason: 'Asked to' });
    expect(rows.at(-1)!.requestId).toBe('operator-7');
    const first = (await admin('GET', `/audit?limit=2&tenantId=${id}`)).body;
    const second = (await admin('GET', `/audit?limit=2&tenantId=${id}&cursor=${first.pagination.nextCursor}`)).body;
    expect([...first.audit, ...second.audit]).toEqual(rows.slice(0, 4));
  });
});

describe('secrets', () => {
  it('are in no answer of administration, no log and no audit', async () => {
    const audit = JSON.stringify((await admin('GET', '/audit?limit=100')).body.audit);
    expect(audit).not.toMatch(/sk_(test|live)_/);
    for (const text of [stack.logs(), ...operator.answers]) {
      expect(text.includes(stack.config.adminSecret)).toBe(false);
      expect(text.includes(P12_PASSWORD)).toBe(false);
    }
    expect(stack.logs()).not.toMatch(/sk_(test|live)_[0-9a-f]{64}/);
  });
});
