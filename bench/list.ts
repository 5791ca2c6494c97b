// What a page of 100 costs in a list of a million documents of one issuer: the first, and by cursor at the end of each
// tenth of the list, in every order; and what the searches cost that have to look further.
import { startTemporaryPostgres } from '../dev/embedded-postgres.ts';
import type { DocumentContext } from '../domain/documents/context.ts';
import { type DocumentFilter, listDocuments, type PageStart } from '../domain/documents/list.ts';
import { type DocumentOrder, positionOf, SORT_KEYS, type SortBy } from '../domain/documents/list-order.ts';
import { documentStats } from '../domain/documents/stats.ts';
import { migrate } from '../domain/store/migrate.ts';
import { Store } from '../domain/store/store.ts';
import { insertDocuments, insertIssuer } from '../test/support/many-documents.ts';

const COUNT = 1_000_000;
const LIMIT = 100;
const ROUNDS = 15;

const postgres = await startTemporaryPostgres({ fast: false });
await migrate(postgres.url);
const store = await Store.open({ databaseUrl: postgres.url, poolSize: 2 });
const ctx: DocumentContext = {
  store,
  appEnv: 'staging',
  sriHosts: { sandbox: 'sri.example', production: 'sri.example' },
  finalConsumerLimit: '50.00',
  mailDomain: 'example.com',
  clock: () => new Date(),
};

try {
  const owner = await insertIssuer(store);
  const scope = { ...owner, environment: 'sandbox' } as const;
  await insertDocuments(postgres.url, { ...owner, count: COUNT });

  const newest: DocumentOrder = { by: 'issueDate', direction: 'desc' };
  const page = (filter: DocumentFilter, start: PageStart = { offset: 0 }, order = newest) =>
    listDocuments(ctx, scope, filter, { order, start, limit: LIMIT });

  /** Where each tenth of the list ends, in this order. */
  async function tenths(order: DocumentOrder): Promise<PageStart[]> {
    const starts: PageStart[] = [];
    for (let tenth = 1; tenth < 10; tenth++) {
      const sequential = String((COUNT / 10) * tenth + tenth).padStart(9, '0');
      const [row] = (await page({ sequential })).documents;
      starts.push({ after: positionOf(row!, order) });
    }
    return starts;
  }

  console.log(`Pages of ${LIMIT} out of ${COUNT} documents; median of ${ROUNDS}, in ms`);
  for (const by of Object.keys(SORT_KEYS) as SortBy[]) {
    const order = { by, direction: 'desc' } as const;
    const beginning = await first(order);
    const further = [];
    for (const start of await tenths(order)) further.push(await median(() => page({}, start, order)));
    console.log(
      `${by.padEnd(12)} first ${beginning.toFixed(1)}, further ${further.map((ms) => ms.toFixed(1)).join(' ')}`,
    );
  }

  /** The first page by an open position, so that nothing is counted as in those further on. */
  async function first(order: DocumentOrder): Promise<number> {
    const [row] = (await page({}, undefined, order)).documents;
    return median(() => page({}, { after: positionOf(row!, order) }, order));
  }

  const others: [string, () => Promise<unknown>][] = [
    ['first page by number, counted', () => page({})],
    ['page 5,000 by number', () => page({}, { offset: 4_999 * LIMIT })],
    ['a buyer with 200 documents', () => page({ buyerName: 'ñandú 4711' })],
    ['a buyer that there is not', () => page({ buyerName: 'nobody' })],
    ['the same within a month', () => page({ buyerName: 'nobody', from: '01/03/2025', to: '31/03/2025' })],
    ['statistics of a month', () => documentStats(ctx, scope, { from: '01/03/2025', to: '31/03/2025' })],
  ];
  for (const [name, work] of others) console.log(`${name}: ${(await median(work, 5)).toFixed(1)}`);
} finally {
  await store.close();
  await postgres.stop();
}

async function median(work: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
}
