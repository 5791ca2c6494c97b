import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentContext, IssuerScope } from '../../domain/documents/context.ts';
import { COUNTED, type DocumentFilter, listDocuments, type PageStart } from '../../domain/documents/list.ts';
import { type DocumentOrder, positionOf, SORT_KEYS, type SortBy } from '../../domain/documents/list-order.ts';
import { MAX_MAILS, mailsToTry } from '../../domain/documents/mail.ts';
import { documentStats } from '../../domain/documents/stats.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from '../support/database.ts';
import { insertDocuments, insertIssuer, PER_DAY } from '../support/many-documents.ts';
import { readings as readingsOf, type Reading } from '../support/readings.ts';

const COUNT = 100_000;
const LIMIT = 100;
const MIDDLE = COUNT / 2 + 1_234;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;
let ctx: DocumentContext;
let scope: IssuerScope;

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: 2 });
  ctx = {
    store,
    appEnv: 'staging',
    sriHosts: { sandbox: 'sri.example', production: 'sri.example' },
    finalConsumerLimit: '50.00',
    mailDomain: 'example.com',
    clock: () => new Date('2025-06-01T12:00:00Z'),
  };
  const shop = await insertIssuer(store);
  scope = { ...shop, environment: 'sandbox' };
  await insertDocuments(database.url, { ...shop, count: COUNT });
  const other = await insertIssuer(store);
  await insertDocuments(database.url, { ...other, count: 2_000 });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

/** What the statements on documents read. */
function readings(work: () => Promise<unknown>): Promise<Reading[]> {
  return readingsOf({ store, tenantId: scope.tenantId, table: 'documents' }, work);
}

const NEWEST: DocumentOrder = { by: 'issueDate', direction: 'desc' };

function page(filter: DocumentFilter, start: PageStart = { offset: 0 }, order = NEWEST) {
  return listDocuments(ctx, scope, filter, { order, start, limit: LIMIT });
}

/** The place in the middle of all the documents. */
async function middle(order: DocumentOrder): Promise<PageStart> {
  const { documents } = await page({ sequential: String(MIDDLE).padStart(9, '0') });
  return { after: positionOf(documents[0]!, order) };
}

const ORDERS = (Object.keys(SORT_KEYS) as SortBy[]).flatMap((by) =>
  (['asc', 'desc'] as const).map((direction) => ({ by, direction })),
);

const FILTERS: [string, DocumentFilter][] = [
  ['a common status', { status: 'AUTHORIZED' }],
  ['a rare status', { status: 'RECEIVED' }],
  ['a status that none has', { status: 'SIGNED' }],
  ['a type', { documentType: '01' }],
  ['some days', { from: '01/03/2025', to: '10/03/2025' }],
  ['days without any', { from: '01/03/2030' }],
  ['a rare status and some days', { status: 'RETURNED', from: '01/03/2025', to: '10/03/2025' }],
  ['a common status and one day', { status: 'AUTHORIZED', from: '01/03/2025', to: '01/03/2025' }],
  ['a number', { sequential: '000056789' }],
];

describe('a page of a list', () => {
  it.each(ORDERS)('by $by, $direction, reads itself and no more, from the start or from the middle', async (order) => {
    const [first] = await readings(() => page({}, { offset: 0 }, order));
    const start = await middle(order);
    const [further] = await readings(() => page({}, start, order));
    for (const { kinds, looked } of [first!, further!]) {
      expect(kinds).toEqual(['Limit', 'Index Scan']);
      expect(looked).toBe(LIMIT + 1);
    }
  });

  it.each(FILTERS)('of %s reads itself and no more', async (_, filter) => {
    const [listed, ...counted] = await readings(() => page(filter));
    expect(listed!.kinds).not.toContain('Seq Scan');
    expect(listed!.looked).toBeLessThanOrEqual(LIMIT + 1);
    for (const { kinds, looked } of counted) {
      expect(kinds).not.toContain('Seq Scan');
      // Along the list there may be some that are not of this status.
      expect(looked).toBeLessThanOrEqual(COUNTED * 1.1);
    }
  });

  it('of a buyer is read along the order of the list, up to the last row of the page', async () => {
    const [{ kinds, looked }] = (await readings(() => page({ buyerName: 'ÑANDÚ 49' }))) as [Reading];
    expect(kinds).toEqual(['Limit', 'Index Scan']);
    expect(looked).toBeLessThan(COUNT / 10);
  });

  it('is counted up to a bound, and not at all by cursor', async () => {
    expect((await page({})).total).toBe(COUNTED);
    expect((await page({ status: 'RECEIVED' })).total).toBe(COUNT / 1_000);
    expect((await page({ status: 'RECEIVED' }, { offset: COUNT / 1_000 })).total).toBe(COUNT / 1_000);
    expect((await page({}, { offset: COUNT - 1 })).total).toBe(COUNTED);
    expect((await page({}, await middle(NEWEST))).total).toBeUndefined();
  });
});

describe('the statistics', () => {
  it('read the documents of their days', async () => {
    const [{ kinds, looked }] = (await readings(() =>
      documentStats(ctx, scope, { from: '01/03/2025', to: '10/03/2025' }),
    )) as [Reading];
    expect(kinds).not.toContain('Seq Scan');
    expect(looked).toBe(10 * PER_DAY);
  });
});

describe('the mails to be tried again', () => {
  it('are found among those that have not gone out', async () => {
    const [{ kinds, looked }] = (await readings(() => mailsToTry(ctx, scope))) as [Reading];
    expect(kinds).toEqual(['Limit', 'LockRows', 'Index Scan']);
    expect(looked).toBe(MAX_MAILS);
  });

  it('are so many at a time, and the next time others', async () => {
    const [first, second] = [await mailsToTry(ctx, scope), await mailsToTry(ctx, scope)];
    expect(new Set([...first, ...second]).size).toBe(2 * MAX_MAILS);
  });
});
