import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsIn } from '../../dev/fuzz/faults.ts';
import { EDGES, type EdgeName } from '../../dev/fuzz/requests.ts';
import { fuzzEdge } from '../../dev/fuzz/run-edge.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const INPUTS = 1_000;

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

describe('the HTTP edge', () => {
  it.each(Object.keys(EDGES) as EdgeName[])('answers or closes whatever is made of a request: %s', async (name) => {
    const { apiUrl } = stack;
    const { apiKey, issuerId } = shop;
    // A busy machine is slow; what hangs does so for ever.
    const run = { inputs: INPUTS, seed: 1, limitMs: 20_000 };
    expect(await fuzzEdge(name, { apiUrl, apiKey, issuerId }, run)).toMatchObject({ inputs: INPUTS, findings: [] });
    expect(faultsIn(stack.logs())).toEqual([]);
  });
});
