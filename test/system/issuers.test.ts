import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccessKey } from '../../domain/model/access-key.ts';
import { Certificate, Issuer } from '../../domain/store/entities/issuer.ts';
import { Tenant, type TenantStatus, type Tier } from '../../domain/store/entities/tenant.ts';
import { writeKey } from '../../domain/tenants/key-ring.ts';
import { makeCertificate, makeP12, newKey } from '../domain/signing/fixtures.ts';
import { branchesOf, certificateForm, formOf, PNG, statusesOf } from '../support/branches.ts';
import { expectProblem } from '../support/problem.ts';
import { type Answer, openShop, P12_PASSWORD, type Shop, SHOP_RUC } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const OTHER_RUC = '1793213150001';
const NOBODY = '01900000-0000-7000-8000-000000000000';

let stack: Stack;
let shop: Shop;
let other: Shop;
let branches: ReturnType<typeof branchesOf>;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  other = await openShop(stack, { email: 'otra@example.com', ruc: OTHER_RUC });
  branches = branchesOf(stack, shop);
});

afterAll(() => stack.stop());

async function setTenant(changes: { tier?: Tier; status?: TenantStatus; sandbox?: boolean }): Promise<void> {
  await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, changes));
}

describe('a new issuer', () => {
  it('is the same taxpayer at another place, with the same certificate, and numbers from one', async () => {
    const first = (await shop.get(`/v1/issuers/${shop.issuerId}`)).body.issuer;
    const made = await branches.open('002-001', { branchAddress: 'Malecón 100, Guayaquil' });
    expect(made.status).toBe(201);
    const { issuer } = made.body;
    expect(made.body).toEqual({
      ok: true,
      issuer: {
        ...first,
        id: expect.any(String),
        branchCode: '002',
        issuePointCode: '001',
        branchAddress: 'Malecón 100, Guayaquil',
      },
    });
    expect((await shop.get(`/v1/issuers/${issuer.id}`)).body).toEqual({ ok: true, issuer });
    expect((await shop.get('/v1/issuers')).body.issuers).toEqual([first, issuer]);

    const { document } = (await branches.sellAt(issuer.id)).body;
    expect(parseAccessKey(document.accessKey)).toMatchObject({
      ruc: SHOP_RUC,
      branchCode: '002',
      issuePointCode: '001',
      sequential: '000000001',
    });
    const xml = (await shop.get(`/v1/documents/${document.accessKey}/xml`, { 'x-issuer-id': issuer.id })).bytes;
    expect(xml.toString()).toContain('<dirMatriz>Av. Amazonas N21-147 y Roca, Quito</dirMatriz>');
    expect(xml.toString()).toContain('<dirEstablecimiento>Malecón 100, Guayaquil</dirEstablecimiento>');
  });

  it('begins where it is told to, in the environment of the account', async () => {
    const initialSequentials = '[{"documentType":"01","sequential":120}]';
    const id = await branches.opened('002-002', { initialSequentials, documentTypes: '["01"]' });
    expect(await branches.numberAt(id)).toBe(120);
    const { apiKey } = await stack.store.asTenant(shop.tenantId, async (em) =>
      writeKey(em, shop.tenantId, 'production'),
    );
    const production = { authorization: `Bearer ${apiKey}` };
    await setTenant({ sandbox: false });
    const body = formOf({ branchCode: '002', issuePointCode: '003', initialSequentials });
    const promoted = (await shop.post('/v1/issuers', body, production)).body.issuer;
    const { sequentials } = (await shop.get(`/v1/issuers/${promoted.id}/sequentials`, production)).body;
    expect(sequentials).toMatchObject([{ sandbox: { next: 1 }, production: { current: 119, next: 120 } }]);
    await setTenant({ sandbox: true });
  });

  it('may have a certificate of its own, which signs for it', async () => {
    const first = (await shop.get(`/v1/issuers/${shop.issuerId}`)).body.issuer;
    const cert = branches.issueCertificate();
    const fields = { certPassword: P12_PASSWORD, sourceIssuerId: NOBODY };
    const made = await branches.open('003-001', fields, { cert });
    expect(made.status).toBe(201);
    const { id, certFingerprint } = made.body.issuer;
    expect(certFingerprint).not.toBe(first.certFingerprint);
    expect(await branches.signerOf(await branches.sellAt(id), id)).toBe(certFingerprint);
    // Sent again it is the same certificate, whose key is kept once.
    const again = await branches.open('003-002', fields, { cert });
    expect(again.body.issuer.certFingerprint).toBe(certFingerprint);
    expect(await stack.store.asSystem((em) => em.count(Certificate, { fingerprint: certFingerprint }))).toBe(1);
    expect(stack.logs()).not.toContain(P12_PASSWORD);
  });

  it('copies the issuer that is named', async () => {
    const source = (
      await branches.open('003-003', { certPassword: P12_PASSWORD }, { cert: branches.issueCertificate() })
    ).body.issuer;
    await shop.patch(`/v1/issuers/${source.id}`, { tradeName: 'El Trigo de Lujo', color: '#0B4F9C' });
    await shop.patch(`/v1/issuers/${source.id}/logo`, formOf({}, { logo: PNG }));
    const { issuer } = (await branches.open('003-004', { sourceIssuerId: source.id.toUpperCase() })).body;
    expect(issuer).toMatchObject({
      tradeName: 'El Trigo de Lujo',
      color: '#0B4F9C',
      certFingerprint: source.certFingerprint,
    });
    expect(await branches.logoOf(issuer.id)).toMatchObject({ mediaType: 'image/png', image: PNG });
  });

  it('is made once for one Idempotency-Key', async () => {
    const send = () =>
      shop.post('/v1/issuers', formOf({ branchCode: '003', issuePointCode: '005' }), {
        'idempotency-key': 'branch-3-5',
      });
    const first = await send();
    const second = await send();
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a branch of two digits', { branchCode: '02' }, 'branchCode'],
    ['no issue point', { issuePointCode: '' }, 'issuePointCode'],
    ['an address of two lines', { branchAddress: 'a\nb' }, 'branchAddress'],
    ['an address that is too long', { branchAddress: 'x'.repeat(301) }, 'branchAddress'],
    ['a type that is not issued here', { documentTypes: '["01","99"]' }, 'documentTypes[1]'],
    ['no type at all', { documentTypes: '[]' }, 'documentTypes'],
    ['types that are no JSON', { documentTypes: '01' }, 'documentTypes'],
    ['numbers that are no list', { initialSequentials: '{}' }, 'initialSequentials'],
    [
      'number zero',
      { initialSequentials: '[{"documentType":"01","sequential":0}]' },
      'initialSequentials[0].sequential',
    ],
    [
      'ten digits',
      { initialSequentials: '[{"documentType":"01","sequential":1000000000}]' },
      'initialSequentials[0].sequential',
    ],
    [
      'a number of a type that is not enabled',
      { initialSequentials: '[{"documentType":"04","sequential":7}]' },
      'initialSequentials[0].documentType',
    ],
    [
      'two numbers of one type',
      { initialSequentials: '[{"documentType":"01","sequential":7},{"documentType":"01","sequential":8}]' },
      'initialSequentials[1].documentType',
    ],
    ['a source that is no id', { sourceIssuerId: '7' }, 'sourceIssuerId'],
    ['a field that is not known', { ruc: OTHER_RUC }, 'ruc'],
  ])('is refused for %s', async (_, fields, field) => {
    expectProblem(await branches.open('004-001', fields), 400, 'VALIDATION_FAILED', field);
  });

  it.each<[string, () => Buffer, string, string, string]>([
    [
      "another taxpayer's",
      () => branches.issueCertificate({ ruc: OTHER_RUC }),
      P12_PASSWORD,
      'CERTIFICATE_INVALID',
      'cert',
    ],
    ['no certificate', () => Buffer.from('hello'), P12_PASSWORD, 'CERTIFICATE_INVALID', 'cert'],
    ['locked', () => branches.issueCertificate(), 'Otra-contraseña-8', 'CERTIFICATE_PASSWORD_INVALID', 'certPassword'],
    [
      'expired',
      () => branches.issueCertificate({ notAfter: new Date(Date.now() - 1_000) }),
      P12_PASSWORD,
      'CERTIFICATE_EXPIRED',
      'cert',
    ],
    ['without its key', certificateOfAnotherKey, P12_PASSWORD, 'CERTIFICATE_KEY_NOT_FOUND', 'cert'],
  ])('and a renewal are refused for a certificate that is %s', async (_, file, certPassword, code, field) => {
    const cert = file();
    expectProblem(await branches.open('004-001', { certPassword }, { cert }), 400, code, field);
    const before = (await shop.get('/v1/issuers')).body.issuers;
    const renewal = await shop.patch(`/v1/issuers/${shop.issuerId}/certificate`, formOf({ certPassword }, { cert }));
    expectProblem(renewal, 400, code, field);
    expect(renewal.bytes.toString()).not.toContain(certPassword);
    expect((await shop.get('/v1/issuers')).body.issuers).toEqual(before);
  });

  it('is refused for a certificate file of 300 kB, and for what is no form', async () => {
    const cert = Buffer.alloc(300 * 1024);
    expectProblem(await branches.open('004-001', {}, { cert }), 413, 'PAYLOAD_TOO_LARGE', 'cert');
    expectProblem(await shop.post('/v1/issuers', { branchCode: '004' }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it("is refused for a source that is nobody's or another account's, and for codes that are taken", async () => {
    expectProblem(await branches.open('004-001', { sourceIssuerId: NOBODY }), 404, 'SOURCE_ISSUER_NOT_FOUND');
    expectProblem(await branches.open('004-001', { sourceIssuerId: other.issuerId }), 404, 'SOURCE_ISSUER_NOT_FOUND');
    expectProblem(await branches.open('001-001'), 409, 'CONFLICT');
    const id = await branches.opened('009-001');
    await stack.store.asSystem((em) => em.nativeUpdate(Issuer, { id }, { active: false }));
    expectProblem(await branches.open('009-001'), 409, 'CONFLICT');
    expectProblem(await branches.open('010-001', { sourceIssuerId: id }), 404, 'SOURCE_ISSUER_NOT_FOUND');
  });

  it('is refused before the address is proved', async () => {
    await setTenant({ status: 'PENDING_VERIFICATION' });
    expectProblem(await branches.open('004-001'), 403, 'EMAIL_VERIFICATION_REQUIRED');
    await setTenant({ status: 'ACTIVE' });
  });

  it('is made once when it is asked for many times at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => branches.open('005-001')));
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('the plan', () => {
  let small: Shop;
  const openAt = (branchCode: string, issuePointCode: string): Promise<Answer> =>
    small.post('/v1/issuers', formOf({ branchCode, issuePointCode }));
  const setTier = (tier: Tier): Promise<unknown> =>
    stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: small.tenantId }, { tier }));

  beforeAll(async () => {
    small = await openShop(stack, { email: 'small@example.com', ruc: '1792060346001' });
  });

  it('FREE allows one branch with one issue point; what is there already is a conflict all the same', async () => {
    await setTier('FREE');
    expectProblem(await openAt('002', '001'), 402, 'BRANCH_LIMIT_REACHED');
    expectProblem(await openAt('001', '002'), 402, 'ISSUE_POINT_LIMIT_REACHED');
    expectProblem(await openAt('001', '001'), 409, 'CONFLICT');
  });

  it('STARTER is never exceeded, however many ask at once', async () => {
    await setTier('STARTER');
    const branches = await Promise.all(['002', '003', '004', '005', '006'].map((branch) => openAt(branch, '001')));
    expect(statusesOf(branches)).toEqual([201, 201, 402, 402, 402]);
    expectProblem(
      branches.find(({ status }) => status === 402)!,
      402,
      'BRANCH_LIMIT_REACHED',
    );
    const points = await Promise.all(['002', '003', '004', '005'].map((point) => openAt('001', point)));
    expect(statusesOf(points)).toEqual([201, 402, 402, 402]);
    expectProblem(
      points.find(({ status }) => status === 402)!,
      402,
      'ISSUE_POINT_LIMIT_REACHED',
    );
    expect((await small.get('/v1/issuers')).body.issuers).toHaveLength(4);
  });
});

describe('the list of issuers', () => {
  it('comes in pages, oldest first', async () => {
    const all = (await shop.get('/v1/issuers')).body;
    expect(all.pagination).toEqual({ total: all.issuers.length, page: 1, limit: 100 });
    const second = (await shop.get('/v1/issuers?limit=2&page=2')).body;
    expect(second.issuers).toEqual(all.issuers.slice(2, 4));
    expect(second.pagination).toEqual({ total: all.issuers.length, page: 2, limit: 2 });
    expectProblem(await shop.get('/v1/issuers?limit=1000'), 400, 'VALIDATION_FAILED', 'limit');
  });
});

describe('a change of names', () => {
  it('shows in what is created from then on, and in nothing older', async () => {
    const id = await branches.opened('020-001', { branchAddress: 'Calle Vieja 1' });
    const before = (await branches.sellAt(id)).body.document.accessKey;
    const path = `/v1/issuers/${id}`;
    const changed = await shop.patch(path, { tradeName: 'El Trigo del Centro', branchAddress: 'Calle Nueva 2' });
    expect(changed.body).toMatchObject({
      ok: true,
      issuer: { id, tradeName: 'El Trigo del Centro', branchAddress: 'Calle Nueva 2' },
    });
    const after = (await branches.sellAt(id)).body.document.accessKey;
    const xmlOf = async (key: string) =>
      (await shop.get(`/v1/documents/${key}/xml`, { 'x-issuer-id': id })).bytes.toString();
    expect(await xmlOf(before)).toContain('Calle Vieja 1');
    expect(await xmlOf(after)).toContain('<nombreComercial>El Trigo del Centro</nombreComercial>');
    expect((await shop.patch(path, { tradeName: null })).body.issuer).toMatchObject({
      tradeName: null,
      branchAddress: 'Calle Nueva 2',
    });
  });

  it.each<[unknown, string]>([
    [{}, 'general'],
    [{ tradeName: '' }, 'tradeName'],
    [{ branchAddress: 'x'.repeat(301) }, 'branchAddress'],
    [{ businessName: 'Otra S.A.' }, 'businessName'],
    [{ color: '#0B4F9' }, 'color'],
    [{ color: 'red' }, 'color'],
    [{ color: '#0B4F9C;}' }, 'color'],
    [undefined, 'general'],
  ])('is refused for %j', async (body, field) => {
    expectProblem(await shop.patch(`/v1/issuers/${shop.issuerId}`, body), 400, 'VALIDATION_FAILED', field);
  });
});

describe("another account's issuer", () => {
  it.each<[string, (id: string) => Promise<Answer>]>([
    ['get', (id) => shop.get(`/v1/issuers/${id}`)],
    ['patch', (id) => shop.patch(`/v1/issuers/${id}`, { tradeName: 'Mine' })],
    ['logo', (id) => shop.patch(`/v1/issuers/${id}/logo`, formOf({}, { logo: PNG }))],
    [
      'certificate',
      (id) =>
        shop.patch(`/v1/issuers/${id}/certificate`, certificateForm(branches.issueCertificate({ ruc: OTHER_RUC }))),
    ],
    ['list types', (id) => shop.get(`/v1/issuers/${id}/document-types`)],
    ['enable a type', (id) => shop.post(`/v1/issuers/${id}/document-types`, { documentType: '01' })],
    ['disable a type', (id) => shop.delete(`/v1/issuers/${id}/document-types/01`)],
    ['list numbers', (id) => shop.get(`/v1/issuers/${id}/sequentials`)],
    [
      'raise a number',
      (id) => shop.patch(`/v1/issuers/${id}/sequentials/01`, { environment: 'sandbox', nextSequential: 900 }),
    ],
  ])('is forbidden to %s, nothing of it is told or changed, and one of nobody is not found', async (_, ask) => {
    const before = await facts();
    const answer = await ask(other.issuerId);
    expectProblem(answer, 403, 'ISSUER_FORBIDDEN');
    expect(answer.bytes.toString()).not.toContain(OTHER_RUC);
    expect(await facts()).toEqual(before);
    expectProblem(await ask(NOBODY), 404, 'ISSUER_NOT_FOUND');
    expectProblem(await ask('7'), 400, 'VALIDATION_FAILED', 'id');
  });

  it('is in no list', async () => {
    const mine = (await shop.get('/v1/issuers')).body.issuers.map(({ ruc }) => ruc);
    expect(new Set(mine)).toEqual(new Set([SHOP_RUC]));
  });

  async function facts(): Promise<unknown> {
    const path = `/v1/issuers/${other.issuerId}`;
    const answers = await Promise.all(['', '/document-types', '/sequentials'].map((part) => other.get(path + part)));
    return [answers.map(({ body }) => body), await branches.logoOf(other.issuerId)];
  }
});

function certificateOfAnotherKey(): Buffer {
  return makeP12(newKey(), [makeCertificate({ key: newKey() })], P12_PASSWORD);
}
