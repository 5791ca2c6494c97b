import type { FilterQuery } from '@mikro-orm/postgresql';
import type { DocumentStatus, DocumentType } from '../model/document.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { Refusal } from '../refusal.ts';
import { Document, DocumentEvent, Ride } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { findOwn } from './find.ts';

export interface DocumentFilter {
  status?: DocumentStatus;
  documentType?: DocumentType;
  /** DD/MM/YYYY, both ends included. */
  from?: string;
  to?: string;
  /** From 1. */
  page: number;
  limit: number;
}

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

/** One page, newest first, and how many there are in all. */
export async function listDocuments(
  ctx: DocumentContext,
  scope: IssuerScope,
  filter: DocumentFilter,
): Promise<{ documents: Document[]; total: number }> {
  const { status, documentType, from, to, page, limit } = filter;
  const where: FilterQuery<Document> = {
    issuerId: scope.issuerId,
    environment: scope.environment,
    ...(status === undefined ? {} : { status }),
    ...(documentType === undefined ? {} : { documentType }),
    ...(from === undefined && to === undefined
      ? {}
      : {
          issueDate: {
            ...(from === undefined ? {} : { $gte: isoDateOf(from) }),
            ...(to === undefined ? {} : { $lte: isoDateOf(to) }),
          },
        }),
  };
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const [documents, total] = await em.findAndCount(Document, where, {
      orderBy: { id: 'desc' },
      limit,
      offset: (page - 1) * limit,
    });
    return { documents, total };
  });
}

/** The log of a document, oldest first. @throws Refusal NOT_FOUND */
export async function documentEvents(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
): Promise<DocumentEvent[]> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const { id } = await findOwn(em, scope, accessKey);
    return em.find(DocumentEvent, { documentId: id }, { orderBy: { id: 'asc' } });
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

/**
 * The printed form, or undefined while it is not printed yet.
 * @throws Refusal NOT_FOUND, DOCUMENT_NOT_AUTHORIZED
 */
export async function documentRide(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
): Promise<Buffer | undefined> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey);
    if (document.status !== 'AUTHORIZED') {
      throw new Refusal(
        'DOCUMENT_NOT_AUTHORIZED',
        `Only an AUTHORIZED document has a RIDE; this one is ${document.status}.`,
      );
    }
    const [ride] = await em.find(Ride, { documentId: document.id }, { orderBy: { templateVersion: 'desc' }, limit: 1 });
    return ride?.pdf;
  });
}
