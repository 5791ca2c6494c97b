import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from '../../domain/store/entities/delivery.ts';
import { IdempotentAnswer } from '../../domain/store/entities/edge.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { dropExpiredAnswers } from '../../domain/store/idempotent-answers.ts';
import { type Answer, call, openShop, P12_PASSWORD, registrationForm, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
});

afterAll(() => stack.stop());

const hook = (path = '') => ({ url: `https://shop.example.com/${path}` });
const create = (key: string, path = '', who = shop) => who.post('/v1/webhooks', hook(path), { 'idempotency-key': key });

async function endpoints(): Promise<number> {
  return stack.store.asSystem((em) => em.count(WebhookEndpoint, { tenantId: shop.tenantId, active: true }));
}

function expectConflict(answer: Answer): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 409, code: 'CONFLICT' });
}

/** Makes what is kept under a key `minutes` older. */
async function age(key: string, minutes: number, change: Partial<IdempotentAnswer> = {}): Promise<void> {
  await stack.store.asSystem(async (em) => {
    const row = await em.findOneOrFail(IdempotentAnswer, { key });
    const earlier = (date: Date) => new Date(date.getTime() - minutes * 60_000);
    Object.assign(row, { createdAt: earlier(row.createdAt), expiresAt: earlier(row.expiresAt), ...change });
  });
}

describe('an Idempotency-Key', () => {
  it('makes a repetition answer what the first was answered, secret and all', async () => {
    const first = await create('hook-1');
    const again = await create('hook-1');
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await endpoints()).toBe(1);
  });

  it('refuses another request', async () => {
    expectConflict(await create('hook-1', 'elsewhere'));
    expect(await endpoints()).toBe(1);
  });

  it('makes one of many that come at one time', async () => {
    const before = await endpoints();
    const answers = await Promise.all(Array.from({ length: 12 }, () => create('hook-2')));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.endpoint.id)).size).toBe(1);
    answers.filter(({ status }) => status !== 201).forEach(expectConflict);
    expect(await endpoints()).toBe(before + 1);
    expect((await create('hook-2')).body).toEqual(made[0]!.body);
  });

  it('is free again after a refusal', async () => {
    const refused = await shop.post('/v1/webhooks', { url: 'ftp://shop.example.com' }, { 'idempotency-key': 'hook-3' });
    expect(refused.status).toBe(400);
    expect((await create('hook-3')).status).toBe(201);
  });

  it('belongs to its tenant', async () => {
    const neighbour = await openShop(stack, { email: 'vecina@example.com', ruc: '1710034065001' });
    const mine = await create('shared');
    const theirs = await create('shared', '', neighbour);
    expect(theirs.status).toBe(201);
    expect(theirs.headers.get('idempotent-replayed')).toBeNull();
    expect(theirs.body.endpoint.id).not.toBe(mine.body.endpoint.id);
  });

  it('keeps secrets sealed, and no longer than a day', async () => {
    const { secret } = (await create('hook-4')).body;
    const kept = await stack.store.asSystem((em) => em.findOneOrFail(IdempotentAnswer, { key: 'hook-4' }));
    expect(kept.sealedAnswer!.toString('latin1')).not.toContain(secret);
    await age('hook-4', 24 * 60);
    await dropExpiredAnswers(stack.store, new Date());
    expect(await stack.store.asSystem((em) => em.count(IdempotentAnswer, { key: 'hook-4' }))).toBe(0);
    const anew = await create('hook-4');
    expect(anew.headers.get('idempotent-replayed')).toBeNull();
    // Gone by itself too, when nobody sweeps.
    await age('hook-4', 24 * 60);
    expect((await create('hook-4')).body.endpoint.id).not.toBe(anew.body.endpoint.id);
  });

  it('does nothing twice when the first request broke off', async () => {
    await create('hook-5');
    const before = await endpoints();
    await age('hook-5', 0, { sealedAnswer: null });
    const running = await create('hook-5');
    expectConflict(running);
    expect(running.headers.get('retry-after')).toBe('1');
    await age('hook-5', 2, { sealedAnswer: null });
    const broken = await create('hook-5');
    expectConflict(broken);
    expect(broken.body.detail).toContain('broke off');
    expect(await endpoints()).toBe(before);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a tab in it', 'a\tb'],
  ])('that is %s is refused', async (_, key) => {
    const answer = await create(key);
    expect({ status: answer.status, field: answer.body.errors[0]?.field }).toEqual({
      status: 400,
      field: 'Idempotency-Key',
    });
  });
});

describe('a registration with an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'registration-1' };
  const ruc = '1790012345001';
  let p12: Buffer;

  beforeAll(() => {
    p12 = stack.authority.issue({ ruc, commonName: 'ANDINA', password: P12_PASSWORD });
  });

  const register = (fields: Record<string, string>, file = p12) =>
    call(stack.apiUrl, 'POST', '/v1/register', { body: registrationForm(file, { ruc, ...fields }), headers: key });

  it('makes one account and shows its key again', async () => {
    const email = 'andina@example.com';
    const first = await register({ email });
    const again = await register({ email });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(await stack.store.asSystem((em) => em.count(Tenant, { email }))).toBe(1);
    expectConflict(await register({ email, businessName: 'Otra' }));
    const another = stack.authority.issue({ ruc, commonName: 'ANDINA', password: P12_PASSWORD });
    expectConflict(await register({ email }, another));
  });

  it('is nothing to whoever registers under another address', async () => {
    const other = '1791111111001';
    const cert = stack.authority.issue({ ruc: other, commonName: 'OTRA', password: P12_PASSWORD });
    const answer = await register({ email: 'otra2@example.com', ruc: other }, cert);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replayed')).toBeNull();
  });
});
