import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotification } from '../../domain/notifications/create.ts';
import { listNotifications, type NotificationQuery } from '../../domain/notifications/read.ts';
import { Notification } from '../../domain/store/entities/delivery.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { Sealer } from '../../domain/store/sealing.ts';
import { Store } from '../../domain/store/store.ts';
import type { TenantContext } from '../../domain/tenants/context.ts';
import { freshDatabase } from '../support/database.ts';

const WRITERS = 12;
const EACH = 25;
const tenantId = '01900000-0000-7000-8000-000000000001';
const otherId = '01900000-0000-7000-8000-000000000002';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;
let ctx: TenantContext;

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: WRITERS + 2 });
  const sealer = new Sealer([{ id: 'test', key: randomBytes(32) }]);
  ctx = { store, sealer, appEnv: 'production', publicUrl: '', webhookAllowLoopback: false, clock: () => new Date() };
  await store.asSystem(async (em) => {
    for (const id of [tenantId, otherId]) {
      const email = `${id}@example.com`;
      em.create(Tenant, { id, email, status: 'ACTIVE', tier: 'FREE', documentQuota: 100, language: 'es' });
    }
  });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

/** Writers that take all sorts of times before and after they write, and another tenant that writes meanwhile. */
async function writeAtOnce(mergeKey: () => string | undefined): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; n < EACH; n++) {
        const owner = writer === 0 ? otherId : tenantId;
        const key = mergeKey();
        await store.asTenant(owner, async (em) => {
          await sleep(Math.random() * 6);
          await createNotification(em, {
            tenantId: owner,
            type: 'QUOTA_WARNING',
            severity: 'INFO',
            ...(key === undefined ? {} : { merge: { key } }),
            write: (_language, earlier) => ({
              title: 't',
              message: 'm',
              metadata: { count: Number(earlier?.['count'] ?? 0) + 1 },
            }),
          });
          await sleep(Math.random() * 6);
        });
      }
    }),
  );
}

/** Asks as a poller does, and once more when the writers are done, until there is nothing more. */
async function pollWhile(
  writing: Promise<void>,
  next: (last: Notification | undefined) => Partial<NotificationQuery>,
): Promise<Notification[]> {
  const seen: Notification[] = [];
  let done = false;
  const finished = writing.finally(() => (done = true));
  for (;;) {
    const wasDone = done;
    const page = await listNotifications(ctx, tenantId, { limit: 7, ...next(seen.at(-1)) });
    seen.push(...page.notifications.toReversed());
    if (wasDone && !page.hasMore) break;
    await sleep(Math.random() * 4);
  }
  await finished;
  return seen;
}

describe('whoever polls while others write', () => {
  it('sees every notification once, in its order, by sinceId', async () => {
    const writing = writeAtOnce(() => undefined);
    // The first question has no id to give: zero is before every version.
    const seen = await pollWhile(writing, (last) => (last === undefined ? { updatedSince: 0 } : { sinceId: last.id }));
    expect(seen).toHaveLength((WRITERS - 1) * EACH);
    const written = await store.asTenant(tenantId, (em) =>
      em.find(Notification, { tenantId }, { orderBy: { sequence: 'asc' } }),
    );
    expect(seen.map(({ id }) => id)).toEqual(written.map(({ id }) => id));
  });

  it('sees the last state of every notification by updatedSince, however often it changes', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const [{ version: before }] = (await listNotifications(ctx, tenantId, { limit: 1 })).notifications as [
      Notification,
    ];
    const writing = writeAtOnce(() => keys[Math.floor(Math.random() * keys.length)]);
    const seen = await pollWhile(writing, (last) => ({ updatedSince: last?.version ?? before }));
    const versions = seen.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
    const states = new Map(seen.map(({ id, metadata }) => [id, metadata?.['count']]));
    const written = await store.asTenant(tenantId, (em) =>
      em.find(Notification, { tenantId, version: { $gt: before } }),
    );
    expect(written).toHaveLength(keys.length);
    expect(states).toEqual(new Map(written.map(({ id, metadata }) => [id, metadata?.['count']])));
    // No update was lost either.
    const total = written.reduce((sum, { metadata }) => sum + Number(metadata?.['count']), 0);
    expect(total).toBe((WRITERS - 1) * EACH);
  });
});
