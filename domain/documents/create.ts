import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { isoDateOf } from '../model/tax-date.ts';
import { notifyQuota } from '../notifications/quota.ts';
import { Refusal } from '../refusal.ts';
import { OutboxMessage } from '../store/entities/delivery.ts';
import { Document, DocumentEvent, IdempotencyKey } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { type Draft, draftDocument, type DraftInput, headOf } from './draft.ts';
import { writeDocument } from './write.ts';

export interface CreateInput extends DraftInput {
  /** Send as soon as it is signed. */
  autoSend: boolean;
  /** ≤ 255 characters, unique within issuer and environment, kept for ever. */
  idempotencyKey?: string;
  /** SHA-256 of the canonicalised request, to tell a repeat from a reuse. */
  bodyHash: Buffer;
}

/** A document in status CREATED, or the one that an earlier request with its key made. */
export interface Created {
  document: Document;
  replayed: boolean;
}

/**
 * Numbers and writes a document in one transaction: idempotency, checks, quota, sequential under a row lock, access
 * key, XML, schema, row, event and outbox. Whatever is refused or fails rolls back, and its number goes to the next.
 *
 * @throws Refusal VALIDATION_FAILED, DOCUMENT_TYPE_NOT_SUPPORTED, DOCUMENT_TYPE_NOT_ENABLED, CERTIFICATE_EXPIRED,
 * QUOTA_EXCEEDED, CREDIT_EXCEEDS_BALANCE, CONFLICT (the key came with another body)
 */
export function createDocument(ctx: DocumentContext, scope: IssuerScope, input: CreateInput): Promise<Created> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const prepared = await prepareDocument(em, ctx, scope, input);
    if (prepared instanceof Document) return { document: prepared, replayed: true };
    const document = await numberDocument(em, ctx, scope, prepared);
    promiseProcess(em, document);
    return { document, replayed: false };
  });
}

/** A document that may be numbered. */
export interface Prepared {
  id: string;
  draft: Draft;
  autoSend: boolean;
}

/**
 * The first half of making a document within a transaction, which waits for whoever has the same key, or changes the
 * same document. A transaction that makes several prepares all of them before it numbers the first, and only such as
 * change none: else two could wait for each other, or overlook each other.
 * @returns the document that an earlier request with this key made, if there is one. @throws Refusal
 */
export async function prepareDocument(
  em: EntityManager,
  ctx: DocumentContext,
  scope: IssuerScope,
  input: CreateInput,
): Promise<Prepared | Document> {
  const id = v7();
  const earlier = await earlierDocument(em, scope, input, id);
  return earlier ?? { id, draft: await draftDocument(ctx, em, scope, input), autoSend: input.autoSend };
}

/**
 * The other half: the document has its number, which is held until the commit. Whoever makes it sees to its signature.
 * @throws Refusal
 */
export async function numberDocument(
  em: EntityManager,
  ctx: DocumentContext,
  scope: IssuerScope,
  { id, draft, autoSend }: Prepared,
): Promise<Document> {
  const { body, issuer, modifiesId } = draft;
  const { sequential, count, quota } = await nextSequential(em, scope, body.documentType);
  const head = headOf(ctx, scope, draft, sequential);
  const { content } = writeDocument(ctx, head, issuer, body);

  const { tenantId, issuerId } = scope;
  const document = em.create(Document, {
    id,
    tenantId,
    issuerId,
    environment: scope.environment,
    documentType: head.documentType,
    accessKey: head.accessKey,
    sequential: head.sequential,
    issueDate: isoDateOf(head.issueDate),
    status: 'CREATED',
    revision: 1,
    autoSend,
    ...content,
    modifiesId,
    emailStatus: 'PENDING',
  });
  em.create(DocumentEvent, { tenantId, documentId: id, eventType: 'CREATED', toStatus: 'CREATED' });
  await notifyQuota(em, tenantId, count, quota);
  return document;
}

/** Promises that the document's workflow takes it on. */
export function promiseProcess(em: EntityManager, { tenantId, accessKey }: Document): void {
  em.create(OutboxMessage, { tenantId, kind: 'document', subject: accessKey });
}

/**
 * Claims the key for the document that is about to be, or finds the one that it was claimed for. Of requests with one
 * key the first gets it and the others wait here until it has committed, or has given it up by failing.
 */
async function earlierDocument(
  em: EntityManager,
  scope: IssuerScope,
  input: CreateInput,
  id: string,
): Promise<Document | undefined> {
  const { idempotencyKey: key, bodyHash } = input;
  if (key === undefined) return undefined;
  const { tenantId, issuerId, environment } = scope;
  const claimed = await em.execute(
    `insert into idempotency_keys (issuer_id, environment, key, tenant_id, body_hash, document_id, created_at)
     values (?, ?, ?, ?, ?, ?, now()) on conflict do nothing returning document_id`,
    [issuerId, environment, key, tenantId, bodyHash, id],
  );
  if (claimed.length === 1) return undefined;
  const used = await em.findOneOrFail(IdempotencyKey, { issuerId, environment, key });
  if (!bodyHash.equals(used.bodyHash)) {
    throw new Refusal('CONFLICT', 'This Idempotency-Key was used with another body. Use a new key for a new document.');
  }
  return em.findOneOrFail(Document, used.documentId);
}

/**
 * Takes one document off the plan's quota and the next number, both under a row lock that is held until the document is
 * committed: numbers are consecutive, and none is used by what is refused.
 */
async function nextSequential(
  em: EntityManager,
  scope: IssuerScope,
  documentType: string,
): Promise<{ sequential: string; count: number; quota: number }> {
  const [row] = await em.execute<{ number: number; count: number; quota: number }[]>(
    `with quota as (
       update tenants set document_count = document_count + 1 where id = ? and document_count < document_quota
       returning id, document_count, document_quota
     )
     insert into sequences (issuer_id, environment, document_type, tenant_id, next)
     select ?::uuid, ?, ?, id, 2 from quota
     on conflict (issuer_id, environment, document_type) do update set next = sequences.next + 1
     returning next - 1 as number, (select document_count from quota) as count, (select document_quota from quota) as quota`,
    [scope.tenantId, scope.issuerId, scope.environment, documentType],
  );
  if (row === undefined)
    throw new Refusal('QUOTA_EXCEEDED', "The plan's documents are used up; a larger plan raises the quota.");
  if (row.number > 999_999_999)
    throw new Refusal('CONFLICT', 'The issue point has used all its numbers; use another issue point.');
  return { sequential: String(row.number).padStart(9, '0'), count: row.count, quota: row.quota };
}
