import { webhookDelayMs } from '../model/retry-tables.ts';
import type { Store } from '../store/store.ts';

/** How many are looked for at once, whichever they are. */
const MOST = 200;
/** What is this late has lost its workflow: those that are there come in time. */
const LATE_MS = 60_000;

export interface LateDelivery {
  id: string;
  tenantId: string;
  /** Made so far. */
  attempts: number;
}

/**
 * Deliveries whose next attempt is overdue by the retry table. One whose receiver asked for more time looks so too, but
 * has its workflow.
 */
export async function lateDeliveries(
  store: Store,
  now: Date,
  { suspended }: { suspended: 'included' | 'left out' },
): Promise<LateDelivery[]> {
  const due = overdueSince(now);
  return store.lookUp<LateDelivery>(
    `select d.id, d.tenant_id as "tenantId", d.attempts
     from webhook_deliveries d
     join tenants t on t.id = d.tenant_id ${suspended === 'included' ? '' : `and t.status <> 'SUSPENDED'`}
     join (values ${due.map(() => '(?::int, ?::timestamptz)').join(', ')}) as due (attempts, since) on due.attempts = d.attempts
     where d.status in ('PENDING', 'RETRYING') and d.updated_at < due.since
     order by random() limit ?`,
    [...due.flat(), MOST],
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
