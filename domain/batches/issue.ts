import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { DocumentContext, IssuerScope } from '../documents/context.ts';
import { type CreateInput, numberDocument, type Prepared, prepareDocument } from '../documents/create.ts';
import { promiseSend } from '../documents/send.ts';
import { documentTypeOf } from '../documents/write.ts';
import { notifyBatch } from '../notifications/batches.ts';
import { Refusal } from '../refusal.ts';
import { CertificateError } from '../signing/certificate-error.ts';
import { Batch, BatchLine, type BatchStatus, type LineRefusal } from '../store/entities/batch.ts';
import { OutboxMessage } from '../store/entities/delivery.ts';
import { Document, DocumentEvent } from '../store/entities/document.ts';
import { Issuer } from '../store/entities/issuer.ts';
import { Tenant } from '../store/entities/tenant.ts';
import { readLine } from './lines.ts';
import { withCounts } from './read.ts';

/** Lines of one portion. */
const PORTION = 100;
/**
 * Documents of one transaction. It holds the quota and the next number, for which whoever sells at the till meanwhile
 * waits: more would make a batch little faster.
 */
const TOGETHER = 10;

/** How far a batch has come. */
export interface BatchProgress {
  status: BatchStatus;
  /** Lines with a result, of all. */
  done: number;
  total: number;
  tenantId: string;
  /** Webhook deliveries that the outbox promises. */
  promised: string[];
}

export interface IssueOptions {
  /** @throws CertificateError */
  sign: (unsignedXml: string, certificateId: string) => Promise<Buffer>;
  /** Documents that wait to be sent; the outbox promises that they are. */
  onSendable: (documents: Document[]) => Promise<void>;
  /** What is not expected becomes the result of its line, in place of ending the work: it has been tried often. */
  lastTry: boolean;
  /** Tells of such a line. */
  onFailure: (line: number, error: unknown) => void;
}

/** A batch as it goes on. */
interface Portion {
  ctx: DocumentContext;
  batchId: string;
  scope: IssuerScope;
  suspended: boolean;
  lines: BatchLine[];
}

/** A line that can be read. */
interface ReadLine {
  line: number;
  input: CreateInput;
  /** It changes another document, which `prepareDocument` takes one at a time. */
  alone: boolean;
}

/**
 * Issues the next lines of a batch in their order; does nothing for a batch that is paused or finished. May be done by
 * several at once, and again after any crash: a line gets one result.
 * @throws whatever keeps a line from being issued and from being refused, unless it is the last try
 */
export async function issuePortion(
  ctx: DocumentContext,
  batchId: string,
  options: IssueOptions,
): Promise<BatchProgress> {
  const portion = await openPortion(ctx, batchId);
  let together: ReadLine[] = [];
  async function issueThem(): Promise<void> {
    const lines = together;
    together = [];
    const sendable = (await issue(portion, lines, options)).filter(({ status }) => status === 'PENDING_SEND');
    if (sendable.length > 0) await options.onSendable(sendable);
  }
  for (const { line, request } of portion.lines) {
    const read = await refusing(portion, line, options, async (): Promise<ReadLine> => {
      if (portion.suspended) throw new Refusal('ACCOUNT_SUSPENDED', 'The account is suspended.');
      const input = readLine(request!);
      return { line, input, alone: documentTypeOf(input.body.documentType).modifies !== undefined };
    });
    if (read === undefined) continue;
    if (read.alone || together.length === TOGETHER) await issueThem();
    together.push(read);
    if (read.alone) await issueThem();
  }
  await issueThem();
  return ctx.store.asSystem((em) => closePortion(em, ctx, batchId));
}

function openPortion(ctx: DocumentContext, batchId: string): Promise<Portion> {
  return ctx.store.asSystem(async (em) => {
    const { tenantId, issuerId, environment, status } = await em.findOneOrFail(Batch, batchId);
    const tenant = await em.findOneOrFail(Tenant, tenantId, { fields: ['status'] });
    const pending = { populate: ['request'] as const, orderBy: { line: 'asc' as const }, limit: PORTION };
    const lines = status === 'RUNNING' ? await em.find(BatchLine, { batchId, outcome: null }, pending) : [];
    const scope = { tenantId, issuerId, environment };
    return { ctx, batchId, scope, suspended: tenant.status === 'SUSPENDED', lines };
  });
}

/** Issues lines together, or else each by itself: what is wrong with one concerns no other. */
async function issue(portion: Portion, lines: readonly ReadLine[], options: IssueOptions): Promise<Document[]> {
  if (lines.length === 0) return [];
  if (lines.length > 1) {
    try {
      return await issueTogether(portion, lines, options);
    } catch {
      const each: Document[] = [];
      for (const line of lines) each.push(...(await issue(portion, [line], options)));
      return each;
    }
  }
  const documents = await refusing(portion, lines[0]!.line, options, () => issueTogether(portion, lines, options));
  return documents ?? [];
}

/**
 * The documents, signed, and the results of their lines, in one transaction. Lines that are no longer due are left out.
 * @returns the documents that are new. @throws Refusal
 */
async function issueTogether(
  { ctx, batchId, scope }: Portion,
  lines: readonly ReadLine[],
  { sign }: IssueOptions,
): Promise<Document[]> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    // Whoever pauses or cancels it waits for these lines, and none after them is begun.
    const { status } = await em.findOneOrFail(Batch, batchId, { lockMode: LockMode.PESSIMISTIC_READ });
    if (status !== 'RUNNING') return [];
    const numbers = lines.map(({ line }) => line);
    const due = await em.find(
      BatchLine,
      { batchId, line: { $in: numbers }, outcome: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { line: 'asc' } },
    );
    const prepared = new Map<BatchLine, Prepared | Document>();
    for (const row of due) {
      const { input } = lines.find(({ line }) => line === row.line)!;
      prepared.set(row, await prepareDocument(em, ctx, scope, input));
    }
    const documents: Document[] = [];
    for (const [row, found] of prepared) {
      const replayed = found instanceof Document;
      const document = replayed ? found : await numberDocument(em, ctx, scope, found);
      if (!replayed) {
        await signNew(em, document, sign);
        documents.push(document);
      }
      em.assign(row, { outcome: 'ISSUED', documentId: document.id, replayed, request: null });
    }
    return documents;
  });
}

/** Signs a document before it is seen by anybody, so that no workflow is needed for it. @throws Refusal */
async function signNew(em: EntityManager, document: Document, sign: IssueOptions['sign']): Promise<void> {
  const { id: documentId, tenantId, issuerId, unsignedXml, autoSend } = document;
  const { certificateId } = await em.findOneOrFail(Issuer, issuerId);
  try {
    document.signedXml = await sign((unsignedXml as Buffer).toString(), certificateId);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new Refusal(error.code, error.message);
  }
  em.create(DocumentEvent, {
    tenantId,
    documentId,
    eventType: 'STATUS_CHANGED',
    fromStatus: 'CREATED',
    toStatus: 'SIGNED',
  });
  document.status = 'SIGNED';
  if (autoSend) promiseSend(em, document);
}

/** Does something for a line; what it is refused for becomes its result, and so does what is not expected at last. */
async function refusing<T>(
  portion: Portion,
  line: number,
  { lastTry, onFailure }: IssueOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      if (!lastTry) throw error;
      onFailure(line, error);
    }
    await refuse(portion, line, error instanceof Refusal ? reasonOf(error) : UNEXPECTED);
    return undefined;
  }
}

const UNEXPECTED: LineRefusal = {
  code: 'INTERNAL_ERROR',
  detail: 'The line could not be issued, and no number was used. Send it again.',
  problems: [],
};

function reasonOf({ code, message: detail, problems }: Refusal): LineRefusal {
  return { code, detail, problems };
}

async function refuse({ ctx, batchId, scope }: Portion, line: number, refusal: LineRefusal): Promise<void> {
  await ctx.store.asTenant(scope.tenantId, (em) =>
    em.nativeUpdate(BatchLine, { batchId, line, outcome: null }, { outcome: 'REFUSED', refusal, request: null }),
  );
}

/** Ends the batch if no line is left, and tells the tenant. */
async function closePortion(em: EntityManager, ctx: DocumentContext, batchId: string): Promise<BatchProgress> {
  const now = ctx.clock();
  const ended = await em.execute(
    `update batches set status = 'COMPLETED', finished_at = ?, updated_at = ? where id = ? and status = 'RUNNING'
       and not exists (select from batch_lines where batch_id = ? and outcome is null) returning 1`,
    [now, now, batchId, batchId],
  );
  const { batch, counts } = await withCounts(em, await em.findOneOrFail(Batch, batchId));
  const { status, total, tenantId } = batch;
  let promised: string[] = [];
  if (ended.length > 0) {
    await em.nativeDelete(OutboxMessage, { kind: 'batch', subject: batchId });
    promised = await notifyBatch(em, batch, counts);
  }
  return { status, done: total - counts.pending, total, tenantId, promised };
}
