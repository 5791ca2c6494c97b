import type { DocumentRequest } from '../format/document-request.ts';
import type { DocumentHead } from '../model/document.ts';
import { mayFollow } from '../model/status.ts';
import { taxDateOfIso } from '../model/tax-date.ts';
import { parseAccessKey } from '../model/access-key.ts';
import { Refusal } from '../refusal.ts';
import { type Document, DocumentEvent } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { promiseProcess } from './create.ts';
import { findOwn } from './find.ts';
import { modifiedId } from './modified.ts';
import { checkBody, issuerReadyFor, snapshotOf, writeDocument } from './write.ts';

/**
 * Writes a refused document anew under the same access key, sequential, issue date and type; everything else comes
 * from `body`. It returns to CREATED, to be signed and sent again.
 *
 * @throws Refusal NOT_FOUND, INVALID_STATE_TRANSITION, VALIDATION_FAILED, CERTIFICATE_EXPIRED,
 * CREDIT_EXCEEDS_BALANCE
 */
export async function rebuildDocument(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  { body, autoSend }: Pick<DocumentRequest, 'body' | 'autoSend'>,
): Promise<Document> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey, { lock: true });
    if (!mayFollow(document.status, 'CREATED')) {
      throw new Refusal(
        'INVALID_STATE_TRANSITION',
        `Only a RETURNED or NOT_AUTHORIZED document can be rebuilt; this one is ${document.status}.`,
      );
    }
    if (body.documentType !== document.documentType) {
      throw new Refusal('VALIDATION_FAILED', 'A rebuild keeps the document type.', [
        { field: 'documentType', message: 'must be the type that the document has', value: body.documentType },
      ]);
    }
    const issueDate = taxDateOfIso(document.issueDate);
    const issuer = snapshotOf(await issuerReadyFor(em, scope, body.documentType, ctx.clock()));
    checkBody(ctx, body, issueDate, issuer);
    const head: DocumentHead = {
      environment: parseAccessKey(accessKey).environment,
      documentType: document.documentType,
      accessKey,
      sequential: document.sequential,
      issueDate,
    };
    const modifies = await modifiedId(ctx, em, scope, body, issuer);
    const { content } = writeDocument(ctx, head, issuer, body);

    const from = document.status;
    em.assign(document, {
      status: 'CREATED',
      revision: document.revision + 1,
      autoSend,
      ...content,
      modifiesId: modifies,
      signedXml: null,
      sriMessages: null,
      sendStartedAt: null,
      silenceToldAt: null,
      receivedAt: null,
      emailStatus: 'PENDING',
      emailSentAt: null,
      emailError: null,
    });
    em.create(DocumentEvent, {
      tenantId: scope.tenantId,
      documentId: document.id,
      eventType: 'REBUILT',
      fromStatus: from,
      toStatus: 'CREATED',
    });
    promiseProcess(em, document);
    return document;
  });
}
