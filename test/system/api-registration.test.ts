import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Certificate, Issuer } from '../../domain/store/entities/issuer.ts';
import { ApiKey, Tenant, VerificationToken } from '../../domain/store/entities/tenant.ts';
import {
  type Answer,
  call,
  openShop,
  P12_PASSWORD,
  registrationForm,
  SHOP_RUC,
  verificationLink,
} from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let p12: Buffer;

beforeAll(async () => {
  stack = await startStack();
  p12 = issue();
});

afterAll(() => stack.stop());

function issue(options: { ruc?: string; notAfter?: Date } = {}): Buffer {
  return stack.authority.issue({ ruc: SHOP_RUC, commonName: 'PRUEBA', password: P12_PASSWORD, ...options });
}

function register(file: Buffer, fields: Record<string, string | undefined> = {}): Promise<Answer> {
  return call(stack.apiUrl, 'POST', '/v1/register', { body: registrationForm(file, fields) });
}

function expectProblem(answer: Answer, status: number, code: string, field?: string): void {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  if (field !== undefined) expect(answer.body.errors.map((error) => error.field)).toContain(field);
}

async function countTenants(): Promise<number> {
  return stack.store.asSystem((em) => em.count(Tenant));
}

describe('a refused registration', () => {
  const yesterday = new Date(Date.now() - 86_400_000);

  it.each<[string, () => Buffer, Record<string, string | undefined>, string, string]>([
    ['a RUC of a wrong shape', () => p12, { ruc: '1710034066001' }, 'VALIDATION_FAILED', 'ruc'],
    ['a RUC that is too short', () => p12, { ruc: '171003406' }, 'VALIDATION_FAILED', 'ruc'],
    ['a certificate of somebody else', () => issue({ ruc: '0926687856001' }), {}, 'CERTIFICATE_INVALID', 'cert'],
    ['an expired certificate', () => issue({ notAfter: yesterday }), {}, 'CERTIFICATE_EXPIRED', 'cert'],
    [
      'a wrong password',
      () => p12,
      { certPassword: 'Otra-contraseña-8' },
      'CERTIFICATE_PASSWORD_INVALID',
      'certPassword',
    ],
    ['a file that is no certificate', () => Buffer.from('hello'), {}, 'CERTIFICATE_INVALID', 'cert'],
    ['an unknown field', () => p12, { colour: 'red' }, 'VALIDATION_FAILED', 'colour'],
    ['a missing field', () => p12, { businessName: undefined }, 'VALIDATION_FAILED', 'businessName'],
    ['a name with a line feed', () => p12, { businessName: 'El\nTrigo' }, 'VALIDATION_FAILED', 'businessName'],
    ['another emission type', () => p12, { emissionType: '2' }, 'VALIDATION_FAILED', 'emissionType'],
    [
      'a type that is not issued here',
      () => p12,
      { documentTypes: '["01","99"]' },
      'VALIDATION_FAILED',
      'documentTypes[1]',
    ],
    ['a list that is no JSON', () => p12, { documentTypes: '01' }, 'VALIDATION_FAILED', 'documentTypes'],
    [
      'a link to a script',
      () => p12,
      { verificationRedirectUrl: 'javascript:alert(1)' },
      'VALIDATION_FAILED',
      'verificationRedirectUrl',
    ],
    [
      'a link with a NUL',
      () => p12,
      { verificationRedirectUrl: 'https://shop.example/\0' },
      'VALIDATION_FAILED',
      'verificationRedirectUrl',
    ],
    ['yes for a boolean', () => p12, { requiredAccounting: 'yes' }, 'VALIDATION_FAILED', 'requiredAccounting'],
  ])('for %s leaves nothing behind', async (_, file, fields, code, field) => {
    const before = await countTenants();
    const answer = await register(file(), fields);
    expectProblem(answer, 400, code, field);
    expect(answer.bytes.toString()).not.toContain(fields['certPassword'] ?? P12_PASSWORD);
    expect(await countTenants()).toBe(before);
  });

  it('for a certificate of somebody else says whose it is', async () => {
    const answer = await register(issue({ ruc: '0926687856001' }));
    const message = `The certificate was issued to RUC 0926687856001; it must be of RUC ${SHOP_RUC}.`;
    expect(answer.body.errors).toEqual([{ field: 'cert', message, code: 'cert' }]);
  });

  it('for 11 MB, or a certificate that is no such size, says 413', async () => {
    expectProblem(await register(Buffer.alloc(11 * 1024 * 1024)), 413, 'PAYLOAD_TOO_LARGE');
    expectProblem(await register(Buffer.alloc(300 * 1024)), 413, 'PAYLOAD_TOO_LARGE', 'cert');
  });

  it('for no form, a broken form or no certificate, says so', async () => {
    const json = await call(stack.apiUrl, 'POST', '/v1/register', { body: {} });
    expectProblem(json, 415, 'UNSUPPORTED_MEDIA_TYPE');
    const broken = await call(stack.apiUrl, 'POST', '/v1/register', {
      body: '--x\r\nnonsense',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expectProblem(broken, 400, 'BAD_REQUEST');
    const form = registrationForm(p12);
    form.delete('cert');
    expectProblem(await call(stack.apiUrl, 'POST', '/v1/register', { body: form }), 400, 'VALIDATION_FAILED', 'cert');
    form.set('portrait', new Blob(['GIF89a']), 'portrait.gif');
    expectProblem(
      await call(stack.apiUrl, 'POST', '/v1/register', { body: form }),
      400,
      'VALIDATION_FAILED',
      'portrait',
    );
    expectProblem(await call(stack.apiUrl, 'POST', '/v1/register'), 400, 'VALIDATION_FAILED', 'email');
  });
});

describe('a registration', () => {
  let first: Answer;

  it('makes tenant, issuer and a key that works at once', async () => {
    first = await register(p12, { email: 'Tienda@Example.com' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      ok: true,
      tenant: {
        email: 'tienda@example.com',
        subscriptionTier: 'FREE',
        status: 'PENDING_VERIFICATION',
        documentQuota: 100,
        documentCount: 0,
      },
      issuer: { ruc: SHOP_RUC, branchCode: '001', issuePointCode: '001', tradeName: 'El Trigo' },
      apiKey: expect.stringMatching(/^sk_test_[0-9a-f]{64}$/),
    });
    const headers = { authorization: `Bearer ${first.body.apiKey}` };
    const issuers = await call(stack.apiUrl, 'GET', '/v1/issuers', { headers });
    const pagination = { total: 1, page: 1, limit: 100 };
    expect(issuers.body).toEqual({ ok: true, issuers: [first.body.issuer], pagination });
    const one = await call(stack.apiUrl, 'GET', `/v1/issuers/${first.body.issuer.id}`, { headers });
    expect(one.body).toEqual({ ok: true, issuer: first.body.issuer });
  });

  it('keeps neither key nor password nor private key in the clear', async () => {
    const { keys, certificates } = await stack.store.asSystem(async (em) => ({
      keys: await em.find(ApiKey, {}),
      certificates: await em.find(Certificate, {}),
    }));
    const rows = [...keys.flatMap(({ hash }) => [hash]), ...certificates.flatMap(({ sealedKey }) => sealedKey ?? [])]
      .map((bytes) => bytes.toString('latin1'))
      .join();
    expect(rows).not.toContain(first.body.apiKey);
    expect(rows).not.toContain('PRIVATE KEY');
    expect(stack.logs()).not.toContain(first.body.apiKey);
    expect(stack.logs()).not.toContain(P12_PASSWORD);
  });

  it('is verified by the link in the mail, as often as it is opened', async () => {
    const link = await verificationLink(stack, 'tienda@example.com');
    expect(link.origin).toBe('https://comprobante.example');
    for (let time = 0; time < 2; time++) {
      const verified = await call(stack.apiUrl, 'GET', `${link.pathname}${link.search}`);
      expect(verified.status).toBe(200);
      expect(verified.body).toMatchObject({ ok: true, email: 'tienda@example.com' });
    }
    expect(await stack.store.asSystem((em) => em.findOne(Tenant, { email: 'tienda@example.com' }))).toMatchObject({
      status: 'ACTIVE',
    });
    expect(stack.logs()).not.toContain(link.searchParams.get('token'));
  });

  it('is not verified by another token, an old one, or none', async () => {
    const verify = (query: string) => call(stack.apiUrl, 'GET', `/v1/verify-email${query}`);
    expectProblem(await verify(`?token=${'0'.repeat(64)}`), 400, 'INVALID_OR_EXPIRED_TOKEN');
    expectProblem(await verify('?token=abc'), 400, 'VALIDATION_FAILED', 'token');
    expectProblem(await verify(''), 400, 'VALIDATION_FAILED', 'token');
    const ruc = '0926687856001';
    await register(issue({ ruc }), {
      email: 'late@example.com',
      ruc,
      language: 'en',
      verificationRedirectUrl: 'https://shop.example/welcome',
    });
    const link = await verificationLink(stack, 'late@example.com');
    expect(`${link.origin}${link.pathname}`).toBe('https://shop.example/welcome');
    const before = new Date(Date.now() - 1_000);
    await stack.store.asSystem((em) => em.nativeUpdate(VerificationToken, { usedAt: null }, { expiresAt: before }));
    expectProblem(await verify(`?token=${link.searchParams.get('token')}`), 400, 'INVALID_OR_EXPIRED_TOKEN');
  });

  it('of a known e-mail gives a new key to whoever has the same certificate, and ends the old one', async () => {
    const again = await register(p12, { email: 'TIENDA@example.com' });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({
      ok: true,
      recovered: true,
      tenant: { id: first.body.tenant.id, status: 'ACTIVE' },
      issuer: { id: first.body.issuer.id },
    });
    const issuers = (apiKey: string) =>
      call(stack.apiUrl, 'GET', '/v1/issuers', { headers: { authorization: `Bearer ${apiKey}` } });
    expect((await issuers(again.body.apiKey)).status).toBe(200);
    expectProblem(await issuers(first.body.apiKey), 401, 'UNAUTHORIZED');
  });

  it('of a known e-mail gives nothing to anybody else', async () => {
    expectProblem(await register(issue(), { email: 'tienda@example.com' }), 409, 'CONFLICT', 'email');
    const ruc = '1793213150001';
    expectProblem(await register(issue({ ruc }), { email: 'tienda@example.com', ruc }), 409, 'CONFLICT', 'email');
    await stack.store.asSystem((em) =>
      em.nativeUpdate(Tenant, { email: 'tienda@example.com' }, { status: 'SUSPENDED' }),
    );
    expectProblem(await register(p12, { email: 'tienda@example.com' }), 403, 'ACCOUNT_SUSPENDED');
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { email: 'tienda@example.com' }, { status: 'ACTIVE' }));
  });

  it('of a known RUC under another e-mail is a conflict, at any branch', async () => {
    expectProblem(await register(issue(), { email: 'otra@example.com', branchCode: '002' }), 409, 'CONFLICT', 'ruc');
  });

  it('that many send at once happens once', async () => {
    const ruc = '1760013210001';
    const file = issue({ ruc });
    const emails = [
      'a@example.com',
      'a@example.com',
      'a@example.com',
      'b@example.com',
      'b@example.com',
      'c@example.com',
    ];
    const answers = await Promise.all(
      emails.map((email, at) => register(file, { email, ruc, branchCode: `00${at + 1}` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => status === 201 || status === 200 || status === 409)).toBe(true);
    expect(await stack.store.asSystem((em) => em.count(Issuer, { ruc }))).toBe(1);
  });
});

describe('issuers', () => {
  it('of others are forbidden, and those of nobody are not found', async () => {
    const [mine, theirs] = [
      await openShop(stack, { email: 'mine@example.com', ruc: '1792060346001' }),
      await openShop(stack, { email: 'theirs@example.com', ruc: '0190115798001' }),
    ];
    expectProblem(await mine.get(`/v1/issuers/${theirs.issuerId}`), 403, 'ISSUER_FORBIDDEN');
    expectProblem(await mine.get('/v1/issuers/01900000-0000-7000-8000-000000000000'), 404, 'ISSUER_NOT_FOUND');
    expectProblem(await mine.get('/v1/issuers/7'), 400, 'VALIDATION_FAILED', 'id');
  });
});

describe('webhook endpoints', () => {
  it('are made up to the limit of the plan, even at once, and listed without their secrets', async () => {
    const shop = await openShop(stack, { email: 'hooks@example.com', ruc: '1790085783001' });
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, { tier: 'STARTER' }));
    const make = (at: number) =>
      shop.post('/v1/webhooks', { url: `https://hooks.example.com/${at}`, eventTypes: ['DOCUMENT_AUTHORIZED'] });
    const answers = await Promise.all([1, 2, 3, 4].map(make));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '201', '402', '402']);
    expectProblem(
      answers.find(({ status }) => status === 402)!,
      402,
      'WEBHOOK_ENDPOINT_LIMIT_REACHED',
    );
    const made = answers.find(({ status }) => status === 201)!;
    expect(made.body.secret).toMatch(/^whsec_/);
    const listed = await shop.get('/v1/webhooks');
    expect(listed.bytes.toString()).not.toContain('whsec_');
    expect(listed.body).toMatchObject({
      ok: true,
      endpoints: [{ active: true, eventTypes: ['DOCUMENT_AUTHORIZED'] }, { active: true }],
    });
  });

  it.each([
    [{ url: 'ftp://hooks.example.com' }, 'url'],
    [{ url: 'https://10.0.0.1/' }, 'url'],
    [{ url: 'https://169.254.169.254/latest' }, 'url'],
    [{ url: 'https://a:b@hooks.example.com' }, 'url'],
    [{}, 'url'],
    [{ url: 'https://hooks.example.com', eventTypes: ['NOPE'] }, 'eventTypes[0]'],
    [{ url: 'https://hooks.example.com', secret: 'mine' }, 'secret'],
  ])('refuse %j', async (body, field) => {
    const shop = await hooked();
    expectProblem(await shop.post('/v1/webhooks', body), 400, 'VALIDATION_FAILED', field);
  });

  let opened: ReturnType<typeof openShop> | undefined;
  const hooked = () => (opened ??= openShop(stack, { email: 'refused@example.com', ruc: '1790016919001' }));
});
