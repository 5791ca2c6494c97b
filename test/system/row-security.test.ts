import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TENANT_ROLE } from '../../domain/store/entities/row-security.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from '../support/database.ts';
import { insertOf, type OwnedTable, ownedTables, rowMaker } from '../support/rows.ts';

/*
 * The second wall: what a query may do that forgets the tenant, or names another. Each tenant has a row in every table
 * that the entities have with a tenant, so a table that is added is tried with the others.
 */

const mine = '01900000-0000-7000-8000-000000000001';
const theirs = '01900000-0000-7000-8000-000000000002';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;
let tables: OwnedTable[];
let makeRow: Awaited<ReturnType<typeof rowMaker>>;
const idsOf = new Map([mine, theirs].map((tenant) => [tenant, new Map<string, string>()]));

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: 2 });
  tables = ownedTables(store);
  makeRow = await rowMaker(store);
  await store.asSystem(async (em) => {
    for (const [tenant, ids] of idsOf) {
      for (const { table } of tables) {
        const row = makeRow(table, tenant, ids);
        ids.set(table, row['id'] as string);
        await em.execute(...insertOf(table, row));
      }
    }
  });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

const UNDONE = 'undone';

/** How many rows a statement of a tenant takes hold of; 'refused' by the wall, or by a right that the role has not. */
async function reach(tenant: string, sql: string, parameters: unknown[] = []): Promise<number | 'refused' | 'kept'> {
  let rows = 0;
  try {
    await store.asTenant(tenant, async (em) => {
      ({ affectedRows: rows } = await em.getConnection().execute(sql, parameters, 'run', em.getTransactionContext()));
      throw new Error(UNDONE);
    });
    return rows;
  } catch (error) {
    const { message } = error as Error;
    if (message === UNDONE) return rows;
    if (/row-level security|permission denied for table/.test(message)) return 'refused';
    // What is kept for other reasons was within reach.
    if (/violates foreign key|a document never changes/.test(message)) return 'kept';
    throw error;
  }
}

/** What each table lets a statement do. */
async function reachOfAll(tenant: string, sqlOf: (table: OwnedTable) => string): Promise<Set<unknown>> {
  const seen = new Set<unknown>();
  for (const table of tables) seen.add(await reach(tenant, sqlOf(table)));
  return seen;
}

describe('a query that forgets the tenant', () => {
  it('reads its own rows alone, in every table', async () => {
    for (const { table, owner } of tables) {
      const seen = await store.asTenant(mine, (em) =>
        em.execute<{ owner: string }[]>(`select "${owner}" as owner from "${table}"`),
      );
      expect(seen, table).toEqual([{ owner: mine }]);
    }
  });

  it('changes and deletes its own rows alone', async () => {
    for (const { table, owner } of tables) {
      expect([1, 'refused'], table).toContain(await reach(mine, `update "${table}" set "${owner}" = "${owner}"`));
      expect([1, 'kept', 'refused'], table).toContain(await reach(mine, `delete from "${table}"`));
      expect(await reach(mine, `truncate "${table}" cascade`), table).toBe('refused');
    }
  });
});

describe("a query that names another tenant's rows", () => {
  it('finds none of them, to read, to lock, to change or to delete', async () => {
    const where = ({ owner }: OwnedTable) => `where "${owner}" = '${theirs}'`;
    expect(await reachOfAll(mine, (t) => `select 1 from "${t.table}" ${where(t)}`)).toEqual(new Set([0]));
    for (const sqlOf of [
      (t: OwnedTable) => `select 1 from "${t.table}" ${where(t)} for update`,
      (t: OwnedTable) => `update "${t.table}" set "${t.owner}" = '${mine}' ${where(t)}`,
      (t: OwnedTable) => `delete from "${t.table}" ${where(t)}`,
    ])
      expect(await reachOfAll(mine, sqlOf)).toEqual(new Set([0, 'refused']));
  });

  it('gives none to them', async () => {
    for (const { table, owner } of tables) {
      const row = makeRow(table, theirs, idsOf.get(theirs)!);
      const fresh = table === 'tenants' ? { ...row, id: crypto.randomUUID() } : row;
      expect(await reach(mine, ...insertOf(table, fresh)), table).toBe('refused');
      expect(['refused', 'kept'], table).toContain(await reach(mine, `update "${table}" set "${owner}" = '${theirs}'`));
    }
  });
});

describe('a query of nobody', () => {
  it('reads, changes, deletes and writes nothing', async () => {
    for (const { table, owner } of tables) {
      expect(await reach('', `select 1 from "${table}"`), table).toBe(0);
      expect([0, 'refused'], table).toContain(await reach('', `update "${table}" set "${owner}" = "${owner}"`));
      expect([0, 'refused'], table).toContain(await reach('', `delete from "${table}"`));
      expect(await reach('', ...insertOf(table, makeRow(table, mine, idsOf.get(mine)!))), table).toBe('refused');
    }
  });
});

describe('the wall', () => {
  it('stands before every table of tenants, and no other lets a tenant see a row', async () => {
    const open = await store.lookUp<{ name: string }>(
      `select tablename as name from pg_policies where '${TENANT_ROLE}' = any(roles) or 'public' = any(roles)`,
      [],
    );
    expect(open.map(({ name }) => name).toSorted()).toEqual(tables.map(({ table }) => table).toSorted());
    const unguarded = await store.lookUp<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
         and not relforcerowsecurity and has_table_privilege('${TENANT_ROLE}', oid, 'select')`,
      [],
    );
    expect(unguarded).toEqual([]);
  });

  it('holds on one connection for whoever comes next', async () => {
    for (const id of [mine, theirs, mine]) {
      expect((await store.asTenant(id, (em) => em.find(Tenant, {}))).map((row) => row.id)).toEqual([id]);
    }
  });
});
