import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listNotifications, MAX_UNREAD } from '../../domain/notifications/read.ts';
import { Sealer } from '../../domain/store/sealing.ts';
import { Store } from '../../domain/store/store.ts';
import type { TenantContext } from '../../domain/tenants/context.ts';
import { listDeliveries } from '../../domain/webhooks/deliveries.ts';
import { lateDeliveries } from '../../domain/webhooks/late.ts';
import { execute, freshDatabase } from '../support/database.ts';
import { insertIssuer } from '../support/many-documents.ts';
import { readings } from '../support/readings.ts';

const COUNT = 100_000;
const LIMIT = 100;
const PAGE = { limit: LIMIT };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;
let ctx: TenantContext;
let tenantId: string;
const endpointId = v7();

/** The id of the n-th row, in their order. */
const idOf = (n: number) => `01942000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const ID = "('01942000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: 2 });
  ctx = {
    store,
    sealer: new Sealer([{ id: 'test', key: Buffer.alloc(32, 7) }]),
    appEnv: 'staging',
    publicUrl: 'https://api.example.com',
    webhookAllowLoopback: false,
    clock: () => new Date('2025-06-01T12:00:00Z'),
  };
  ({ tenantId } = await insertIssuer(store));
  await execute(
    database.url,
    `insert into webhook_endpoints (id, tenant_id, url, event_types, sealed_secret, created_at, updated_at)
       values ('${endpointId}', '${tenantId}', 'https://shop.example.com', '{}', '', now(), now())`,
  );
  await execute(
    database.url,
    `insert into notifications (id, tenant_id, sequence, version, type, severity, title, message, read_at, created_at)
       select ${ID}, '${tenantId}', n, n, 'DOCUMENT_RETURNED', 'ERROR', 't', 'm',
         case when n % 2 = 0 then now() end, now() from generate_series(1, ${COUNT}) n`,
  );
  await execute(
    database.url,
    `insert into webhook_deliveries (id, tenant_id, endpoint_id, position, type, body, status, created_at, updated_at)
       select ${ID}, '${tenantId}', '${endpointId}', n, 'DOCUMENT_RETURNED', '{}',
         case when n % 1000 = 0 then 'FAILED' when n % 1000 = 1 then 'RETRYING' else 'SUCCESS' end, now(), now() from generate_series(1, ${COUNT}) n`,
  );
  await execute(database.url, 'analyze notifications');
  await execute(database.url, 'analyze webhook_deliveries');
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

describe('a page of the notifications', () => {
  it.each([
    ['the newest', {}],
    ['what came after one', { sinceId: idOf(COUNT / 2) }],
    ['what changed after a version', { updatedSince: COUNT / 2 }],
    ['what came before one', { beforeId: idOf(COUNT / 2) }],
  ])('reads itself and no more: %s', async (_, start) => {
    const list = () => listNotifications(ctx, tenantId, { ...PAGE, ...start });
    const found = await readings({ store, tenantId, table: 'notifications' }, list);
    const [listed, counted] = found.slice(-2);
    expect(listed!.kinds).toContain('Index Scan');
    expect(listed!.looked).toBe(LIMIT + 1);
    // Every second one is unread.
    expect(counted!.looked).toBeLessThanOrEqual(2 * MAX_UNREAD);
  });
});

describe('a page of the deliveries', () => {
  it.each([
    ['the newest', {}],
    ['what came before one', { beforeId: idOf(COUNT / 2) }],
  ])('reads itself and no more: %s', async (_, start) => {
    const list = () => listDeliveries(ctx, tenantId, endpointId, { ...PAGE, ...start });
    const [listed] = await readings({ store, tenantId, table: 'webhook_deliveries' }, list);
    expect(listed!.kinds).toEqual(['Limit', 'Index Scan']);
    expect(listed!.looked).toBe(LIMIT + 1);
  });

  it('of a rare status is found by an index', async () => {
    const list = () => listDeliveries(ctx, tenantId, endpointId, { ...PAGE, status: 'FAILED' });
    const [listed] = await readings({ store, tenantId, table: 'webhook_deliveries' }, list);
    expect(listed!.kinds).toEqual(['Limit', 'Index Scan']);
    expect(listed!.looked).toBe(COUNT / 1_000);
  });
});

describe('the sweep', () => {
  it('looks at the deliveries that are still to be made, and at no other', async () => {
    const look = () => lateDeliveries(store, new Date(), { suspended: 'included' });
    const [looked] = await readings({ store, tenantId, table: 'webhook_deliveries' }, look);
    expect(looked!.kinds).toContain('Index Scan');
    expect(looked!.looked).toBeLessThanOrEqual(COUNT / 1_000);
  });
});
