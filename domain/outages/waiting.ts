import type { Seen } from '../documents/transition.ts';
import type { DocumentStatus } from '../model/document.ts';
import type { Store } from '../store/store.ts';
import type { Line } from './health.ts';

/** A document whose workflow waits to be told that SRI is back. */
export interface Waiting {
  tenantId: string;
  accessKey: string;
  /** As the database writes it. */
  since: string;
}

const WAITING = 'tenant_id as "tenantId", access_key as "accessKey", waits_since as since';

/**
 * Has a document wait for the end of an outage; its tenant can see it.
 * @returns false when there is no outage, so that whoever waited would wait for nothing
 */
export async function beginWaiting(
  store: Store,
  { host, service }: Line,
  { id, revision, status }: Seen & { status: DocumentStatus },
): Promise<boolean> {
  // In the system role: the health of SRI is nobody's in particular, so no tenant sees the table.
  const waiting = await store.lookUp(
    `update documents set waits_at = ?, waits_for = ?, waits_since = ?
     where id = ? and revision = ? and status = ?
       and exists (select from sri_health where host = ? and service = ? and away)
     returning id`,
    [host, service, new Date(), id, revision, status, host, service],
  );
  return waiting.length > 0;
}

/**
 * A document's workflow has been told. Only Temporal's word for that counts: what a workflow does by itself upon a
 * message that is lost again, such as reading its row, is forgotten with it. One that waits anew by now goes on waiting.
 */
export async function endWaiting(store: Store, { accessKey, since }: Waiting): Promise<void> {
  await store.lookUp(
    `update documents set waits_at = null, waits_for = null, waits_since = null
     where access_key = ? and waits_since = ?`,
    [accessKey, since],
  );
}

/**
 * All that wait, in the order in which they may go on: tenants in turn, and of each the oldest first, since every
 * document is to be transmitted at once (NAC-DGERCGC25-00000014, in force since January 2026).
 */
export function inFairOrder(store: Store, { host, service }: Line): Promise<Waiting[]> {
  return store.lookUp<Waiting>(
    `select ${WAITING} from (
       select id, tenant_id, access_key, waits_since, issue_date,
              row_number() over (partition by tenant_id order by issue_date, id) as turn
       from documents where waits_at = ? and waits_for = ?) waiting
     order by turn, issue_date, id`,
    [host, service],
  );
}

/** Any of those that wait, or none. Not always the same: SRI may be silent about that one alone. */
export async function anyWaiting(store: Store, { host, service }: Line): Promise<Waiting | undefined> {
  const [any] = await store.lookUp<Waiting>(
    `select ${WAITING} from documents
     where waits_at = ? and waits_for = ? order by random() limit 1`,
    [host, service],
  );
  return any;
}

/** Some of those that wait and whose tenants have not been told so. */
export function untold(store: Store, { host, service }: Line, limit: number): Promise<Seen[]> {
  return store.lookUp<Seen>(
    `select id, tenant_id as "tenantId", revision from documents
     where waits_at = ? and waits_for = ? and silence_told_at is null order by id limit ?`,
    [host, service, limit],
  );
}

/** What is waited for. */
export function awaited(store: Store): Promise<Line[]> {
  return store.lookUp<Line>(
    'select distinct waits_at as host, waits_for as service from documents where waits_at is not null',
    [],
  );
}
