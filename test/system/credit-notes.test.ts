import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessKeyCheckDigit } from '../../domain/model/access-key.ts';
import { finalConsumer, sampleBuyer, sampleItem } from '../support/sales.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  await shop.post(`/v1/issuers/${shop.issuerId}/document-types`, { documentType: '04' });
});

afterEach(() => stack.sri.heal());

afterAll(() => stack.stop());

const waiting = { prefer: 'wait=30' };
const { email: _, ...buyer } = sampleBuyer;

/** A sale of ten units at 11.50 all told, or of what is given. */
async function sold(sale: Parameters<Shop['sell']>[0] = { items: [sampleItem({ quantity: '10', unitPrice: '10' })] }) {
  const { document } = (await shop.sell({ ...sale, autoSend: true }, waiting)).body;
  expect(document.status).toBe('AUTHORIZED');
  return document;
}

/** A note over so many of them. */
const note = (modifies: object, quantity: string) => ({
  documentType: '04',
  buyer,
  modifies,
  reason: 'Devolución de mercadería',
  items: [sampleItem({ quantity, unitPrice: '10' })],
});

const credit = (modifies: object, quantity: string, more: object = {}) =>
  shop.post('/v1/documents', { ...note(modifies, quantity), ...more }, waiting);

/** The key with a part of it replaced, and the check digit made right. */
function altered(key: string, from: number, part: string): string {
  const digits = `${key.slice(0, from)}${part}${key.slice(from + part.length)}`.slice(0, 48);
  return digits + accessKeyCheckDigit(digits);
}

async function balanceOf({ accessKey }: { accessKey: string }) {
  const { balance } = (await shop.get(`/v1/documents/${accessKey}/credit-notes`)).body as unknown as {
    balance: Record<'total' | 'credited' | 'reserved' | 'available', string>;
  };
  return balance;
}

describe('credit notes on a sale', () => {
  it('take from its balance as soon as they are made, by its key or by its number', async () => {
    const sale = await sold();
    const byKey = await credit({ accessKey: sale.accessKey }, '3');
    expect(byKey.status).toBe(201);
    const number = `001-001-${sale.sequential}`;
    const byNumber = await credit({ documentType: '01', number, issueDate: sale.issueDate }, '2', { autoSend: true });
    expect(byNumber.body.document.status).toBe('AUTHORIZED');
    expect(await balanceOf(sale)).toEqual({
      total: '115.00',
      credited: '23.00',
      reserved: '34.50',
      available: '57.50',
    });
    const { data } = (await shop.get(`/v1/documents/${sale.accessKey}/credit-notes`)).body;
    expect(data.map(({ accessKey }) => accessKey)).toEqual([
      byNumber.body.document.accessKey,
      byKey.body.document.accessKey,
    ]);
    const refused = await credit({ accessKey: sale.accessKey }, '6');
    expect([refused.status, refused.body.code]).toEqual([409, 'CREDIT_EXCEEDS_BALANCE']);
    expect((await credit({ accessKey: sale.accessKey }, '5')).status).toBe(201);
    expect(await balanceOf(sale)).toMatchObject({ available: '0.00' });
  });

  it('that race never come to more than it', async () => {
    const sale = await sold();
    const answers = await Promise.all(Array.from({ length: 20 }, () => credit({ accessKey: sale.accessKey }, '1.5')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(6);
    expect(answers.filter(({ body }) => body.code === 'CREDIT_EXCEEDS_BALANCE')).toHaveLength(14);
    expect(await balanceOf(sale)).toMatchObject({ reserved: '103.50', available: '11.50' });
  });

  it('that SRI refuses give their share back, and take it again when they are rebuilt', async () => {
    const sale = await sold();
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', times: 1 });
    const { document } = (await credit({ accessKey: sale.accessKey }, '8', { autoSend: true })).body;
    expect(document.status).toBe('NOT_AUTHORIZED');
    expect(await balanceOf(sale)).toMatchObject({ reserved: '0.00', available: '115.00' });
    expect((await credit({ accessKey: sale.accessKey }, '4')).status).toBe(201);
    const rebuild = (quantity: string) =>
      shop.post(`/v1/documents/${document.accessKey}/rebuild`, note({ accessKey: sale.accessKey }, quantity), waiting);
    expect((await rebuild('8')).body.code).toBe('CREDIT_EXCEEDS_BALANCE');
    expect((await rebuild('6')).status).toBe(200);
    expect(await balanceOf(sale)).toMatchObject({ reserved: '115.00', available: '0.00' });
  });

  it('that SRI has refused, and that are rebuilt at once, never come to more than it', async () => {
    const sale = await sold();
    const keys: string[] = [];
    for (let count = 0; count < 2; count++) {
      await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', times: 1 });
      const { document } = (await credit({ accessKey: sale.accessKey }, '8', { autoSend: true })).body;
      expect(document.status).toBe('NOT_AUTHORIZED');
      keys.push(document.accessKey);
    }
    const answers = await Promise.all(
      keys.map((key) => shop.post(`/v1/documents/${key}/rebuild`, note({ accessKey: sale.accessKey }, '8'), waiting)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'CREDIT_EXCEEDS_BALANCE')).toHaveLength(1);
    expect(await balanceOf(sale)).toMatchObject({ reserved: '92.00', available: '23.00' });
  });

  it('take no number when they are too large, and tell what is left', async () => {
    const sale = await sold();
    const next = async () =>
      (await shop.get(`/v1/issuers/${shop.issuerId}/sequentials`)).body.sequentials.find(
        ({ documentType }) => documentType === '04',
      )!.sandbox.next;
    const before = await next();
    const refused = await credit({ accessKey: sale.accessKey }, '11');
    expect(refused.body.detail).toContain('115.00');
    expect(await next()).toBe(before);
  });

  it('say of it what it is', async () => {
    const sale = await sold();
    const fieldsOf = async (modifies: object, more: object = {}) =>
      (await credit(modifies, '1', more)).body.errors.map(({ field }) => field);
    expect(await fieldsOf({ accessKey: sale.accessKey }, { buyer: { ...buyer, id: '1710034065' } })).toEqual([
      'buyer.id',
    ]);
    const number = `001-001-${sale.sequential}`;
    expect(await fieldsOf({ documentType: '01', number, issueDate: '01/01/2026' })).toEqual(['modifies.issueDate']);
    const ofAnother = altered(sale.accessKey, 39, sale.accessKey[39] === '0' ? '1' : '0');
    expect(await fieldsOf({ accessKey: ofAnother })).toEqual(['modifies.accessKey']);
    expect(await fieldsOf({ accessKey: altered(sale.accessKey, 23, '2') })).toEqual(['modifies.accessKey']);
    expect(await fieldsOf({ accessKey: altered(sale.accessKey, 23, '3') })).toEqual(['modifies.accessKey']);
  });

  it('wait until it is authorized', async () => {
    const { document } = (await shop.sell()).body;
    const refused = await credit({ accessKey: document.accessKey }, '1');
    expect(refused.body.errors).toMatchObject([{ field: 'modifies', message: expect.stringContaining('SIGNED') }]);
    expect(await balanceOf(document)).toMatchObject({ total: '11.50', available: '0.00' });
  });

  it('are not made on a sale to the final consumer', async () => {
    const sale = await sold({ buyer: { ...finalConsumer, email: 'x@example.com' }, items: [sampleItem()] });
    const asConsumer = await credit({ accessKey: sale.accessKey }, '1', { buyer: finalConsumer });
    expect(asConsumer.body.errors.map(({ field }) => field)).toContain('buyer.idType');
    expect((await credit({ accessKey: sale.accessKey }, '1')).body.errors).toMatchObject([
      { field: 'modifies', message: expect.stringContaining('final consumer') },
    ]);
    expect(await balanceOf(sale)).toMatchObject({ available: '0.00' });
  });

  it('on a document that was issued elsewhere have no balance to keep to', async () => {
    const elsewhere = { documentType: '01', number: '009-009-000000009', issueDate: '20/11/2026' };
    expect((await credit(elsewhere, '100000')).status).toBe(201);
  });

  it('of another account know nothing of it', async () => {
    const sale = await sold();
    const other = await openShop(stack, { email: 'other@example.com', ruc: '0926687856001' });
    const path = `/v1/documents/${sale.accessKey}/credit-notes`;
    expect((await other.get(path)).status).toBe(404);
    await other.post(`/v1/issuers/${other.issuerId}/document-types`, { documentType: '04' });
    const tried = await other.post('/v1/documents', note({ accessKey: sale.accessKey }, '1'));
    expect(tried.body.errors.map(({ field }) => field)).toEqual(['modifies.accessKey']);
    expect(await balanceOf(sale)).toMatchObject({ available: '115.00' });
  });
});
