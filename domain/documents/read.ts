import type { DocumentType, RideFormat } from '../model/document.ts';
import { Refusal } from '../refusal.ts';
import { Document, DocumentEvent, Ride } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { findOwn } from './find.ts';

/** @throws Refusal NOT_FOUND */
export async function findDocument(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  { withBody = false }: { withBody?: boolean } = {},
): Promise<Document> {
  return ctx.store.asTenant(scope.tenantId, (em) =>
    findOwn(em, scope, accessKey, withBody ? { populate: ['body'] } : {}),
  );
}

/** The log of a document, oldest first. @throws Refusal NOT_FOUND */
export async function documentEvents(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
): Promise<DocumentEvent[]> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const { id } = await findOwn(em, scope, accessKey);
    return em.find(DocumentEvent, { documentId: id }, { orderBy: { position: 'asc' } });
  });
}

/**
 * SRI's authorization envelope once there is one, else the signed document: the exact stored bytes.
 * @throws Refusal NOT_FOUND, INVALID_STATE_TRANSITION before it is signed
 */
export async function documentXml(ctx: DocumentContext, scope: IssuerScope, accessKey: string): Promise<Buffer> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey, { populate: ['signedXml', 'authorizedXml'] });
    const xml = document.authorizedXml ?? document.signedXml;
    if (!xml) throw new Refusal('INVALID_STATE_TRANSITION', 'The document is not signed yet; ask again in a moment.');
    return xml;
  });
}

/** What there is a ticket of. */
const TICKET_TYPE: DocumentType = '01';

/**
 * The printed form, or undefined while it is not printed yet.
 * @throws Refusal NOT_FOUND, VALIDATION_FAILED when this type has none in that format, DOCUMENT_NOT_AUTHORIZED
 */
export async function documentRide(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  format: RideFormat,
): Promise<Buffer | undefined> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey);
    if (format === 'ticket' && document.documentType !== TICKET_TYPE) {
      throw new Refusal('VALIDATION_FAILED', 'This type of document is not printed so.', [
        { field: 'format', message: 'must be a4: only facturas are printed as tickets', value: format },
      ]);
    }
    if (document.status !== 'AUTHORIZED') {
      throw new Refusal(
        'DOCUMENT_NOT_AUTHORIZED',
        `Only an AUTHORIZED document has a RIDE; this one is ${document.status}.`,
      );
    }
    const [ride] = await em.find(
      Ride,
      { documentId: document.id, format },
      { orderBy: { templateVersion: 'desc' }, limit: 1 },
    );
    return ride?.pdf;
  });
}
