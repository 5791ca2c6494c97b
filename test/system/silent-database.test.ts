import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Line, openLine } from '../../dev/chaos/line.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from '../support/database.ts';
import { insertIssuer } from '../support/many-documents.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let line: Line;
/** Over a line, with as many connections as the test makes fall silent; and straight. */
let store: Store;
let straight: Store;

beforeAll(async () => {
  database = await freshDatabase();
  const url = new URL(database.url);
  line = await openLine(Number(url.port));
  url.port = String(line.port);
  store = await Store.open({ databaseUrl: url.href, poolSize: 2, silentMs: 2_000 });
  straight = await Store.open({ databaseUrl: database.url, poolSize: 1 });
});

afterAll(async () => {
  await Promise.all([store.close(), straight.close()]);
  line.close();
  await database.drop();
});

/** A transaction that holds a tenant's row when it falls silent. */
async function silenced(tenantId: string, begun: () => void, go: Promise<void>): Promise<void> {
  await store.asSystem(async (em) => {
    await em.nativeUpdate(Tenant, { id: tenantId }, { language: 'en' });
    begun();
    await go;
    await em.nativeUpdate(Tenant, { id: tenantId }, { language: 'es' });
  });
}

// Found by npm run chaos: with a network that forgets its connections, API and worker had none left, and waited for ever.
it('connections to the database that fall silent are given up, with what they hold', async () => {
  const tenants = [await insertIssuer(straight), await insertIssuer(straight)];
  const go = Promise.withResolvers<void>();
  let begun = 0;
  const both = tenants.map(({ tenantId }) => silenced(tenantId, () => begun++, go.promise));
  const ended = Promise.allSettled(both);
  await expect.poll(() => begun).toBe(2);
  line.trouble('half-open');
  go.resolve();
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  line.heal();
  await store.ping();
  for (const { tenantId } of tenants) {
    const changed = straight.asSystem((em) => em.nativeUpdate(Tenant, { id: tenantId }, { language: 'es' }));
    expect(await changed).toBe(1);
  }
});
