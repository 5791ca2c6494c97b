import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../dev/start/patience.ts';
import { readBatch, resultsOf, startBatch } from '../support/batches.ts';
import { type MortalWorker, startMortalWorker } from '../support/mortal-worker.ts';
import { sampleSale } from '../support/sales.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const LINES = 10_000;
/** One line in so many is refused. */
const BROKEN = 100;
const ISSUED = LINES - LINES / BROKEN;
/** Patient, since the machine may be busy with other tests, and a dead worker is given up after 12 s only. */
const PATIENT = 480_000;

let stack: Stack;
let shop: Shop;
let worker: MortalWorker;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  await stack.stopWorkers();
});

afterAll(async () => {
  await worker.kill();
  await stack.stop();
});

/** Waits until so many lines have a result. */
async function reached(id: string, done: number): Promise<void> {
  const far = async () => ((await readBatch(shop, id)).lines.pending <= LINES - done ? true : undefined);
  await waitFor(far, { what: `${done} results`, seconds: 240, signal: new AbortController().signal });
}

describe('a batch of ten thousand lines, its worker killed twice on the way', () => {
  it('has ten thousand results, each number once, and none left out', { timeout: PATIENT }, async () => {
    const isBroken = (line: number) => line % BROKEN === 0;
    const lines = Array.from({ length: LINES }, (_, index) =>
      isBroken(index + 1) ? { ...sampleSale(), tip: '99.00' } : sampleSale(),
    );
    const { id } = await startBatch(shop, lines);
    for (const done of [LINES / 4, LINES / 2]) {
      worker = await startMortalWorker(stack, ['documents', 'bulk']);
      await reached(id, done);
      await worker.kill();
      expect((await readBatch(shop, id)).lines.pending).toBeGreaterThan(0);
    }
    worker = await startMortalWorker(stack, ['documents', 'bulk']);
    await reached(id, LINES);

    const results = await resultsOf(shop, { id });
    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
    for (const { line, outcome, problem } of results.filter(({ document }) => document === null)) {
      expect([isBroken(line), outcome, problem?.code]).toEqual([true, 'REFUSED', 'VALIDATION_FAILED']);
    }
    // In the order of the lines, too.
    const documents = results.flatMap(({ document }) => document ?? []);
    expect(documents.map(({ sequential }) => Number(sequential))).toEqual(
      Array.from({ length: ISSUED }, (_, index) => index + 1),
    );
    expect(new Set(documents.map(({ status }) => status))).toEqual(new Set(['SIGNED']));
    const [made] = await stack.store.lookUp<{ documents: number; counted: number; promises: number }>(
      `select count(*)::int as documents, (select document_count from tenants where id = ?) as counted,
         (select count(*)::int from outbox where tenant_id = ?) as promises
       from documents where tenant_id = ?`,
      [shop.tenantId, shop.tenantId, shop.tenantId],
    );
    expect(made).toEqual({ documents: ISSUED, counted: ISSUED, promises: 0 });
    const { status, lines: counts } = await readBatch(shop, id);
    expect([status, counts]).toEqual([
      'COMPLETED',
      { total: LINES, pending: 0, issued: ISSUED, refused: LINES - ISSUED, cancelled: 0 },
    ]);
  });
});
