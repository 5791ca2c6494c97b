import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { documentTypes } from '../../domain/format/document-types.ts';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { hasPdftotext, pdfText } from '../domain/format/ride/pdf-text.ts';
import { type DocumentView, mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  for (const { code } of documentTypes.slice(1)) {
    const enabled = await shop.post(`/v1/issuers/${shop.issuerId}/document-types`, { documentType: code });
    expect(enabled.status).toBe(200);
  }
});

afterEach(() => stack.sri.heal());

afterAll(() => stack.stop());

const DAY_MS = 86_400_000;
const inDays = (days: number) => taxDateOf(new Date(Date.now() + days * DAY_MS));

/** The example of the documentation, as of today. */
function exampleOf(example: object): object {
  const text = JSON.stringify(example)
    .replaceAll('20/11/2026', inDays(-1))
    .replaceAll('25/11/2026', inDays(0))
    .replaceAll('26/11/2026', inDays(1))
    .replaceAll('"11/2026"', `"${inDays(0).slice(3)}"`);
  return JSON.parse(text) as object;
}

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
  const body = exampleOf(type.example);
  let document: DocumentView & { documentType: string; buyer: { name: string } };

  it('can be tried out', async () => {
    const tried = await shop.post('/v1/documents/validate', body);
    expect(tried.status).toBe(200);
    expect(tried.body.totals.total).toMatch(/^\d+\.\d\d$/);
  });

  it('becomes an authorized document in one call', async () => {
    const made = await shop.post('/v1/documents', { ...body, autoSend: true }, { prefer: 'wait=30' });
    expect(made.bytes.toString()).toContain('AUTHORIZED');
    expect(made.status).toBe(201);
    document = made.body.document as typeof document;
    expect(document).toMatchObject({
      status: 'AUTHORIZED',
      documentType: type.code,
      sequential: '000000001',
      buyer: { name: PARTIES[type.code] },
    });
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1, state: 'AUTORIZADO' });
  });

  it('has a printed form', async () => {
    const { bytes } = await until('the RIDE', async () => {
      const answer = await shop.get(`/v1/documents/${document.accessKey}/ride`);
      return answer.status === 200 && answer;
    });
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
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
      expect((await shop.get(`/v1/documents/${document.accessKey}`)).body.document.email.status).toBe('SKIPPED');
      return;
    }
    const mail = await until('the mail', async () =>
      (await mailsIn(stack)).find(({ to, subject }) => to === email && subject.includes(`${name} 001-001-000000001`)),
    );
    expect(mail.subject).toContain(name);
  });

  it('is found by its type', async () => {
    const listed = (await shop.get(`/v1/documents?documentType=${type.code}`)).body.data;
    expect(listed.map(({ accessKey }) => accessKey)).toEqual([document.accessKey]);
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
    const { sequentials } = (await shop.get(`/v1/issuers/${shop.issuerId}/sequentials`)).body;
    expect(sequentials.find(({ documentType }) => documentType === type.code)?.sandbox.next).toBe(3);
  });
});
