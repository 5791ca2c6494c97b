import type { DocumentStatus } from '../model/document.ts';
import { NEXT_STATUSES } from '../model/status.ts';
import type { Store } from '../store/store.ts';

/** Something that must not be: a document that is lost, doubled, stuck, or not what its log says. */
export interface Finding {
  /** Which promise is broken. */
  check: string;
  /** Access key, or id of what it is about. */
  subject: string;
  detail: string;
}

interface Check {
  name: string;
  /** Rows of `subject` and `detail`; the parameters are those of `parameters`, in order. */
  sql: string;
  parameters?: (since: Date) => unknown[];
}

/** What is followed from the first status, which follows nothing, to the next. */
const LEGAL_STEPS = Object.entries(NEXT_STATUSES)
  .flatMap(([from, next]) => next.map((to) => `('${from}', '${to}')`))
  .join(', ');

/** A finding says so much, and there may be many. */
const MOST = 1_000;

const CHECKS: readonly Check[] = [
  {
    // A number is skipped only where somebody raised the counter, which the account's log tells.
    name: 'numbers are contiguous',
    sql: `
      select access_key as subject, 'number ' || sequential || ' follows ' || before as detail from (
        select d.*, lag(sequential) over (partition by issuer_id, environment, document_type order by sequential) as before
        from documents d
      ) numbered
      where sequential::int <> before::int + 1 and not exists (
        select from tenant_events e where e.tenant_id = numbered.tenant_id and e.event_type = 'SEQUENTIAL_RAISED'
          and e.detail @> jsonb_build_object('issuerId', numbered.issuer_id, 'environment', environment,
            'documentType', document_type, 'next', sequential::int))`,
  },
  {
    name: 'the next number is above all that are used',
    sql: `
      select d.issuer_id as subject, d.document_type || ' ' || d.environment || ': ' || max(d.sequential) || ' is used' as detail
      from documents d left join sequences s using (issuer_id, environment, document_type)
      group by d.issuer_id, d.environment, d.document_type, s.next
      having s.next is null or s.next <= max(d.sequential)::int`,
  },
  {
    name: 'events are in legal order',
    sql: `
      select d.access_key as subject, coalesce(e.before, 'nothing') || ' → ' || e.to_status || ', said to come from '
        || coalesce(e.from_status, 'nothing') as detail
      from (
        select *, lag(to_status) over (partition by document_id order by position) as before
        from document_events where to_status is not null
      ) e join documents d on d.id = e.document_id
      where e.from_status is distinct from e.before
        or (e.before is null and e.to_status <> 'CREATED')
        or (e.before is not null and (e.before, e.to_status) not in (values ${LEGAL_STEPS}))`,
  },
  {
    name: 'the last event is the status',
    sql: `
      select d.access_key as subject, d.status || ', and its log ends with ' || coalesce(e.to_status, 'nothing') as detail
      from documents d left join lateral (
        select to_status from document_events where document_id = d.id and to_status is not null order by position desc limit 1
      ) e on true
      where d.status is distinct from e.to_status`,
  },
  {
    name: 'an authorized document is complete',
    sql: `
      select access_key as subject, 'no signed or authorized XML, or no number' as detail from documents
      where status = 'AUTHORIZED' and (signed_xml is null or authorized_xml is null or authorization_number is null)`,
  },
  {
    name: 'an authorized document is mailed',
    sql: `
      select d.access_key as subject, d.email_status as detail from documents d
      where d.status = 'AUTHORIZED' and d.buyer_email is not null and not exists (
        select from mails m where m.document_id = d.id and m.status in ('PENDING', 'SENT', 'FAILED'))`,
  },
  {
    name: 'a document moves on',
    sql: `
      select access_key as subject, status || ' since ' || updated_at as detail from documents
      where status in ('CREATED', 'PENDING_SEND', 'RECEIVED') and updated_at < ?`,
    parameters: (since) => [since],
  },
  {
    name: 'an authorized document is printed',
    sql: `
      select access_key as subject, 'authorized ' || updated_at as detail from documents d
      where status = 'AUTHORIZED' and updated_at < ? and not exists (select from rides r where r.document_id = d.id and r.format = 'a4')`,
    parameters: (since) => [since],
  },
  {
    name: 'a mail goes out',
    sql: `select id as subject, kind || ' since ' || updated_at as detail from mails where status = 'PENDING' and updated_at < ?`,
    parameters: (since) => [since],
  },
  {
    name: 'a promise to Temporal is kept',
    sql: `select subject, kind || ' since ' || created_at as detail from outbox where created_at < ?`,
    parameters: (since) => [since],
  },
];

/** The names of all checks, in order. */
export const CHECK_NAMES = CHECKS.map(({ name }) => name);

/** Whether the rows keep what is promised of them; what has not moved since `since` counts as stuck. */
export async function integrityFindings(store: Store, since: Date): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, sql, parameters } of CHECKS) {
    const rows = await store.lookUp<Omit<Finding, 'check'>>(`${sql} limit ${MOST}`, parameters?.(since) ?? []);
    findings.push(...rows.map(({ subject, detail }) => ({ check: name, subject, detail })));
  }
  return findings;
}

/** A document as those outside know it. */
export interface KnownDocument {
  accessKey: string;
  status: DocumentStatus;
  /** How often it was written. */
  revision: number;
}

/** Every document, in pages, oldest first. */
export async function* allDocuments(store: Store): AsyncGenerator<KnownDocument> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await store.lookUp<KnownDocument & { id: string }>(
      'select id, access_key as "accessKey", status, revision from documents where id > ? order by id limit 1000',
      [after],
    );
    yield* rows;
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
  }
}
