import type { EntityManager } from '@mikro-orm/postgresql';
import { documentNumber } from '../documents/summary.ts';
import { withHelp } from '../sri/message-help.ts';
import { Document } from '../store/entities/document.ts';
import type { Language } from '../store/entities/tenant.ts';
import { createNotification, type News } from './create.ts';
import { DOCUMENT_TEXTS, type DocumentNews } from './texts.ts';

/** How many documents one notification names. */
const MAX_NAMED = 50;
/** Documents of one issuer that meet the same fate within this time share a notification. */
const TOGETHER_MS = 60_000;
const HOUR_MS = 3_600_000;

type Outcome = 'DOCUMENT_AUTHORIZED' | 'DOCUMENT_RETURNED' | 'DOCUMENT_NOT_AUTHORIZED';

/** Tells of SRI's decision on a document. */
export async function notifyOutcome(em: EntityManager, documentId: string, type: Outcome): Promise<void> {
  const document = await read(em, documentId);
  const { issuerId } = document;
  await createNotification(em, {
    ...newsOf(document, type, (language) =>
      type === 'DOCUMENT_AUTHORIZED'
        ? {}
        : { sriMessages: withHelp(document.sriMessages ?? [], document.documentType, language) },
    ),
    issuerId,
    severity: type === 'DOCUMENT_AUTHORIZED' ? 'INFO' : 'ERROR',
    documentId,
    deliveredByDocument: true,
    ...(type === 'DOCUMENT_AUTHORIZED' ? { merge: { key: `authorized:${issuerId}`, withinMs: TOGETHER_MS } } : {}),
  });
}

/** Tells that the buyer's mail will not arrive. @returns the deliveries that the outbox promises */
export async function notifyMailFailed(em: EntityManager, documentId: string, error: string): Promise<string[]> {
  const document = await read(em, documentId);
  const { issuerId } = document;
  return createNotification(em, {
    ...newsOf(document, 'EMAIL_DELIVERY_FAILED', () => ({ error })),
    issuerId,
    severity: 'WARNING',
    documentId,
    merge: { key: `mail:${issuerId}`, withinMs: TOGETHER_MS },
  });
}

/**
 * Tells that SRI does not answer about a document. It answers nobody then, so what waits for the same outage, or within
 * an hour where none is known, shares a notification, and one webhook says it.
 * @returns the deliveries that the outbox promises
 */
export async function notifySubmissionFailed(
  em: EntityManager,
  documentId: string,
  outageSince?: Date,
): Promise<string[]> {
  const withinMs = outageSince === undefined ? HOUR_MS : Date.now() - outageSince.getTime();
  return createNotification(em, {
    ...newsOf(await read(em, documentId), 'SRI_SUBMISSION_FAILED', () => ({})),
    severity: 'WARNING',
    merge: { key: 'sri-submission', withinMs, again: 'quiet' },
  });
}

/** As the database has it after the statements of this transaction. */
function read(em: EntityManager, documentId: string): Promise<Document> {
  return em.findOneOrFail(Document, documentId, { refresh: true });
}

interface DocumentsMetadata {
  /** The latest of them, the newest last. */
  documents: Record<string, unknown>[];
  count: number;
}

function newsOf(document: Document, type: DocumentNews, more: (language: Language) => Record<string, unknown>) {
  const number = documentNumber(document.accessKey);
  const about = {
    accessKey: document.accessKey,
    sequential: number,
    buyerName: document.buyerName,
    buyerId: document.buyerId,
    total: document.total,
    issueDate: document.issueDate,
    ...(document.authorizationNumber ? { authorizationNumber: document.authorizationNumber } : {}),
  };
  return {
    tenantId: document.tenantId,
    type,
    write(language, earlier) {
      const { documents, count } = (earlier ?? { documents: [], count: 0 }) as unknown as DocumentsMetadata;
      const metadata = {
        documents: [...documents, { ...about, ...more(language) }].slice(-MAX_NAMED),
        count: count + 1,
      };
      const { title, one, several } = DOCUMENT_TEXTS[type][language];
      return { title, message: count === 0 ? one(number) : several(count + 1, number), metadata };
    },
  } satisfies Partial<News>;
}
