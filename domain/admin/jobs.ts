import { webhookDelayMs } from '../model/retry-tables.ts';
import { WebhookDelivery } from '../store/entities/delivery.ts';
import { Tenant } from '../store/entities/tenant.ts';
import type { Store } from '../store/store.ts';
import { type Act, audit } from './audit.ts';

/** How many deliveries one call goes on with. */
const DELIVERIES = 200;
/** What is this late has lost its workflow: those that are there come in time. */
const LATE_MS = 60_000;

/** Ids of all accounts that are not suspended, written down as looked at. */
export async function beginNotificationJob(store: Store, act: Act): Promise<string[]> {
  return store.asSystem(async (em) => {
    const tenants = await em.find(Tenant, { status: { $ne: 'SUSPENDED' } }, { fields: ['id'], orderBy: { id: 'asc' } });
    audit(em, act, { action: 'job.notifications', detail: { tenants: tenants.length } });
    return tenants.map(({ id }) => id);
  });
}

export interface LateDelivery {
  id: string;
  tenantId: string;
  /** Made so far. */
  attempts: number;
}

/** Deliveries whose next attempt is overdue by the retry table, oldest first; of accounts that are not suspended. */
export async function lateDeliveries(store: Store, now: Date): Promise<LateDelivery[]> {
  const due = overdueSince(now);
  return store.lookUp<LateDelivery>(
    `select d.id, d.tenant_id as "tenantId", d.attempts
     from webhook_deliveries d
     join tenants t on t.id = d.tenant_id and t.status <> 'SUSPENDED'
     join (values ${due.map(() => '(?::int, ?::timestamptz)').join(', ')}) as due (attempts, since) on due.attempts = d.attempts
     where d.status in ('PENDING', 'RETRYING') and d.updated_at < due.since
     order by d.updated_at limit ?`,
    [...due.flat(), DELIVERIES],
  );
}

/** By the number of attempts that were made: before when the last one must have been, for the next to be overdue. */
function overdueSince(now: Date): [attempts: number, since: Date][] {
  const rows: [number, Date][] = [];
  for (let attempts = 0; ; attempts++) {
    const delay = webhookDelayMs(attempts + 1, 1);
    rows.push([attempts, new Date(now.getTime() - (delay ?? 0) - LATE_MS)]);
    // After the last attempt there is only the giving up.
    if (delay === undefined) return rows;
  }
}

/** How deliveries that were gone on with have fared by now. */
export interface RetryCounts {
  /** Attempts that have ended. */
  attempted: number;
  succeeded: number;
  /** They go on by the retry table. */
  failed: number;
  /** They were the last. */
  exhausted: number;
}

/** Counts what has come of the deliveries since they were found late. */
export async function countRetries(store: Store, late: readonly LateDelivery[]): Promise<RetryCounts> {
  const counts = { attempted: 0, succeeded: 0, failed: 0, exhausted: 0 };
  if (late.length === 0) return counts;
  const before = new Map(late.map(({ id, attempts }) => [id, attempts]));
  const rows = await store.asSystem((em) =>
    em.find(WebhookDelivery, { id: { $in: [...before.keys()] } }, { fields: ['status', 'attempts'] }),
  );
  for (const { id, status, attempts } of rows) {
    if (status === 'SUCCESS') counts.succeeded++;
    else if (status === 'FAILED') counts.exhausted++;
    else if (attempts > before.get(id)!) counts.failed++;
  }
  counts.attempted = counts.succeeded + counts.failed + counts.exhausted;
  return counts;
}
