import { WebhookDelivery } from '../store/entities/delivery.ts';
import { Tenant } from '../store/entities/tenant.ts';
import type { Store } from '../store/store.ts';
import type { LateDelivery } from '../webhooks/late.ts';
import { type Act, audit } from './audit.ts';

/** Ids of all accounts that are not suspended, written down as looked at. */
export async function beginNotificationJob(store: Store, act: Act): Promise<string[]> {
  return store.asSystem(async (em) => {
    const tenants = await em.find(Tenant, { status: { $ne: 'SUSPENDED' } }, { fields: ['id'], orderBy: { id: 'asc' } });
    audit(em, act, { action: 'job.notifications', detail: { tenants: tenants.length } });
    return tenants.map(({ id }) => id);
  });
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
