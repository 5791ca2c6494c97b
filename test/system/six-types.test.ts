import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { documentTypes } from '../../domain/format/document-types.ts';
import { hasPdftotext, pdfText } from '../domain/format/ride/pdf-text.ts';
import { expectStatus } from '../support/api-call.ts';
import type { Document, DocumentIn } from '../support/api-client.ts';
import { exampleOf } from '../support/examples.ts';
import { mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  for (const { code: documentType } of documentTypes.slice(1)) {
    const params = { id: shop.issuerId };
    expectStatus(await shop.client.enableIssuerDocumentType({ params, body: { documentType } }), 200);
  }
});

afterEach(() => stack.sri.heal());

afterAll(() => stack.stop());

/** Of whom the RIDE and the lists speak. */
const PARTIES: Readonly<Record<string, string>> = {
  '01': 'Juan Pérez',
  '03': 'Juan Pérez',
  '04': 'Juan Pérez',
  '05': 'Juan Pérez',
  '06': 'Transportes Andinos S.A.',
  '07': 'Comercial Andina S.A.',
};

describe.each(documentTypes.map((type) => [type.name, type] as const))('a %s', (name, type) => {
  const body = exampleOf(type.example) as DocumentIn;
  const headers = { Prefer: 'wait=30' };
  const sent = { ...body, autoSend: true };
  let document: Document;

  it('can be tried out', async () => {
    const tried = expectStatus(await shop.client.validateDocument({ body }), 200);
    expect(tried.body.totals.total).toMatch(/^\d+\.\d\d$/);
  });

  it('becomes an authorized document in one call', async () => {
    document = expectStatus(await shop.client.createDocument({ headers, body: sent }), 201).body.document;
    expect(document).toMatchObject({
      status: 'AUTHORIZED',
      documentType: type.code,
      sequential: '000000001',
      buyer: { name: PARTIES[type.code] },
    });
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1, state: 'AUTORIZADO' });
  });

  it('has a printed form', async () => {
    const ride = await until('the RIDE', async () => {
      const answer = await shop.client.getRide({ params: document });
      return answer.status === 200 && answer;
    });
    const bytes = Buffer.from(ride.body as Uint8Array);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const ticket = await shop.client.getRide({
      params: document,
      query: { format: 'ticket' },
      headers: { Prefer: 'wait=60' },
    });
    expect(ticket).toMatchObject(
      type.code === '01'
        ? { status: 200 }
        : { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ field: 'format' }] } },
    );
    if (!hasPdftotext) return;
    const text = pdfText(bytes).replaceAll(/\s+/g, ' ');
    expect(text).toContain(PARTIES[type.code]);
    expect(text).toContain('001-001-000000001');
    expect(text).toContain(document.accessKey);
    expect(text).toContain('RUC Proveedor');
  });

  it('is mailed under its name to whom it is made out to, if there is an address', async () => {
    const { email } = (type.party(type.body.parse(body) as never) as { email?: string }) ?? {};
    if (email === undefined) {
      const { body: found } = expectStatus(await shop.client.getDocument({ params: document }), 200);
      expect(found.document.email.status).toBe('SKIPPED');
      return;
    }
    const mail = await until('the mail', async () =>
      (await mailsIn(stack)).find(({ to, subject }) => to === email && subject.includes(`${name} 001-001-000000001`)),
    );
    expect(mail.subject).toContain(name);
  });

  it('is found by its type', async () => {
    const listed = await shop.client.listDocuments({ query: { documentType: type.code } });
    expect(expectStatus(listed, 200).body.data.map(({ accessKey }) => accessKey)).toEqual([document.accessKey]);
  });

  it('that SRI refuses is rebuilt under its number', async () => {
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', code: '52', times: 1 });
    const refused = (await shop.post('/v1/documents', { ...body, autoSend: true }, { prefer: 'wait=30' })).body
      .document;
    expect(refused.status).toBe('NOT_AUTHORIZED');
    const path = `/v1/documents/${refused.accessKey}`;
    const rebuilt = await shop.post(`${path}/rebuild`, { ...body, autoSend: true }, { prefer: 'wait=30' });
    expect(rebuilt.body.document).toMatchObject({ status: 'AUTHORIZED', sequential: '000000002' });
  });

  it('is refused by the field when it is wrong, and takes no number', async () => {
    const wrong = await shop.post('/v1/documents', {
      ...body,
      additionalInfo: [{ name: 'RUC Proveedor', value: '1' }],
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors).toMatchObject([{ field: 'additionalInfo[0].name' }]);
    const counters = await shop.client.listIssuerSequentials({ params: { id: shop.issuerId } });
    const { sequentials } = expectStatus(counters, 200).body;
    expect(sequentials.find(({ documentType }) => documentType === type.code)?.sandbox.next).toBe(3);
  });
});
