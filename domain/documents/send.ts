import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { type Document, DocumentEvent } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { promiseProcess } from './create.ts';
import { findOwn } from './find.ts';

/**
 * Asks for a signed document to be sent: SIGNED → PENDING_SEND. Asking again while it is being sent changes nothing.
 * @throws Refusal NOT_FOUND, INVALID_STATE_TRANSITION
 */
export async function requestSend(ctx: DocumentContext, scope: IssuerScope, accessKey: string): Promise<Document> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey, { lock: true });
    if (document.status === 'PENDING_SEND') return document;
    if (document.status !== 'SIGNED') {
      throw new Refusal(
        'INVALID_STATE_TRANSITION',
        `Only a SIGNED document can be sent; this one is ${document.status}.`,
      );
    }
    promiseSend(em, document);
    return document;
  });
}

/** Promises that a signed document, which nobody else can change now, is sent: SIGNED → PENDING_SEND. */
export function promiseSend(em: EntityManager, document: Document): void {
  const { id: documentId, tenantId } = document;
  em.create(DocumentEvent, {
    tenantId,
    documentId,
    eventType: 'STATUS_CHANGED',
    fromStatus: 'SIGNED',
    toStatus: 'PENDING_SEND',
  });
  document.status = 'PENDING_SEND';
  promiseProcess(em, document);
}
