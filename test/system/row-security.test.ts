import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;

const mine = '01900000-0000-7000-8000-000000000001';
const theirs = '01900000-0000-7000-8000-000000000002';

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: 2 });
  await store.asSystem(async (em) => {
    for (const id of [mine, theirs]) {
      em.create(Tenant, {
        id,
        email: `${id}@example.com`,
        status: 'ACTIVE',
        tier: 'FREE',
        documentQuota: 100,
        language: 'es',
      });
    }
  });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

describe('row-level security', () => {
  it('shows a tenant its own rows when a query forgets the tenant', async () => {
    const seen = await store.asTenant(mine, (em) => em.find(Tenant, {}));
    expect(seen.map(({ id }) => id)).toEqual([mine]);
  });

  it("finds nothing of another tenant's, and changes nothing of it", async () => {
    expect(await store.asTenant(mine, (em) => em.findOne(Tenant, theirs))).toBeNull();
    expect(
      await store.asTenant(mine, (em) => em.nativeUpdate(Tenant, { id: theirs }, { email: 'taken@example.com' })),
    ).toBe(0);
    expect(await store.asSystem((em) => em.findOne(Tenant, { email: 'taken@example.com' }))).toBeNull();
  });

  it("refuses to write another tenant's row", async () => {
    const row = { email: 'x@example.com', status: 'ACTIVE', tier: 'FREE', documentQuota: 1, language: 'es' } as const;
    await expect(
      store.asTenant(mine, async (em) => void em.create(Tenant, { ...row, id: crypto.randomUUID() })),
    ).rejects.toThrow(/row-level security/);
  });

  it('holds on one connection for whoever comes next', async () => {
    for (const id of [mine, theirs, mine]) {
      expect((await store.asTenant(id, (em) => em.find(Tenant, {}))).map((row) => row.id)).toEqual([id]);
    }
  });

  it('finds nothing when no tenant is named', async () => {
    await expect(store.asTenant('', (em) => em.find(Tenant, {}))).resolves.toEqual([]);
  });
});
