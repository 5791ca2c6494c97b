import type { EntityManager } from '@mikro-orm/postgresql';
import { Document } from '../store/entities/document.ts';
import type { Store } from '../store/store.ts';

/*
 * Documents that their workflow should be moving. Each statement takes two instants: the document, or its mail, has
 * not moved since the later, and has since the earlier.
 */

const UNDECIDED = `select id from documents
  where status in ('CREATED', 'PENDING_SEND', 'RECEIVED') and updated_at between ? and ?`;

const UNSENT = `select document_id from mails
  where status = 'PENDING' and document_id is not null and updated_at between ? and ?`;

const UNPRINTED = `select id from documents d where status = 'AUTHORIZED' and updated_at between ? and ?
  and not exists (select from rides r where r.document_id = d.id and r.format = 'a4')`;

const EVER = new Date(0);
const DAY_MS = 24 * 3_600_000;

/**
 * Some of them, up to `limit` a kind: any, for were it always the oldest, those that wait for SRI would hide one whose
 * workflow is lost. What was authorized longer than a day ago is not looked for: there is too much of it, and
 * `promiseAnew` finds it.
 */
export async function someUnfinished(em: EntityManager, still: Date, limit: number): Promise<Document[]> {
  const yesterday = new Date(still.getTime() - DAY_MS);
  const some = (sql: string) => `(${sql} order by random() limit ${limit})`;
  const rows = await em.execute<{ id: string }[]>([UNDECIDED, UNSENT, UNPRINTED].map(some).join(' union '), [
    EVER,
    still,
    EVER,
    still,
    yesterday,
    still,
  ]);
  return em.find(Document, { id: { $in: rows.map(({ id }) => id) } });
}

/**
 * Promises all of them in the outbox, and each tenant's schedule: for a Temporal that knows nothing of them. May be done
 * twice.
 */
export async function promiseAnew(store: Store): Promise<void> {
  await store.asSystem(async (em) => {
    const now = new Date();
    await em.execute(
      `insert into outbox (id, tenant_id, kind, subject, created_at)
       select gen_random_uuid(), tenant_id, 'document', access_key, ?::timestamptz from documents
       where id in (${UNDECIDED} union ${UNSENT} union ${UNPRINTED})
       union all
       select gen_random_uuid(), id, 'schedule', id::text, ?::timestamptz from tenants`,
      [now, EVER, now, EVER, now, EVER, now, now],
    );
  });
}
