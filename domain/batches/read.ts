import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { DocumentContext, IssuerScope } from '../documents/context.ts';
import { Refusal } from '../refusal.ts';
import { Batch, BatchLine, type LineOutcome } from '../store/entities/batch.ts';
import { Document } from '../store/entities/document.ts';
import { cut, type Page, type PageOf, pageOf } from '../store/page.ts';

/** Lines by what they came to. */
export interface LineCounts {
  pending: number;
  issued: number;
  refused: number;
  cancelled: number;
}

export interface BatchWithCounts {
  batch: Batch;
  counts: LineCounts;
}

/** A line with its document, if it has one. */
export interface LineResult {
  line: BatchLine;
  document: Document | undefined;
}

/** @throws Refusal NOT_FOUND, also when the batch is another issuer's or of the other environment */
export async function findBatch(ctx: DocumentContext, scope: IssuerScope, id: string): Promise<BatchWithCounts> {
  return ctx.store.asTenant(scope.tenantId, async (em) => withCounts(em, await ownBatch(em, scope, id)));
}

/** A page of the issuer's batches, newest first. */
export async function listBatches(
  ctx: DocumentContext,
  scope: IssuerScope,
  page: Page,
): Promise<PageOf<BatchWithCounts>> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const { rows, nextCursor } = await pageOf(em, Batch, scope, page);
    const counts = await countLines(em, rows);
    return { rows: rows.map((batch) => ({ batch, counts: counts.get(batch.id)! })), nextCursor };
  });
}

/**
 * A page of a batch's lines in their order, those included that have no result yet.
 * @param options.outcome null: no result yet
 * @throws Refusal NOT_FOUND
 */
export async function listLines(
  ctx: DocumentContext,
  scope: IssuerScope,
  id: string,
  { outcome, afterLine, limit }: { outcome?: LineOutcome | null; afterLine: number; limit: number },
): Promise<PageOf<LineResult>> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    await ownBatch(em, scope, id);
    const found = await em.find(
      BatchLine,
      { batchId: id, line: { $gt: afterLine }, ...(outcome === undefined ? {} : { outcome }) },
      { orderBy: { line: 'asc' }, limit: limit + 1 },
    );
    const { rows, nextCursor } = cut(found, limit, ({ line }) => String(line));
    const ids = rows.flatMap(({ documentId }) => documentId ?? []);
    const documents = new Map((await em.find(Document, { id: { $in: ids } })).map((row) => [row.id, row]));
    return { rows: rows.map((line) => ({ line, document: documents.get(line.documentId ?? '') })), nextCursor };
  });
}

/** @throws Refusal NOT_FOUND */
export async function ownBatch(
  em: EntityManager,
  scope: IssuerScope,
  id: string,
  { lock = false } = {},
): Promise<Batch> {
  const batch = await em.findOne(Batch, { ...scope, id }, lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {});
  if (batch === null) throw new Refusal('NOT_FOUND', 'This issuer has no batch with this id.');
  return batch;
}

export async function withCounts(em: EntityManager, batch: Batch): Promise<BatchWithCounts> {
  return { batch, counts: (await countLines(em, [batch])).get(batch.id)! };
}

async function countLines(em: EntityManager, batches: readonly Batch[]): Promise<Map<string, LineCounts>> {
  const counts = new Map(batches.map(({ id }) => [id, { pending: 0, issued: 0, refused: 0, cancelled: 0 }]));
  if (counts.size === 0) return counts;
  const rows = await em.execute<{ batch_id: string; outcome: LineOutcome | null; lines: number }[]>(
    `select batch_id, outcome, count(*)::int as lines from batch_lines where batch_id in (?) group by 1, 2`,
    [[...counts.keys()]],
  );
  for (const { batch_id: id, outcome, lines } of rows) {
    counts.get(id)![(outcome?.toLowerCase() ?? 'pending') as keyof LineCounts] = lines;
  }
  return counts;
}
