import { z } from 'zod';
import { findDocument } from '../../domain/documents/read.ts';
import { documentTypes } from '../../domain/format/document-types.ts';
import type { DocumentStatus } from '../../domain/model/document.ts';
import { taxDateOfIso } from '../../domain/model/tax-date.ts';
import { withHelp } from '../../domain/sri/message-help.ts';
import type { Document } from '../../domain/store/entities/document.ts';
import type { Language } from '../../domain/store/entities/tenant.ts';
import { digits, ok } from '../fields.ts';
import { preferHeader } from '../prefer.ts';
import type { Call } from '../route.ts';
import { DocumentOut } from './document-schemas.ts';

export const TAG = 'Documents';

/** The sale of the documentation, sent at once. */
export const EXAMPLE_REQUEST = { ...documentTypes[0]!.example, autoSend: true };

/** What the operations on documents have in common. */
export const OneOut = z.object({ ok, document: DocumentOut });
export const accessKeyParam = z.object({
  accessKey: digits(49).meta({
    description: '49 digits.',
    example: '2511202601171003406500110010010000000011234567819',
  }),
});
export const waits = z.object({ Prefer: preferHeader });

export const APPLIED = { 'Preference-Applied': 'The wait that was applied, when one was asked for.' };
export const LOCATION = { Location: 'Where to look for what becomes of it.' };

/** What a new document goes through by itself, and what it is worth waiting for the end of. */
export function passingOf({ autoSend }: { autoSend: boolean }): DocumentStatus[] {
  return autoSend ? ['CREATED', 'SIGNED', 'PENDING_SEND', 'RECEIVED'] : ['CREATED'];
}

/** Lets the document go on for as long as the caller waits, and reads what has become of it. */
export async function advance(
  { services, scope }: Call<unknown, unknown, unknown, unknown, 'issuer'>,
  document: Document,
  passing: DocumentStatus[],
  waitMs: number,
): Promise<Document> {
  if (!passing.includes(document.status)) return document;
  const status = await services.aside(() => services.process.advance(document, { passing, waitMs }));
  // The signature changes nothing else that a caller sees, and a customer waits at the till.
  if (document.status === 'CREATED' && status === 'SIGNED') return Object.assign(document, { status });
  return findDocument(services.documents, scope, document.accessKey);
}

export function outcome(
  document: Document,
  pending: DocumentStatus,
  { language, applied }: { language: Language; applied: Record<string, string> },
) {
  const body = { ok: true as const, document: documentOut(document, language) };
  return document.status === pending
    ? { status: 202 as const, body, headers: { ...applied, Location: locationOf(document) } }
    : { status: 200 as const, body, headers: applied };
}

export function locationOf({ accessKey }: Document): string {
  return `/v1/documents/${accessKey}`;
}

/** The help for what SRI said is in that language. */
export function documentOut(document: Document, language: Language): z.output<typeof DocumentOut> {
  const { accessKey, documentType, sequential, status, total, waitsFor } = document;
  const { authorizationNumber, authorizationDate, sriMessages } = document;
  return {
    accessKey,
    documentType,
    sequential,
    status,
    issueDate: taxDateOfIso(document.issueDate),
    total,
    buyer: {
      idType: document.buyerIdType,
      id: document.buyerId,
      name: document.buyerName,
      email: document.buyerEmail ?? null,
    },
    ...(authorizationNumber ? { authorizationNumber } : {}),
    ...(authorizationDate ? { authorizationDate } : {}),
    email: {
      status: document.emailStatus,
      ...(document.emailSentAt ? { sentAt: document.emailSentAt.toISOString() } : {}),
      ...(document.emailError ? { error: document.emailError } : {}),
    },
    ...(sriMessages && sriMessages.length > 0 ? { sriMessages: withHelp(sriMessages, documentType, language) } : {}),
    ...(waitsFor && (status === 'PENDING_SEND' || (status === 'RECEIVED' && waitsFor === 'authorization'))
      ? { waitingForSri: { service: waitsFor, since: document.waitsSince!.toISOString() } }
      : {}),
    createdAt: document.createdAt.toISOString(),
    updatedAt: document.updatedAt.toISOString(),
  };
}
