import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccessKey } from '../../domain/model/access-key.ts';
import { Certificate, Issuer, Sequence } from '../../domain/store/entities/issuer.ts';
import { promotionStart } from '../../workflows/contract.ts';
import { keepHistory } from '../support/histories.ts';
import { expectProblem } from '../support/problem.ts';
import { companyRuc, type Promotions, startingAt, startPromotions } from '../support/promotions.ts';
import { call, P12_PASSWORD, registrationForm, type Shop } from '../support/shop.ts';

let promotions: Promotions;
let stack: Promotions['stack'];
let gates: Promotions['gates'];
let on: Promotions['on'];

beforeAll(async () => {
  promotions = await startPromotions();
  ({ stack, gates, on } = promotions);
});

afterAll(() => promotions.stop());

describe('a promotion', () => {
  it('ends every sandbox key, gives a production key for each, and numbers as asked', async () => {
    const shop = await on.open();
    expect((await shop.sell()).body.document.sequential).toBe('000000001');
    const second = await shop.post('/v1/keys', { label: 'Till 7' });
    const gone = await shop.post('/v1/keys', { label: 'Till 8' });
    await shop.delete(`/v1/keys/${gone.body.key.id}`);
    const answer = await on.promote(shop, startingAt(shop, 501));
    expect(answer.status).toBe(200);
    expect(answer.body.apiKeys.map(({ label }) => label)).toEqual(['Initial sandbox key', 'Till 7']);
    for (const apiKey of [shop.apiKey, second.body.apiKey]) expect((await on.me(apiKey)).status).toBe(401);
    for (const { apiKey } of answer.body.apiKeys)
      expect((await on.me(apiKey)).body.tenant).toMatchObject({ sandbox: false });

    const authorization = `Bearer ${answer.body.apiKeys[1]!.apiKey}`;
    const sold = await shop.sell({ autoSend: true }, { authorization, prefer: 'wait=30' });
    expect(sold.body.document).toMatchObject({ sequential: '000000501', status: 'AUTHORIZED' });
    expect(parseAccessKey(sold.body.document.accessKey).environment).toBe('production');
    expect((await shop.sell({}, { authorization })).body.document.sequential).toBe('000000502');
    const { events } = (await shop.get('/v1/tenants/events', { authorization })).body;
    expect(events[0]).toMatchObject({ eventType: 'PROMOTED', detail: { keys: 2, repeated: false } });
    expectProblem(await shop.post('/v1/tenants/promote', {}, { authorization }), 409, 'CONFLICT');
    await keepHistory(stack.temporal.client, 'promotion', promotionStart(shop.tenantId).workflowId);
  });

  it('gives each new key the scopes of the one that it stands in for', async () => {
    const shop = await on.open();
    await shop.post('/v1/keys', { label: 'Reports', scopes: ['documents:read'] });
    const promoter = await shop.post('/v1/keys', { label: 'Office', scopes: ['account:read', 'account:write'] });
    // Its answer would show the keys of all the others.
    expectProblem(await on.promote(promoter.body), 403, 'SCOPE_ESCALATION_FORBIDDEN');
    expect(await on.isInSandbox(shop)).toBe(true);
    const { apiKeys } = (await on.promote(shop)).body;
    expect(apiKeys.map(({ label }) => label)).toEqual(['Initial sandbox key', 'Reports', 'Office']);
    expect((await on.liveKeys(shop)).map(({ scopes }) => scopes ?? null)).toEqual([
      null,
      ['documents:read'],
      ['account:read', 'account:write'],
    ]);
    const authorization = `Bearer ${apiKeys[1]!.apiKey}`;
    expectProblem(await shop.sell({}, { authorization }), 403, 'INSUFFICIENT_SCOPE');
    expect((await shop.get('/v1/documents', { authorization })).status).toBe(200);
  });

  it('makes a counter for every issuer and type, at 1 where nothing is said', async () => {
    const shop = await on.open();
    const { issuer } = (await shop.post('/v1/issuers', branchForm('002'))).body;
    expect((await on.promote(shop, startingAt(shop, 77))).status).toBe(200);
    const counters = await stack.store.asTenant(shop.tenantId, (em) =>
      em.find(Sequence, { environment: 'production' }, { orderBy: { issuerId: 'asc' } }),
    );
    expect(counters.map(({ issuerId, next }) => ({ issuerId, next }))).toEqual([
      { issuerId: shop.issuerId, next: 77 },
      { issuerId: issuer.id, next: 1 },
    ]);
  });

  it('asked for by several keys at once happens once', async () => {
    const shop = await on.open();
    const others = await Promise.all(['B', 'C', 'D'].map((label) => shop.post('/v1/keys', { label })));
    const keys = [shop.apiKey, ...others.map(({ body }) => body.apiKey)];
    const answers = await Promise.all(keys.map((apiKey, at) => on.promote({ apiKey }, startingAt(shop, 11 + at))));
    // Who comes late finds an account in production, or has no key any longer.
    const won = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 409 || status === 401)).toHaveLength(3);
    expect((await on.liveKeys(shop)).map(({ environment }) => environment)).toEqual(keys.map(() => 'production'));
    const { apiKeys } = answers[won]!.body;
    for (const { apiKey } of apiKeys) expect((await on.me(apiKey)).status).toBe(200);
    expect(await on.sellForReal(shop, apiKeys[3]!.apiKey)).toBe(`0000000${11 + won}`);
  });

  it('asked for twice by one key at once is a conflict for whoever comes second', async () => {
    const shop = await on.open();
    const openGate = await gates.close('event', shop.tenantId);
    const asked = on.promote(shop, startingAt(shop, 21));
    await gates.waiting(1);
    const second = on.promote(shop, startingAt(shop, 22));
    await gates.waiting(2);
    await openGate();
    expectProblem(await second, 409, 'CONFLICT');
    await on.expectPromoted(shop, await asked, 21);
  });

  it('has a key that is asked for meanwhile wait, and be one of production', async () => {
    const shop = await on.open();
    const openGate = await gates.close('counters', shop.tenantId);
    const asked = on.promote(shop);
    await gates.waiting(1);
    const minted = shop.post('/v1/keys', { label: 'Late' });
    await gates.waiting(2);
    await openGate();
    expect((await asked).body.apiKeys).toHaveLength(1);
    expect((await minted).status).toBe(201);
    expect((await on.liveKeys(shop)).map(({ environment }) => environment)).toEqual(['production', 'production']);
  });

  it('is not for an address that is not verified', async () => {
    const ruc = companyRuc(900);
    const p12 = stack.authority.issue({ ruc, commonName: 'PRUEBA', password: P12_PASSWORD });
    const form = registrationForm(p12, { email: 'unverified@example.com', ruc });
    const { apiKey } = (await call(stack.apiUrl, 'POST', '/v1/register', { body: form })).body;
    expectProblem(await on.promote({ apiKey }), 403, 'EMAIL_VERIFICATION_REQUIRED');
    expect((await on.me(apiKey)).body.tenant).toMatchObject({ sandbox: true });
  });
});

describe('a promotion with numbers that cannot be', () => {
  let shop: Shop;
  let other: Shop;

  beforeAll(async () => {
    [shop, other] = [await on.open(), await on.open()];
  });

  const entry = (change: object) => ({ issuerId: shop.issuerId, documentType: '01', sequential: 5, ...change });

  it.each<[string, () => unknown[], string]>([
    ['no entry', () => [], 'initialSequentials'],
    ["another account's issuer", () => [entry({ issuerId: other.issuerId })], 'initialSequentials[0].issuerId'],
    ['a type that is not enabled', () => [entry({ documentType: '04' })], 'initialSequentials[0].documentType'],
    ['zero', () => [entry({ sequential: 0 })], 'initialSequentials[0].sequential'],
    ['ten digits', () => [entry({ sequential: 1_000_000_000 })], 'initialSequentials[0].sequential'],
    ['a fraction', () => [entry({ sequential: 1.5 })], 'initialSequentials[0].sequential'],
    ['one counter twice', () => [entry({}), entry({ sequential: 6 })], 'initialSequentials[1]'],
  ])('changes nothing: %s', async (_, entries, field) => {
    expectProblem(await on.promote(shop, { initialSequentials: entries() }), 400, 'VALIDATION_FAILED', field);
    expect((await on.me(shop.apiKey)).body.tenant).toMatchObject({ sandbox: true });
    expect(await stack.store.asTenant(shop.tenantId, (em) => em.count(Sequence, { environment: 'production' }))).toBe(
      0,
    );
  });
});

describe('the keys of a promotion', () => {
  it('are in no history, no log and no table', async () => {
    const shop = await on.open();
    const secret = (await on.promote(shop)).body.apiKeys[0]!.apiKey.slice('sk_live_'.length);
    const handle = stack.temporal.client.workflow.getHandle(promotionStart(shop.tenantId).workflowId);
    await handle.result();
    const history = Buffer.from(proto.temporal.api.history.v1.History.encode(await handle.fetchHistory()).finish());
    expect(history.includes(shop.tenantId)).toBe(true);
    expect(history.includes(secret)).toBe(false);
    expect(stack.logs()).not.toContain(secret);
    const tables = await stack.store.lookUp<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
      [],
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const found = await stack.store.lookUp(`select 1 from "${name}" t where t::text like ?`, [`%${secret}%`]);
      expect(found, name).toEqual([]);
    }
  });
});

describe('the readiness for production', () => {
  it('tells what is there and what is missing, and the numbers that come first', async () => {
    const shop = await on.open();
    const before = (await shop.get('/v1/tenants/promote/readiness')).body;
    expect(before.ready).toBe(false);
    expect(before.checks.map(({ name, ok, required }) => [name, ok, required])).toEqual([
      ['EMAIL_VERIFIED', true, true],
      ['IN_SANDBOX', true, true],
      ['CERTIFICATE', true, false],
      ['TEST_DOCUMENT', false, false],
    ]);
    expect(before.checks[3]).toMatchObject({ issuerId: shop.issuerId, documentType: '01' });
    expect(before.counters).toEqual([{ issuerId: shop.issuerId, documentType: '01', next: 1 }]);

    await shop.sell({ autoSend: true }, { prefer: 'wait=30' });
    await shop.patch('/v1/tenants/language', { language: 'en' });
    const after = (await shop.get('/v1/tenants/promote/readiness')).body;
    expect(after).toMatchObject({ ready: true });
    expect(after.checks[0]!.message).toBe('The e-mail address is verified.');
  });

  it('tells of a certificate that is over, or of another taxpayer, and of an account in production', async () => {
    const shop = await on.open();
    const certificate = async (headers?: Record<string, string>) =>
      (await shop.get('/v1/tenants/promote/readiness', headers)).body.checks.find(
        ({ name }) => name === 'CERTIFICATE',
      )!;
    await stack.store.asTenant(shop.tenantId, (em) =>
      em.nativeUpdate(Certificate, {}, { notAfter: new Date('2026-02-03T12:00:00Z') }),
    );
    expect(await certificate()).toMatchObject({ ok: false, message: expect.stringContaining('03/02/2026') });
    await stack.store.asTenant(shop.tenantId, (em) => em.nativeUpdate(Issuer, {}, { ruc: companyRuc(901) }));
    expect(await certificate()).toMatchObject({ ok: false, message: expect.stringContaining('otro contribuyente') });
    const authorization = `Bearer ${(await on.promote(shop)).body.apiKeys[0]!.apiKey}`;
    const { checks } = (await shop.get('/v1/tenants/promote/readiness', { authorization })).body;
    expect(checks[1]).toMatchObject({ name: 'IN_SANDBOX', ok: false });
  });
});

function branchForm(branchCode: string): FormData {
  const form = new FormData();
  form.set('branchCode', branchCode);
  form.set('issuePointCode', '001');
  return form;
}
