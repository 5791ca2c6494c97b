import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { listAudit } from '../../domain/admin/audit.ts';
import { beginNotificationJob, countRetries } from '../../domain/admin/jobs.ts';
import { type LateDelivery, lateDeliveries } from '../../domain/webhooks/late.ts';
import type { AdminAudit } from '../../domain/store/entities/admin.ts';
import { cursorPagination, cursorQuery, instant, ok, uuid } from '../fields.ts';
import { route, type Services } from '../route.ts';
import { ADMIN } from './admin-tenants.ts';

/** For late deliveries to be attempted: what is still under way then is not counted. */
const RETRIES_MS = 10_000;
const LOOK_MS = 250;

const AuditOut = z
  .object({
    id: uuid(),
    who: z.literal('admin'),
    action: z.string().meta({ example: 'tenant.tier' }),
    tenantId: uuid().nullable().meta({ description: 'The account that it concerns, if it is one.' }),
    subject: uuid().nullable().meta({ description: 'Id of what was changed.' }),
    detail: z.record(z.string(), z.unknown()).nullable(),
    requestId: z.string(),
    createdAt: instant(),
  })
  .meta({ id: 'AdminAudit', description: 'One act of administration.' });

export const adminServiceRoutes = [
  route({
    method: 'get',
    path: '/v1/admin/audit',
    operationId: 'adminListAudit',
    tag: ADMIN,
    summary: 'List what administration has done',
    description: 'Newest first. Each act is written in the transaction that did it.',
    auth: 'admin',
    query: z.strictObject({ ...cursorQuery, tenantId: uuid().exactOptional() }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, audit: z.array(AuditOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, query }) => {
    const { rows, nextCursor } = await listAudit(services.tenants.store, query);
    const pagination = { limit: query.limit, nextCursor };
    return { status: 200, body: { ok: true, audit: rows.map(auditOut), pagination } };
  }),

  route({
    method: 'post',
    path: '/v1/admin/jobs/notifications',
    operationId: 'adminRunNotifications',
    tag: ADMIN,
    summary: 'Do now what is due to be told',
    description: [
      'Nothing needs it: certificates are looked at each day and webhooks are retried by themselves. It has the certificates of every account that is not suspended looked at now, goes on with deliveries whose retry is overdue, and waits up to ten seconds for these.',
      '',
      'However often it is called, nobody is told the same twice.',
    ].join('\n'),
    auth: 'admin',
    responses: {
      200: {
        description: 'What was done.',
        schema: z.object({
          ok,
          tenantsChecked: z.int().meta({ description: 'Accounts whose certificates are being looked at.' }),
          retries: z.object({
            attempted: z.int().meta({ description: 'Overdue deliveries whose attempt has ended.' }),
            succeeded: z.int(),
            failed: z.int().meta({ description: 'They go on by the retry table.' }),
            exhausted: z.int().meta({ description: 'It was their last attempt.' }),
          }),
        }),
      },
    },
    errors: ['SERVICE_UNAVAILABLE'],
  })(async ({ services, requestId }) => {
    const { store } = services.tenants;
    const tenants = await beginNotificationJob(store, { requestId });
    await services.tenantProcess.watchCertificates(tenants);
    const late = await lateDeliveries(store, services.tenants.clock(), { suspended: 'left out' });
    const retries = await retry(services, late);
    return { status: 200, body: { ok: true, tenantsChecked: tenants.length, retries } };
  }),
];

/** Goes on with deliveries, and looks again until each attempt has ended, or for as long as a caller may wait. */
async function retry({ tenants: { store }, tenantProcess, aside }: Services, late: readonly LateDelivery[]) {
  await tenantProcess.deliver(late);
  const deadline = Date.now() + RETRIES_MS;
  for (;;) {
    const counts = await countRetries(store, late);
    if (counts.attempted === late.length || Date.now() > deadline) return counts;
    await aside(() => sleep(LOOK_MS));
  }
}

function auditOut(row: AdminAudit): z.output<typeof AuditOut> {
  const { id, who, action, tenantId = null, subject = null, detail = null, requestId, createdAt } = row;
  return { id, who, action, tenantId, subject, detail, requestId, createdAt: createdAt.toISOString() };
}
