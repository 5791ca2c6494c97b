import type { DocumentStatus, Environment } from '../model/document.ts';
import { Document, DocumentEvent, type StoredSriMessage } from '../store/entities/document.ts';
import { cut, type PageOf } from '../store/page.ts';
import type { Store } from '../store/store.ts';

/** What a document waits for that should not wait for so long. */
export type WaitsFor = 'SIGNATURE' | 'RECEPTION' | 'AUTHORIZATION' | 'REBUILD';

const WAITS_FOR = {
  CREATED: 'SIGNATURE',
  PENDING_SEND: 'RECEPTION',
  RECEIVED: 'AUTHORIZATION',
  RETURNED: 'REBUILD',
  NOT_AUTHORIZED: 'REBUILD',
} as const satisfies Partial<Record<DocumentStatus, WaitsFor>>;

type StuckStatus = keyof typeof WAITS_FOR;

export const STUCK_STATUSES = Object.keys(WAITS_FOR) as [StuckStatus, ...StuckStatus[]];

export interface StuckDocument {
  accessKey: string;
  tenantId: string;
  issuerId: string;
  environment: Environment;
  status: StuckStatus;
  /** When it came to this status. */
  since: Date;
  waitsFor: WaitsFor;
  /** What SRI last said of it. */
  sriMessages: StoredSriMessage[];
  /** The last trouble on the way, as its log has it. */
  lastError: { at: Date; detail: Record<string, unknown> | null } | null;
}

/** A place in the order of the list. */
interface Place {
  since: Date;
  accessKey: string;
}

export interface StuckDocumentQuery {
  statuses: readonly StuckStatus[];
  /** Those that have not moved since then. */
  stillSince: Date;
  limit: number;
  /** Where the page before ended. */
  after?: Place;
}

/** Documents that have not moved for long, those that wait longest first. */
export async function stuckDocuments(
  store: Store,
  { statuses, stillSince, limit, after }: StuckDocumentQuery,
): Promise<PageOf<StuckDocument>> {
  return store.asSystem(async (em) => {
    const later = after && {
      $or: [{ updatedAt: { $gt: after.since } }, { updatedAt: after.since, accessKey: { $gt: after.accessKey } }],
    };
    const found = await em.find(
      Document,
      { $and: [{ status: { $in: [...statuses] }, updatedAt: { $lt: stillSince } }, ...(later ? [later] : [])] },
      { orderBy: { updatedAt: 'asc', accessKey: 'asc' }, limit: limit + 1 },
    );
    const { rows, nextCursor } = cut(found, limit, placeOf);
    const ids = rows.map(({ id }) => id);
    const errors = await em.find(
      DocumentEvent,
      { documentId: { $in: ids }, eventType: 'ERROR' },
      { orderBy: { position: 'asc' } },
    );
    const last = new Map(errors.map((event) => [event.documentId, event]));
    return { rows: rows.map((row) => stuck(row, last.get(row.id))), nextCursor };
  });
}

/** The place that a cursor was made of. */
export function placeIn(cursor: string): Place {
  const [since, accessKey] = cursor.split('~') as [string, string];
  return { since: new Date(since), accessKey };
}

/** Where a page ends, as text. */
function placeOf({ updatedAt, accessKey }: Document): string {
  return `${updatedAt.toISOString()}~${accessKey}`;
}

function stuck(document: Document, error: DocumentEvent | undefined): StuckDocument {
  const { accessKey, tenantId, issuerId, environment, updatedAt } = document;
  const status = document.status as StuckStatus;
  return {
    accessKey,
    tenantId,
    issuerId,
    environment,
    status,
    since: updatedAt,
    waitsFor: WAITS_FOR[status],
    sriMessages: document.sriMessages ?? [],
    lastError: error === undefined ? null : { at: error.createdAt, detail: error.detail ?? null },
  };
}
