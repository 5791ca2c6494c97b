import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeKey } from '../../domain/certificates/dismiss.ts';
import type { DocumentType } from '../../domain/model/document.ts';
import { createNotification } from '../../domain/notifications/create.ts';
import { Certificate, Issuer } from '../../domain/store/entities/issuer.ts';
import { branchesOf, certificateForm, formOf, PNG, statusesOf } from '../support/branches.ts';
import { GIF, JPEG, png } from '../support/pictures.ts';
import { expectProblem } from '../support/problem.ts';
import { type Answer, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;
let branches: ReturnType<typeof branchesOf>;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  branches = branchesOf(stack, shop);
});

afterAll(() => stack.stop());

async function setTypes(issuerId: string, codes: string[]): Promise<void> {
  await stack.store.asSystem((em) =>
    em.nativeUpdate(Issuer, { id: issuerId }, { documentTypes: codes as DocumentType[] }),
  );
}

describe('the document types of an issuer', () => {
  let path: string;
  let id: string;

  beforeAll(async () => {
    id = await branches.opened('030-001');
    path = `/v1/issuers/${id}/document-types`;
  });

  it('are listed, and enabling what is enabled changes nothing', async () => {
    expect((await shop.get(path)).body).toEqual({ ok: true, documentTypes: ['01'] });
    const again = await shop.post(path, { documentType: '01' });
    expect([again.status, again.body]).toEqual([200, { ok: true, documentTypes: ['01'] }]);
  });

  it('can be disabled and enabled again, and numbering goes on', async () => {
    await setTypes(id, ['01', '04']);
    expect(await branches.numberAt(id)).toBe(1);
    expect((await shop.delete(`${path}/01`)).body).toEqual({ ok: true, documentTypes: ['04'] });
    expectProblem(await branches.sellAt(id), 400, 'DOCUMENT_TYPE_NOT_ENABLED');
    expectProblem(await shop.delete(`${path}/01`), 404, 'NOT_FOUND');
    expect((await shop.post(path, { documentType: '01' })).body.documentTypes).toEqual(['01', '04']);
    expect(await branches.numberAt(id)).toBe(2);
  });

  it('never become none, even when all are disabled at once', async () => {
    await setTypes(id, ['01', '04', '05']);
    const answers = await Promise.all(['01', '04', '05'].map((code) => shop.delete(`${path}/${code}`)));
    expect(statusesOf(answers)).toEqual([200, 200, 400]);
    expectProblem(
      answers.find(({ status }) => status === 400)!,
      400,
      'BAD_REQUEST',
    );
    expect((await shop.get(path)).body.documentTypes).toHaveLength(1);
    await setTypes(id, ['01']);
  });

  it('are refused when they are not issued here, or no code', async () => {
    expectProblem(await shop.post(path, { documentType: '99' }), 400, 'DOCUMENT_TYPE_NOT_SUPPORTED');
    expectProblem(await shop.post(path, { documentType: '1' }), 400, 'VALIDATION_FAILED', 'documentType');
    expectProblem(await shop.post(path, {}), 400, 'VALIDATION_FAILED', 'documentType');
    expectProblem(await shop.delete(`${path}/factura`), 400, 'VALIDATION_FAILED', 'code');
  });
});

describe('a logo', () => {
  it.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/gif', GIF],
  ])('that is %s takes the place of the one before', async (mediaType, logo) => {
    const answer = await shop.patch(`/v1/issuers/${shop.issuerId}/logo`, formOf({}, { logo }));
    expect([answer.status, answer.body]).toEqual([200, { ok: true }]);
    expect(await branches.logoOf(shop.issuerId)).toMatchObject({ mediaType, image: logo });
  });

  it('is refused when it is no picture, too large, missing, or not alone', async () => {
    const send = (body: unknown) => shop.patch(`/v1/issuers/${shop.issuerId}/logo`, body);
    const before = await branches.logoOf(shop.issuerId);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    expectProblem(await send(formOf({}, { logo: svg })), 400, 'VALIDATION_FAILED', 'logo');
    expectProblem(await send(formOf({}, { logo: Buffer.alloc(0) })), 400, 'VALIDATION_FAILED', 'logo');
    expectProblem(await send(formOf({}, { logo: png(4_001, 1) })), 400, 'VALIDATION_FAILED', 'logo');
    const large = Buffer.concat([PNG, Buffer.alloc(500 * 1024)]);
    expectProblem(await send(formOf({}, { logo: large })), 413, 'PAYLOAD_TOO_LARGE', 'logo');
    expectProblem(await send(undefined), 400, 'VALIDATION_FAILED', 'logo');
    expectProblem(await send(formOf({ logo: 'text' })), 400, 'VALIDATION_FAILED', 'logo');
    expectProblem(await send(formOf({ alt: 'x' }, { logo: PNG })), 400, 'VALIDATION_FAILED', 'alt');
    expect(await branches.logoOf(shop.issuerId)).toEqual(before);
  });
});

describe('a new certificate', () => {
  it('signs at once, while sales go on, and the key of the old one is gone with its last issuer', async () => {
    const id = await branches.opened('040-001');
    const first = await renew(id);
    const sales = Array.from({ length: 10 }, () => branches.sellAt(id));
    const second = await renew(id);
    const sold = await Promise.all(sales);
    expect(statusesOf(sold)).toEqual(sold.map(() => 201));
    for (const sale of sold) {
      expect(sale.body.document.status).toBe('SIGNED');
      expect([first, second]).toContain(await branches.signerOf(sale, id));
    }
    expect(await branches.signerOf(await branches.sellAt(id), id)).toBe(second);
    expect((await shop.get(`/v1/issuers/${id}`)).body.issuer.certFingerprint).toBe(second);
    const kept = async (fingerprint: string) =>
      stack.store.asSystem((em) => em.count(Certificate, { fingerprint, sealedKey: { $ne: null } }));
    expect([await kept(first), await kept(second)]).toEqual([0, 1]);

    const sharing = await branches.opened('040-002', { sourceIssuerId: id });
    const third = await renew(id);
    expect([await kept(second), await kept(third)]).toEqual([1, 1]);
    expect((await shop.get(`/v1/issuers/${sharing}`)).body.issuer.certFingerprint).toBe(second);
    expect(await branches.signerOf(await branches.sellAt(sharing), sharing)).toBe(second);
  });

  it('comes beside documents that go all their way, and none waits for the other for ever', async () => {
    const id = await branches.opened('043-001');
    const asIssuer = { 'x-issuer-id': id, prefer: 'wait=60' };
    const sales = Array.from({ length: 8 }, () => shop.sell({ autoSend: true }, asIssuer));
    for (let time = 0; time < 4; time++) await renew(id);
    expect((await Promise.all(sales)).map(({ body }) => body.document.status)).toEqual(sales.map(() => 'AUTHORIZED'));
  });

  it('ends what was told of the old one, and is in the log of the account', async () => {
    const id = await branches.opened('044-001');
    await stack.store.asTenant(shop.tenantId, (em) =>
      createNotification(em, {
        tenantId: shop.tenantId,
        issuerId: id,
        type: 'CERT_EXPIRING',
        severity: 'WARNING',
        write: () => ({ title: 'Vence pronto', message: 'En 20 días', metadata: {} }),
        merge: { key: noticeKey(id) },
      }),
    );
    const readAt = async () =>
      (await shop.get('/v1/notifications', { 'x-issuer-id': id })).body.notifications.find(
        (notification) => notification.issuerId === id,
      )?.readAt;
    expect(await readAt()).toBeNull();
    const fingerprint = await renew(id);
    expect(await readAt()).not.toBeNull();
    expect((await shop.get('/v1/tenants/events?limit=1')).body.events).toMatchObject([
      { eventType: 'CERTIFICATE_RENEWED', detail: { issuerId: id, fingerprint } },
    ]);
  });

  it('signs a document that was created before, and SRI authorizes it', async () => {
    const id = await branches.opened('041-001');
    const before = await renew(id);
    await stack.stopWorkers();
    const waiting = await shop.sell({}, { 'x-issuer-id': id, prefer: 'wait=0' });
    expect([waiting.status, waiting.body.document.status]).toEqual([201, 'CREATED']);
    const after = await renew(id);
    await stack.startWorkers();
    const path = `/v1/documents/${waiting.body.document.accessKey}`;
    const signed = await until('the signature', async () => {
      const found = await shop.get(path, { 'x-issuer-id': id });
      return found.body.document.status === 'SIGNED' && found;
    });
    expect(after).not.toBe(before);
    expect(await branches.signerOf(signed, id)).toBe(after);
    await shop.post(`${path}/send`, undefined, { 'x-issuer-id': id, prefer: 'wait=30' });
    await until('the authorization', async () => {
      const { document } = (await shop.get(path, { 'x-issuer-id': id })).body;
      return document.status === 'AUTHORIZED';
    });
  });

  it('is one of many that are sent at once: one stays, and no key of another', async () => {
    const id = await branches.opened('042-001', { branchAddress: 'Loja' });
    await renew(id);
    const fingerprints = await Promise.all([1, 2, 3, 4].map(() => renew(id)));
    const { certFingerprint } = (await shop.get(`/v1/issuers/${id}`)).body.issuer;
    expect(fingerprints).toContain(certFingerprint);
    const left = await stack.store.asSystem((em) =>
      em.find(Certificate, { fingerprint: { $in: fingerprints }, sealedKey: { $ne: null } }),
    );
    expect(left.map(({ fingerprint }) => fingerprint)).toEqual([certFingerprint]);
  });

  it('that is missing is a refusal', async () => {
    const path = `/v1/issuers/${shop.issuerId}/certificate`;
    expectProblem(await shop.patch(path, formOf({ certPassword: 'x' })), 400, 'VALIDATION_FAILED', 'cert');
    expectProblem(
      await shop.patch(path, certificateForm(PNG, { ruc: '1793213150001' })),
      400,
      'VALIDATION_FAILED',
      'ruc',
    );
  });

  async function renew(id: string): Promise<string> {
    const answer = await shop.patch(`/v1/issuers/${id}/certificate`, certificateForm(branches.issueCertificate()));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ok: true,
      certFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      certExpiry: expect.any(String),
    });
    return answer.body.certFingerprint;
  }
});

describe('the numbering of an issuer', () => {
  let id: string;
  const raise = (nextSequential: unknown, environment = 'sandbox', type = '01'): Promise<Answer> =>
    shop.patch(`/v1/issuers/${id}/sequentials/${type}`, { environment, nextSequential });

  beforeAll(async () => {
    id = await branches.opened('050-001');
  });

  it('is shown, and goes up only', async () => {
    const path = `/v1/issuers/${id}/sequentials`;
    const untouched = { current: 0, next: 1 };
    expect((await shop.get(path)).body).toEqual({
      ok: true,
      sequentials: [{ documentType: '01', sandbox: untouched, production: untouched }],
    });
    expect(await branches.numberAt(id)).toBe(1);
    const raised = await raise(120);
    expect([raised.status, raised.body]).toEqual([
      200,
      { ok: true, sequential: { documentType: '01', sandbox: { current: 119, next: 120 }, production: untouched } },
    ]);
    expect((await raise(120)).status).toBe(200);
    expectProblem(await raise(119), 409, 'SEQUENTIAL_CANNOT_DECREASE');
    expect(await branches.numberAt(id)).toBe(120);
    expectProblem(await raise(120), 409, 'SEQUENTIAL_CANNOT_DECREASE');
    expect((await raise(7, 'production')).body.sequential).toMatchObject({
      sandbox: { next: 121 },
      production: { next: 7 },
    });
  });

  it('raised beside twenty sales: no number twice, none between, none below afterwards', async () => {
    const tenSales = () => Array.from({ length: 10 }, () => branches.numberAt(id));
    const earlier = tenSales();
    const raised = raise(500);
    const sales = [...earlier, ...tenSales()];
    expect((await raised).status).toBe(200);
    const later = await branches.numberAt(id);
    const numbers = await Promise.all(sales);
    const all = [...numbers, later].toSorted((a, b) => a - b);
    const below = all.filter((number) => number < 500);
    const above = all.filter((number) => number >= 500);
    expect(all).toHaveLength(21);
    expect(below).toEqual(below.map((_, index) => 121 + index));
    expect(above).toEqual(above.map((_, index) => 500 + index));
    expect(later).toBeGreaterThanOrEqual(500);
    expect(await branches.numberAt(id)).toBe(500 + above.length);
  });

  it('of a type that never numbered is raised once, by the highest of many at once', async () => {
    const other = await branches.opened('051-001');
    const answers = await Promise.all(
      [10, 30, 20, 40].map((nextSequential) =>
        shop.patch(`/v1/issuers/${other}/sequentials/01`, { environment: 'sandbox', nextSequential }),
      ),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await branches.numberAt(other)).toBe(40);
  });

  it('refuses what is no number, and types that are not issued here', async () => {
    for (const wrong of [0, -1, 1.5, 1_000_000_000, '7', null])
      expectProblem(await raise(wrong), 400, 'VALIDATION_FAILED', 'nextSequential');
    expectProblem(await raise(900, 'staging'), 400, 'VALIDATION_FAILED', 'environment');
    expectProblem(await raise(900, 'sandbox', '99'), 400, 'DOCUMENT_TYPE_NOT_SUPPORTED');
    expectProblem(await raise(900, 'sandbox', 'x'), 400, 'VALIDATION_FAILED', 'documentType');
  });

  it('can be used to the last number', async () => {
    const last = await branches.opened('052-001');
    await shop.patch(`/v1/issuers/${last}/sequentials/01`, { environment: 'sandbox', nextSequential: 999_999_999 });
    expect(await branches.numberAt(last)).toBe(999_999_999);
    expectProblem(await branches.sellAt(last), 409, 'CONFLICT');
    const { sequentials } = (await shop.get(`/v1/issuers/${last}/sequentials`)).body;
    expect(sequentials[0]!.sandbox).toEqual({ current: 999_999_999, next: 1_000_000_000 });
  });
});
