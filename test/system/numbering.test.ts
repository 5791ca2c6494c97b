import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const FIFTY = Array.from({ length: 50 }, (_, index) => index);

describe('numbers', () => {
  it('are consecutive when fifty sales come at once: no gap, no double', async () => {
    const sold = await Promise.all(FIFTY.map(() => shop.sell()));
    expect(sold.map(({ status }) => status)).toEqual(FIFTY.map(() => 201));
    const numbers = sold.map(({ body }) => Number(body.document.sequential)).toSorted((a, b) => a - b);
    expect(numbers).toEqual(FIFTY.map((index) => index + 1));
    expect(new Set(sold.map(({ body }) => body.document.accessKey)).size).toBe(50);
  });

  it('are used once when one sale is sent fifty times with one Idempotency-Key', async () => {
    const sold = await Promise.all(FIFTY.map(() => shop.sell({}, { 'idempotency-key': 'ticket-4711' })));
    expect(new Set(sold.map(({ body }) => body.document.accessKey)).size).toBe(1);
    expect(sold.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(sold.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(sold.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(49);
    const next = Number(sold[0]!.body.document.sequential) + 1;
    expect(Number((await shop.sell()).body.document.sequential)).toBe(next);
  });

  it('are not used by a repeat with another body', async () => {
    const other = await shop.sell({ tip: '1.00' }, { 'idempotency-key': 'ticket-4711' });
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT']);
    expect((await shop.sell()).body.document.sequential).toBe('000000053');
  });
});
