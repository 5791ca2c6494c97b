import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { expectProblem } from '../support/problem.ts';
import { sampleBuyer, sampleItem, sampleSale } from '../support/sales.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const PATH = '/v1/documents/validate';

describe('trying a document out', () => {
  it('computes its amounts, and takes neither number nor quota', async () => {
    const sale = sampleSale({ items: [sampleItem(), sampleItem({ quantity: '3', unitPrice: '1.333333' })] });
    const tried = await shop.post(PATH, { ...sale, autoSend: true });
    expect(tried.status).toBe(200);
    expect(tried.body).toMatchObject({
      ok: true,
      totals: {
        subtotal: '14.00',
        discount: '0.00',
        tip: '0.00',
        total: '16.10',
        taxes: [{ code: '2', rateCode: '4', rate: '15', base: '14.00', amount: '2.10' }],
        lines: [{ net: '10.00' }, { net: '4.00' }],
      },
    });
    expect((await shop.get('/v1/documents')).body.data).toEqual([]);
    const { documentCount } = await stack.store.asSystem((em) => em.findOneOrFail(Tenant, shop.tenantId));
    expect(documentCount).toBe(0);
    const sold = await shop.post('/v1/documents', sale);
    expect(sold.body.document).toMatchObject({ sequential: '000000001', total: tried.body.totals.total });
  });

  it.each([
    ['a wrong cédula', () => sampleSale({ buyer: { ...sampleBuyer, id: '0926687857' } })],
    ['a payment too little', () => sampleSale({ payments: [{ method: '01', total: '1.00' }] })],
    ['another day', () => ({ ...sampleSale(), issueDate: '01/01/2026' })],
    ['an unknown field', () => ({ ...sampleSale(), colour: 'red' })],
    ['another type', () => ({ documentType: '04' })],
    ['nothing', () => undefined],
    ['a document that is too big', () => tooBig()],
  ])('refuses %s as creating it does', async (_, body) => {
    const tried = await shop.post(PATH, body());
    const created = await shop.post('/v1/documents', body());
    expect(tried.status).toBe(400);
    const { instance: __, ...problem } = created.body as unknown as Record<string, unknown>;
    expect(tried.body).toEqual({ ...problem, instance: PATH });
  });

  it('is of use when the quota is used up', async () => {
    const set = (documentQuota: number) =>
      stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, { documentQuota }));
    await set(1);
    expectProblem(await shop.sell(), 402, 'QUOTA_EXCEEDED');
    expect((await shop.post(PATH, sampleSale())).status).toBe(200);
    await set(20_000);
  });
});

function tooBig(): object {
  const long = 'x'.repeat(300);
  const details = [1, 2, 3].map((at) => ({ name: `n${at}`, value: long }));
  return sampleSale({
    items: Array.from({ length: 250 }, () => sampleItem({ description: long, additionalDetails: details })),
  });
}
