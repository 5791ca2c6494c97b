import { randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { buildAccessKey } from '../model/access-key.ts';
import type { DocumentBody, DocumentHead, IssuerSnapshot } from '../model/document.ts';
import { taxDateOf } from '../model/tax-date.ts';
import { Refusal } from '../refusal.ts';
import { type DocumentContext, type IssuerScope, legalEnvironment } from './context.ts';
import { modifiedId } from './modified.ts';
import { checkBody, documentTypeOf, issuerReadyFor, snapshotOf } from './write.ts';

export interface DraftInput {
  body: DocumentBody;
  /** DD/MM/YYYY; only today's date in America/Guayaquil is legal, and the default. */
  issueDate?: string;
}

/** A document that has passed every check but that of the schema, which wants it written. */
export interface Draft {
  body: DocumentBody;
  /** DD/MM/YYYY. */
  issueDate: string;
  issuer: IssuerSnapshot;
  /** Id of the document that it changes, if that is one of this account. */
  modifiesId: string | null;
}

/**
 * Checks what a new document would be made of, before anything is allocated for it.
 * @throws Refusal VALIDATION_FAILED, DOCUMENT_TYPE_NOT_SUPPORTED, DOCUMENT_TYPE_NOT_ENABLED, CERTIFICATE_EXPIRED,
 * CREDIT_EXCEEDS_BALANCE
 */
export async function draftDocument(
  ctx: DocumentContext,
  em: EntityManager,
  scope: IssuerScope,
  { body, issueDate: given }: DraftInput,
): Promise<Draft> {
  const now = ctx.clock();
  const issueDate = taxDateOf(now);
  if (given !== undefined && given !== issueDate) {
    throw new Refusal('VALIDATION_FAILED', 'The issue date is not today.', [
      { field: 'issueDate', message: `must be today in Ecuador, ${issueDate}, or left out`, value: given },
    ]);
  }
  documentTypeOf(body.documentType);
  const issuer = snapshotOf(await issuerReadyFor(em, scope, body.documentType, now));
  checkBody(ctx, body, issueDate, issuer);
  return { body, issueDate, issuer, modifiesId: await modifiedId(ctx, em, scope, body, issuer) };
}

/** What is fixed with the number, the access key among it. */
export function headOf(
  ctx: DocumentContext,
  scope: IssuerScope,
  { body: { documentType }, issueDate, issuer }: Draft,
  sequential: string,
): DocumentHead {
  const environment = legalEnvironment(ctx, scope.environment);
  const { ruc, branchCode, issuePointCode } = issuer;
  const numericCode = String(randomInt(100_000_000)).padStart(8, '0');
  const parts = { environment, documentType, sequential, issueDate };
  return { ...parts, accessKey: buildAccessKey({ ...parts, ruc, branchCode, issuePointCode, numericCode }) };
}
