import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { ApiKey, Tenant } from '../../domain/store/entities/tenant.ts';
import { finalConsumer, sampleBuyer, sampleItem, sampleSale } from '../support/sales.ts';
import { type Answer, call, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

/** Sells once and tells the number that was used. */
async function nextNumber(): Promise<number> {
  const sold = await shop.sell();
  expect(sold.status).toBe(201);
  return Number(sold.body.document.sequential);
}

function expectProblem(answer: Answer, status: number, code: string, field?: string): void {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  if (field !== undefined) expect(answer.body.errors.map((error) => error.field)).toContain(field);
}

const tomorrow = () => taxDateOf(new Date(Date.now() + 86_400_000));

const REFUSED: [string, () => unknown, string, string][] = [
  [
    'a cédula with a wrong digit',
    () => sampleSale({ buyer: { ...sampleBuyer, id: '0926687857' } }),
    'VALIDATION_FAILED',
    'buyer.id',
  ],
  [
    'a RUC of a wrong shape',
    () => sampleSale({ buyer: { ...sampleBuyer, idType: '04', id: '1790012345002' } }),
    'VALIDATION_FAILED',
    'buyer.id',
  ],
  ['a total off by two cents', () => sampleSale({ totals: { total: '11.52' } }), 'VALIDATION_FAILED', 'totals.total'],
  [
    'a tax off by two cents',
    () => sampleSale({ items: [sampleItem({ taxes: [{ code: '2', rateCode: '4', rate: '15', taxAmount: '1.52' }] })] }),
    'VALIDATION_FAILED',
    'items[0].taxes[0].taxAmount',
  ],
  [
    'payments that do not add up',
    () => sampleSale({ payments: [{ method: '01', total: '11.49' }] }),
    'VALIDATION_FAILED',
    'payments',
  ],
  [
    'a line feed in a text',
    () => sampleSale({ items: [sampleItem({ description: 'Pan\nde yuca' })] }),
    'VALIDATION_FAILED',
    'items[0].description',
  ],
  [
    '16 additional fields',
    () => sampleSale({ additionalInfo: Array.from({ length: 16 }, (_, at) => ({ name: `n${at}`, value: 'v' })) }),
    'VALIDATION_FAILED',
    'additionalInfo',
  ],
  ['a future date', () => ({ ...sampleSale(), issueDate: tomorrow() }), 'VALIDATION_FAILED', 'issueDate'],
  [
    'an unknown field',
    () => ({ ...sampleSale(), items: [{ ...sampleItem(), colour: 'red' }] }),
    'VALIDATION_FAILED',
    'items[0].colour',
  ],
  [
    'a JSON number as price',
    () => ({ ...sampleSale(), items: [{ ...sampleItem(), unitPrice: 5 }] }),
    'VALIDATION_FAILED',
    'items[0].unitPrice',
  ],
  [
    'no e-mail of the buyer',
    () => sampleSale({ buyer: { idType: '05', id: sampleBuyer.id, name: 'María' } }),
    'VALIDATION_FAILED',
    'buyer.email',
  ],
  [
    'a nameless buyer above the limit',
    () => sampleSale({ buyer: { ...finalConsumer, email: 'a@example.com' }, items: [sampleItem({ unitPrice: '50' })] }),
    'VALIDATION_FAILED',
    'buyer.idType',
  ],
  [
    'a rate that its code does not have',
    () => sampleSale({ items: [sampleItem({ taxes: [{ code: '2', rateCode: '2', rate: '15' }] })] }),
    'VALIDATION_FAILED',
    'items[0].taxes[0].rateCode',
  ],
];

describe('a refused sale', () => {
  it.each(REFUSED)('for %s says so, and uses no number', async (_, body, code, field) => {
    const before = await nextNumber();
    expectProblem(await shop.post('/v1/documents', body()), 400, code, field);
    expect(await nextNumber()).toBe(before + 1);
  });

  it.each([
    ['an unknown type, whatever its fields', { documentType: '99', motivo: 'x' }, 'DOCUMENT_TYPE_NOT_SUPPORTED'],
    ['a type that is no code', { documentType: 'factura' }, 'VALIDATION_FAILED'],
    ['no body', undefined, 'VALIDATION_FAILED'],
    ['a list for a body', [], 'VALIDATION_FAILED'],
  ])('for %s says so', async (_, body, code) => {
    expectProblem(await shop.post('/v1/documents', body), 400, code);
  });

  it('for JSON that is none does not repeat it', async () => {
    const answer = await shop.post('/v1/documents', '{"buyer": {"name": "Secreta"', {
      'content-type': 'application/json',
    });
    expectProblem(answer, 400, 'BAD_REQUEST');
    expect(answer.bytes.toString()).not.toContain('Secreta');
  });

  it('for a body beyond 1 MB, or of another kind, says so', async () => {
    const json = { 'content-type': 'application/json' };
    expectProblem(
      await shop.post('/v1/documents', JSON.stringify({ x: 'y'.repeat(1_100_000) }), json),
      413,
      'PAYLOAD_TOO_LARGE',
    );
    expectProblem(
      await shop.post('/v1/documents', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    );
  });

  it('for its quota, or an Idempotency-Key of nonsense, says so', async () => {
    expectProblem(
      await shop.sell({}, { 'idempotency-key': 'x'.repeat(256) }),
      400,
      'VALIDATION_FAILED',
      'Idempotency-Key',
    );
    await setTenant({ documentQuota: 0 });
    try {
      expectProblem(await shop.sell(), 402, 'QUOTA_EXCEEDED');
    } finally {
      await setTenant({ documentQuota: 20_000 });
    }
  });
});

async function setTenant(change: Partial<Pick<Tenant, 'documentQuota' | 'status' | 'sandbox'>>): Promise<void> {
  await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, change));
}

describe('who may call', () => {
  const path = '/v1/documents';

  it('is checked in the order of the contract, before anything of the request is looked at', async () => {
    const nobody = (headers: Record<string, string>) =>
      call(stack.apiUrl, 'POST', path, { body: '{', headers: { 'content-type': 'application/json', ...headers } });
    const bearer = { authorization: `Bearer ${shop.apiKey}` };
    const missing = await nobody({});
    expectProblem(missing, 401, 'UNAUTHORIZED');
    expect(missing.headers.get('www-authenticate')).toBe('Bearer');
    expectProblem(await nobody({ authorization: `Bearer sk_test_${'0'.repeat(64)}` }), 401, 'UNAUTHORIZED');
    expectProblem(await nobody({ authorization: 'Basic abc' }), 401, 'UNAUTHORIZED');
    expectProblem(await nobody(bearer), 400, 'ISSUER_ID_REQUIRED');
    expectProblem(await nobody({ ...bearer, 'x-issuer-id': '7' }), 400, 'ISSUER_ID_INVALID');
    expectProblem(
      await nobody({ ...bearer, 'x-issuer-id': '01900000-0000-7000-8000-000000000000' }),
      404,
      'ISSUER_NOT_FOUND',
    );
    expectProblem(await nobody({ ...bearer, 'x-issuer-id': shop.issuerId }), 400, 'BAD_REQUEST');
  });

  it('is nobody of a suspended account, and no key of another environment', async () => {
    await setTenant({ sandbox: false });
    expectProblem(await shop.get(path), 401, 'API_KEY_ENV_MISMATCH');
    await setTenant({ sandbox: true, status: 'SUSPENDED' });
    expectProblem(await shop.get(path), 403, 'ACCOUNT_SUSPENDED');
    await setTenant({ status: 'ACTIVE' });
    expect((await shop.get(path)).status).toBe(200);
  });

  it('is not another tenant', async () => {
    const other = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
    expectProblem(
      await call(stack.apiUrl, 'GET', path, {
        headers: { authorization: `Bearer ${other.apiKey}`, 'x-issuer-id': shop.issuerId },
      }),
      403,
      'ISSUER_FORBIDDEN',
    );
    const { accessKey } = (await shop.sell()).body.document;
    for (const part of ['', '/authorize', '/ride', '/xml', '/events']) {
      expectProblem(await other.get(`${path}/${accessKey}${part}`), 404, 'NOT_FOUND');
    }
    expectProblem(await other.post(`${path}/${accessKey}/send`), 404, 'NOT_FOUND');
    expectProblem(await other.post(`${path}/${accessKey}/rebuild`, sampleSale()), 404, 'NOT_FOUND');
    expect((await other.get(path)).body.data).toEqual([]);
  });

  it('leaves a trace on the key', async () => {
    await until('the use of the key', async () => {
      const [key] = await stack.store.asSystem((em) => em.find(ApiKey, { tenantId: shop.tenantId, revokedAt: null }));
      return key?.lastUsedAt;
    });
  });
});

describe('creating', () => {
  it('answers 201, SIGNED, and where the document is', async () => {
    const sold = await shop.sell({}, { 'x-request-id': 'till-7.4711' });
    expect(sold.status).toBe(201);
    const { document } = sold.body;
    expect(document).toMatchObject({
      status: 'SIGNED',
      total: '11.50',
      email: { status: 'PENDING' },
      issueDate: taxDateOf(new Date()),
    });
    expect(sold.headers.get('location')).toBe(`/v1/documents/${document.accessKey}`);
    expect(sold.headers.get('x-request-id')).toBe('till-7.4711');
    const found = await shop.get(`/v1/documents/${document.accessKey}`);
    expect(found.body.document).toMatchObject({ accessKey: document.accessKey, requestPayload: sampleSale() });
    const xml = await shop.get(`/v1/documents/${document.accessKey}/xml`);
    expect(xml.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(xml.bytes.toString()).toContain('<ds:Signature');
  });

  it('answers a repeat with the same document, whatever the order of its fields', async () => {
    const key = { 'idempotency-key': 'till-7-ticket-1' };
    const first = await shop.sell({}, key);
    const { documentType, ...rest } = sampleSale();
    const again = await shop.post('/v1/documents', { ...rest, documentType }, key);
    expect(first.status).toBe(201);
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body.document.accessKey).toBe(first.body.document.accessKey);
    expectProblem(await shop.sell({ tip: '0.50' }, key), 409, 'CONFLICT');
  });

  it('holds for as long as the caller likes', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'down' });
    try {
      const sold = await shop.sell({ autoSend: true }, { prefer: 'wait=1' });
      expect(sold.status).toBe(201);
      expect(sold.headers.get('preference-applied')).toBe('wait=1');
      expect(sold.body.document.status).toBe('PENDING_SEND');
      const told = await shop.sell({}, { prefer: 'wait=0' });
      expect(told.status).toBe(201);
      await until(
        'the signature',
        async () => (await shop.get(`/v1/documents/${told.body.document.accessKey}`)).body.document.status === 'SIGNED',
      );
    } finally {
      await stack.sri.heal();
    }
  });
});

describe('sending', () => {
  it('goes step by step, and each step can be asked for once', async () => {
    const { accessKey } = (await shop.sell()).body.document;
    const path = `/v1/documents/${accessKey}`;
    expectProblem(await shop.get(`${path}/authorize`), 400, 'INVALID_STATE_TRANSITION');
    expectProblem(await shop.get(`${path}/ride`), 400, 'DOCUMENT_NOT_AUTHORIZED');
    expectProblem(await shop.post(`${path}/rebuild`, sampleSale()), 400, 'INVALID_STATE_TRANSITION');
    const sent = await shop.post(`${path}/send`);
    expect(sent.status).toBe(200);
    expect(['RECEIVED', 'AUTHORIZED']).toContain(sent.body.document.status);
    const authorized = await shop.get(`${path}/authorize`, { prefer: 'wait=30' });
    expect(authorized.status).toBe(200);
    expect(authorized.body.document).toMatchObject({ status: 'AUTHORIZED', authorizationNumber: accessKey });
    expect((await shop.get(`${path}/authorize`)).status).toBe(200);
    expectProblem(await shop.post(`${path}/send`), 400, 'INVALID_STATE_TRANSITION');
    const ride = await shop.get(`${path}/ride`, { prefer: 'wait=60' });
    expect(ride.status).toBe(200);
    expect(ride.headers.get('content-disposition')).toBe(`attachment; filename="RIDE-${accessKey}.pdf"`);
  });

  it('answers 202 while SRI is away, and where to look', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'down' });
    const { accessKey } = (await shop.sell()).body.document;
    const sent = await shop.post(`/v1/documents/${accessKey}/send`, undefined, { prefer: 'wait=1' });
    await stack.sri.heal();
    expect(sent.status).toBe(202);
    expect(sent.headers.get('location')).toBe(`/v1/documents/${accessKey}`);
    expect(sent.body.document.status).toBe('PENDING_SEND');
    const decided = await shop.get(`/v1/documents/${accessKey}/authorize`, { prefer: 'wait=60' });
    expect(decided.body.document.status).toBe('AUTHORIZED');
  });
});

describe('listing', () => {
  it('pages, newest first, and filters', async () => {
    const newest = (await shop.sell()).body.document.accessKey;
    const page = await shop.get('/v1/documents?limit=2');
    expect(page.body.data).toHaveLength(2);
    expect(page.body.data[0]!.accessKey).toBe(newest);
    expect(page.body.pagination).toMatchObject({ page: 1, limit: 2 });
    const second = await shop.get('/v1/documents?limit=1&page=2');
    expect(second.body.data[0]!.accessKey).toBe(page.body.data[1]!.accessKey);
    const signed = await shop.get('/v1/documents?status=SIGNED&limit=100');
    expect(signed.body.data.every(({ status }) => status === 'SIGNED')).toBe(true);
    const today = taxDateOf(new Date());
    expect(
      (await shop.get(`/v1/documents?from=${today}&to=${today}&documentType=01`)).body.pagination.total,
    ).toBeGreaterThan(1);
    expect((await shop.get(`/v1/documents?from=${tomorrow()}`)).body.pagination.total).toBe(0);
  });

  it.each([
    ['page=0', 'page'],
    ['page=x', 'page'],
    ['limit=101', 'limit'],
    ['status=DONE', 'status'],
    ['from=2026-11-25', 'from'],
    ['documentType=99', 'documentType'],
    ['sort=asc', 'sort'],
    ['page=1&page=2', 'page'],
  ])('refuses ?%s', async (query, field) => {
    expectProblem(await shop.get(`/v1/documents?${query}`), 400, 'VALIDATION_FAILED', field);
  });

  it.each(['1', 'x'.repeat(49), '1'.repeat(50)])('refuses %s as an access key', async (accessKey) => {
    expectProblem(await shop.get(`/v1/documents/${accessKey}`), 400, 'VALIDATION_FAILED', 'accessKey');
  });
});
