import type { SriService } from '../model/sri-service.ts';
import type { UnavailableKind } from '../sri/unavailable.ts';
import type { Store } from '../store/store.ts';

/** One of SRI's services at one host. */
export interface Line {
  host: string;
  service: SriService;
}

export interface LineHealth {
  /** An outage. */
  away: boolean;
  /** The first of the failures in a row, if the latest call failed. */
  failingSince?: Date;
}

/**
 * So many calls in a row, of all workers, that fail are an outage. Single ones are not: some 0.8 % of calls fail and
 * succeed when they are repeated, which makes five in a row by chance one in thirty thousand million.
 */
const OUTAGE_FAILURES = 5;

/**
 * What was found out this long ago may have changed: whoever comes then may ask. The one that nobody answered may have
 * been the only one to go unanswered, and whoever sells first after an outage need not wait for the next probe.
 */
const STALE_MS = 30_000;

/** One statement, since every call to SRI begins with it. */
export async function healthOf(store: Store, { host, service }: Line): Promise<LineHealth> {
  const [row] = await store.lookUp<{ away: boolean; failing_since: Date | string | null }>(
    'select away, failing_since from sri_health where host = ? and service = ?',
    [host, service],
  );
  if (row === undefined || row.failing_since === null) return { away: false };
  return { away: row.away, failingSince: new Date(row.failing_since) };
}

/** A call that got no answer. */
export async function noteFailure(store: Store, { host, service }: Line, kind: UnavailableKind): Promise<void> {
  await store.lookUp(
    `insert into sri_health as h (host, service, failures, failing_since, asked_at, last_failure)
     values (?, ?, 1, ?, ?, ?)
     on conflict (host, service) do update set
       failures = h.failures + 1,
       failing_since = coalesce(h.failing_since, excluded.failing_since),
       asked_at = excluded.asked_at,
       last_failure = excluded.last_failure,
       away = h.away or h.failures + 1 >= ?`,
    [host, service, new Date(), new Date(), kind, OUTAGE_FAILURES],
  );
}

/** Whether one who has nothing to do with the probe may ask during an outage; the others are told no meanwhile. */
export async function mayAskAnyway(store: Store, { host, service }: Line): Promise<boolean> {
  const now = Date.now();
  const taken = await store.lookUp(
    'update sri_health set asked_at = ? where host = ? and service = ? and asked_at < ? returning host',
    [new Date(now), host, service, new Date(now - STALE_MS)],
  );
  return taken.length > 0;
}

/** A call that was answered: the outage, if there was one, is over. */
export async function noteAnswer(store: Store, { host, service }: Line): Promise<void> {
  await store.lookUp(
    'update sri_health set failures = 0, failing_since = null, away = false where host = ? and service = ?',
    [host, service],
  );
}
