import { Refusal } from '../refusal.ts';
import { OutboxMessage } from '../store/entities/delivery.ts';
import { type Document, DocumentEvent } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
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
    document.status = 'PENDING_SEND';
    const { tenantId } = scope;
    em.create(DocumentEvent, {
      tenantId,
      documentId: document.id,
      eventType: 'STATUS_CHANGED',
      fromStatus: 'SIGNED',
      toStatus: 'PENDING_SEND',
    });
    em.create(OutboxMessage, { tenantId, kind: 'document', subject: accessKey });
    return document;
  });
}
