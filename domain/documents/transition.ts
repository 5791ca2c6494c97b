import type { EntityData, EntityManager } from '@mikro-orm/postgresql';
import type { DocumentStatus } from '../model/document.ts';
import { mayFollow } from '../model/status.ts';
import { Document, DocumentEvent, type DocumentEventType } from '../store/entities/document.ts';

/** The row as whoever moves it has read it. */
export interface Seen {
  id: string;
  tenantId: string;
  revision: number;
}

/**
 * Moves a document and writes the event, if the row still is what was seen. Two that race for one move are settled
 * here: the second changes nothing and is told so.
 */
export async function transition(
  em: EntityManager,
  seen: Seen,
  from: DocumentStatus,
  to: DocumentStatus,
  change: {
    set?: EntityData<Document>;
    event?: DocumentEventType;
    detail?: Record<string, unknown>;
  } = {},
): Promise<boolean> {
  if (!mayFollow(from, to)) throw new Error(`a document never goes from ${from} to ${to}`);
  const { id, tenantId, revision } = seen;
  const moved = await em.nativeUpdate(
    Document,
    { id, status: from, revision },
    { ...change.set, status: to, updatedAt: new Date() },
  );
  if (moved === 0) return false;
  em.create(DocumentEvent, {
    tenantId,
    documentId: id,
    eventType: change.event ?? 'STATUS_CHANGED',
    fromStatus: from,
    toStatus: to,
    detail: change.detail ?? null,
  });
  await em.flush();
  return true;
}
