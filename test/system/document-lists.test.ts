import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { sampleBuyer } from '../support/sales.ts';
import { expectProblem } from '../support/problem.ts';
import { type AnswerBody, openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

const BUYERS = ['Álvaro Núñez', 'ALVARADO Rosa', 'Zoila Vaca', 'Ñora Íñiguez', 'beatriz nunez', 'Álvaro Núñez'];

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  for (const name of BUYERS) expect((await shop.sell({ buyer: { ...sampleBuyer, name } })).status).toBe(201);
});

afterAll(() => stack.stop());

async function list(query: Record<string, string | number> = {}): Promise<AnswerBody> {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  const answer = await shop.get(`/v1/documents?${text}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

const numbers = ({ data }: Pick<AnswerBody, 'data'>) => data.map(({ sequential }) => Number(sequential));

/** The numbers of a whole list, page by page. */
async function walk(query: Record<string, string | number>): Promise<number[]> {
  let page = await list(query);
  const found = numbers(page);
  while (page.pagination.nextCursor) {
    page = await list({ ...query, cursor: page.pagination.nextCursor });
    found.push(...numbers(page));
  }
  return found;
}

describe('a list of documents', () => {
  it.each([
    ['issueDate', 'asc', [1, 2, 3, 4, 5, 6]],
    ['issueDate', 'desc', [6, 5, 4, 3, 2, 1]],
    ['sequential', 'asc', [1, 2, 3, 4, 5, 6]],
    ['sequential', 'desc', [6, 5, 4, 3, 2, 1]],
    ['buyerName', 'asc', [2, 1, 6, 5, 4, 3]],
    ['buyerName', 'desc', [3, 4, 5, 6, 1, 2]],
    ['status', 'asc', [1, 2, 3, 4, 5, 6]],
    ['status', 'desc', [6, 5, 4, 3, 2, 1]],
  ])('by %s, %s, is the same in pages of any size', async (sortBy, sortDir, expected) => {
    for (const limit of [1, 2, 4, 6, 100]) expect(await walk({ sortBy, sortDir, limit })).toEqual(expected);
  });

  it('says where the next page begins, and of a page by number how many there are', async () => {
    const first = await list({ limit: 4 });
    expect(first.pagination).toEqual({
      limit: 4,
      page: 1,
      total: 6,
      totalIsCapped: false,
      nextCursor: expect.any(String),
    });
    expect((await list({ limit: 4, page: 2 })).pagination).toEqual({
      limit: 4,
      page: 2,
      total: 6,
      totalIsCapped: false,
      nextCursor: null,
    });
    const next = await list({ limit: 4, cursor: first.pagination.nextCursor! });
    expect(next.pagination).toEqual({ limit: 4, nextCursor: null });
  });

  it.each([
    ['nunez', [6, 5, 1]],
    ['NÚÑEZ', [6, 5, 1]],
    ['alvar', [6, 2, 1]],
    ['ñora', [4]],
    ['%', []],
    ['_', []],
  ])('finds buyers by part of their name: %s', async (buyerName, expected) => {
    expect(numbers(await list({ buyerName }))).toEqual(expected);
    expect(await walk({ buyerName, limit: 1 })).toEqual(expected);
  });

  it('finds a rebuilt document by its new buyer', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    const { accessKey } = (await shop.sell({}, {})).body.document;
    await shop.post(`/v1/documents/${accessKey}/send`, undefined, { prefer: 'wait=30' });
    const { requestPayload } = (await shop.get(`/v1/documents/${accessKey}`)).body.document as unknown as {
      requestPayload: object;
    };
    const rebuilt = await shop.post(`/v1/documents/${accessKey}/rebuild`, {
      ...requestPayload,
      buyer: { ...sampleBuyer, name: 'Çelik' },
    });
    expect(rebuilt.status).toBe(200);
    expect((await list({ buyerName: 'celik' })).data.map((row) => row.accessKey)).toEqual([accessKey]);
  });

  it.each(['3', '000000003'])('finds the number %s', async (sequential) => {
    expect(numbers(await list({ sequential }))).toEqual([3]);
  });

  it('goes on where it was while documents are added', async () => {
    const first = await list({ limit: 3 });
    await shop.sell();
    const next = await list({ limit: 3, cursor: first.pagination.nextCursor! });
    expect(numbers(next)).toEqual(numbers(first).map((number) => number - 3));
  });

  it('shows nobody else anything, not even with a cursor', async () => {
    const other = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
    const { nextCursor } = (await list({ limit: 1 })).pagination;
    for (const query of ['', `?cursor=${nextCursor}`, '?sequential=1', '?buyerName=a']) {
      expect((await other.get(`/v1/documents${query}`)).body.data).toEqual([]);
    }
    expect((await other.get('/v1/documents/stats')).body.stats).toMatchObject({ count: 0, byStatus: [], byDay: [] });
  });

  it.each([
    ['cursor=x', 'cursor'],
    ['cursor=W10', 'cursor'],
    [`cursor=${encoded(['issueDate', 'desc', '0000-01-01', '01900000-0000-7000-8000-000000000001'])}`, 'cursor'],
    [`cursor=${encoded(['issueDate', 'desc', '2026-02-30', '01900000-0000-7000-8000-000000000001'])}`, 'cursor'],
    [`cursor=${encoded(['issueDate', 'desc', '2026-02-03', '7'])}`, 'cursor'],
    [`cursor=${encoded(['issueDate', 'asc', '2026-02-03', '01900000-0000-7000-8000-000000000001'])}`, 'cursor'],
    [
      `sortBy=buyerName&cursor=${encoded(['buyerName', 'desc', '\0', '01900000-0000-7000-8000-000000000001'])}`,
      'cursor',
    ],
    [`page=2&cursor=${encoded(['issueDate', 'desc', '2026-02-03', '01900000-0000-7000-8000-000000000001'])}`, 'page'],
    ['sortBy=total', 'sortBy'],
    ['sortDir=up', 'sortDir'],
    ['sequential=x', 'sequential'],
    ['buyerName=', 'buyerName'],
    ['buyerName=%00', 'buyerName'],
  ])('refuses ?%s', async (query, field) => {
    expectProblem(await shop.get(`/v1/documents?${query}`), 400, 'VALIDATION_FAILED', field);
  });
});

function encoded(parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

describe('the statistics', () => {
  it('count by status and day, and add up', async () => {
    const { data } = await list({ limit: 100 });
    const count = data.length;
    const total = (count * 11.5).toFixed(2);
    const today = taxDateOf(new Date());
    const { stats } = (await shop.get('/v1/documents/stats')).body;
    const byStatus = [{ status: 'SIGNED', count, total }];
    expect(stats).toMatchObject({
      to: today,
      count,
      total,
      byStatus,
      byDocumentType: [{ documentType: '01', count, total, byStatus }],
      byDay: [{ date: today, count, total, byStatus }],
    });
    const sameDay = (await shop.get(`/v1/documents/stats?from=${today}&to=${today}`)).body.stats;
    expect(sameDay).toEqual({ ...stats, from: today });
    const notes = (await shop.get('/v1/documents/stats?documentType=04')).body.stats;
    expect(notes).toMatchObject({ count: 0, byDocumentType: [] });
    expect((await shop.get('/v1/documents/stats?documentType=01')).body.stats).toEqual(stats);
    const before = (await shop.get('/v1/documents/stats?from=01/01/2026&to=31/01/2026')).body.stats;
    const none = { byStatus: [], byDocumentType: [], byDay: [] };
    expect(before).toEqual({ from: '01/01/2026', to: '31/01/2026', count: 0, total: '0.00', ...none });
  });

  it.each([
    ['from=01/01/2024&to=31/12/2025', 'from'],
    ['from=01/01/2024', 'from'],
    ['to=31/02/2026', 'to'],
  ])('refuse ?%s', async (query, field) => {
    expectProblem(await shop.get(`/v1/documents/stats?${query}`), 400, 'VALIDATION_FAILED', field);
  });

  it.each([
    ['from=01/01/2024&to=31/12/2024', '01/01/2024'],
    ['to=31/03/2026', '02/03/2026'],
  ])('take ?%s', async (query, from) => {
    const answer = await shop.get(`/v1/documents/stats?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.body.stats.from).toBe(from);
  });
});
