import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import { type Ask, exampleBody, send } from '../support/contract/ask.ts';
import { scenarios } from '../support/contract/scenarios.ts';
import { asShop, openStreet, type Street, type StreetShop, type Who } from '../support/contract/street.ts';
import { ownedTables } from '../support/rows.ts';

/*
 * Every operation, asked by one tenant for what another has: the request is the one that its owner would be answered.
 */

let street: Street;
let intruder: StreetShop;

beforeAll(async () => {
  street = await openStreet();
  intruder = await street.open();
});

afterAll(() => street.stop());

const tenants = routes.filter(({ auth }) => auth === 'tenant' || auth === 'issuer');

/** Every row of a tenant, in every table. */
async function rowsOf(tenantId: string): Promise<string[]> {
  const found = await Promise.all(
    ownedTables(street.stack.store).map(({ table, owner }) =>
      street.stack.store.lookUp<{ row: string }>(
        `select '${table} ' || to_jsonb(t)::text as row from "${table}" t where "${owner}" = ? order by 1`,
        [tenantId],
      ),
    ),
  );
  return found.flat().map(({ row }) => row);
}

/** Looks in a row that find the same. */
const STILL_LOOKS = 2;
/** What waits for its turn may take so long to get it; what waits for longer has a retry table. */
const TURN_MS = 4_500;
/** When each row of what is under way was first seen as it is. */
const seen = new Map<string, number>();

/** The same once nothing is under way any more: what its owner began goes on by itself. */
async function restingRows(tenantId: string): Promise<string[]> {
  let rows: string[] = [];
  let same = 0;
  const isResting = async () => {
    const before = rows.join();
    rows = await rowsOf(tenantId);
    same = rows.join() === before ? same + 1 : 0;
    const pending = rows.filter((row) => /^outbox |"status": "(?:PENDING|RETRYING|PENDING_SEND|RECEIVED)"/.test(row));
    for (const row of pending) if (!seen.has(row)) seen.set(row, Date.now());
    return same >= STILL_LOOKS && pending.every((row) => Date.now() - seen.get(row)! >= TURN_MS);
  };
  await expect.poll(isResting, { timeout: 60_000, interval: 300 }).toBe(true);
  return rows;
}

/** What an answer must not contain: ids, access keys, RUCs, addresses. */
function namesIn(rows: readonly string[]): Set<string> {
  return new Set(
    rows.join('\n').match(/\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{49}|\d{13}|\w{1,40}@\w[\w.]*)/g),
  );
}

/** The request that its owner would send, prepared up to that. */
async function ownersAsk(row: Route): Promise<Ask> {
  const scenario = scenarios[row.operationId] ?? {};
  const success = Object.keys(row.responses).find((status) => status.startsWith('2') && scenario[status] !== undefined);
  return success === undefined ? {} : scenario[success]!(street, row);
}

async function tenantOf(who: Who | undefined): Promise<string> {
  if (who === undefined) return street.shop.tenantId;
  const [found] = await street.stack.store.lookUp<{ tenant_id: string }>(
    'select tenant_id from api_keys where hint = ? order by created_at desc limit 1',
    [who.bearer!.slice(-4)],
  );
  return found!.tenant_id;
}

/** Sends it as another tenant; nothing of the owner's may be told or changed. */
async function intrude(row: Route, ask: Ask, tenantId: string): Promise<Response> {
  const before = await restingRows(tenantId);
  const answer = await send(street, row, { ...ask, who: ask.who ?? asShop(intruder) });
  const text = await answer.clone().text();
  const sent = JSON.stringify([ask.params, ask.query, ask.body, exampleBody(row)]);
  for (const name of namesIn(before)) if (!sent.includes(name)) expect(text).not.toContain(name);
  expect(await rowsOf(tenantId)).toEqual(before);
  return answer;
}

describe.each(tenants)('$operationId', (row) => {
  it("gets another tenant nothing, and changes nothing of its owner's", async () => {
    const { who: owner, ...ask } = await ownersAsk(row);
    // A promotion ends the key that asks for it.
    const who = asShop(row.operationId === 'promoteTenant' ? await street.open() : intruder);
    const answer = await intrude(row, { ...ask, who }, await tenantOf(owner));
    // What names nothing is the other tenant's own business.
    if (ask.params !== undefined) expect([403, 404], await answer.text()).toContain(answer.status);
  });
});

describe.each(routes.filter(({ auth }) => auth === 'issuer'))('$operationId on behalf of an issuer', (row) => {
  it("refuses another tenant's", async () => {
    const { who: _, ...ask } = await ownersAsk(row);
    const { tenantId, issuerId } = street.shop;
    const answer = await intrude(row, { ...ask, who: { bearer: intruder.apiKey, issuerId } }, tenantId);
    expect(((await answer.json()) as { code: string }).code).toBe('ISSUER_FORBIDDEN');
  });
});

describe.each(routes.filter(({ auth }) => auth === 'admin'))('$operationId', (row) => {
  it('refuses a tenant, even for what is its own', async () => {
    const { tenantId } = street.shop;
    const ask = { ...(await ownersAsk(row)), who: asShop(street.shop) };
    expect((await intrude(row, ask, tenantId)).status).toBe(401);
  });
});

describe("an id of another tenant's in a body or a query", () => {
  const named = (operationId: string) => routes.find((row) => row.operationId === operationId)!;

  it.each<[string, (ids: { issuerId: string }) => Ask, number]>([
    [
      'createIssuer',
      ({ issuerId }) => ({ body: { branchCode: '002', issuePointCode: '001', sourceIssuerId: issuerId } }),
      404,
    ],
    [
      'promoteTenant',
      ({ issuerId }) => ({ body: { initialSequentials: [{ issuerId, documentType: '01', sequential: 7 }] } }),
      400,
    ],
  ])('is refused by %s', async (operationId, ask, status) => {
    const { tenantId, issuerId } = street.shop;
    const answer = await intrude(named(operationId), ask({ issuerId }), tenantId);
    expect(answer.status, await answer.text()).toBe(status);
  });
});

describe('the database', () => {
  it('shows a tenant nothing of another, in any table, when a query forgets the tenant', async () => {
    const { tenantId } = intruder;
    await street.stack.store.asTenant(tenantId, async (em) => {
      for (const { table, owner } of ownedTables(street.stack.store)) {
        const owners = await em.execute<{ owner: string }[]>(`select distinct "${owner}" as owner from "${table}"`);
        expect([[], [{ owner: tenantId }]], table).toContainEqual(owners);
      }
    });
  });

  it('shows a tenant nothing of what belongs to none', async () => {
    await street.stack.store.asTenant(street.shop.tenantId, async (em) => {
      for (const table of ['rate_limits', 'idempotent_answers'])
        expect(await em.execute(`select 1 from ${table}`)).toEqual([]);
    });
  });
});
