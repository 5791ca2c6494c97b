import type { DocumentContext, IssuerScope } from '../documents/context.ts';
import { Refusal } from '../refusal.ts';
import { Batch, BatchLine } from '../store/entities/batch.ts';
import { OutboxMessage } from '../store/entities/delivery.ts';
import { splitLines } from './lines.ts';
import type { BatchWithCounts } from './read.ts';

/** Batches of an issuer that may have lines left, since their lines have to be kept. */
const MAX_UNFINISHED = 10;
/** Rows of one statement. */
const ROWS = 1_000;

/**
 * Keeps the lines of a batch and promises that they are issued; looks into none of them.
 * @throws Refusal BAD_REQUEST, VALIDATION_FAILED, CONFLICT
 */
export async function createBatch(ctx: DocumentContext, scope: IssuerScope, text: Buffer): Promise<BatchWithCounts> {
  const lines = splitLines(text);
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const { tenantId } = scope;
    // Of two that come at once both may pass: one more does no harm.
    if ((await em.count(Batch, { ...scope, status: { $in: ['RUNNING', 'PAUSED'] } })) >= MAX_UNFINISHED) {
      const detail = `The issuer has ${MAX_UNFINISHED} batches that are not finished; finish or cancel one first.`;
      throw new Refusal('CONFLICT', detail);
    }
    const batch = em.create(Batch, { ...scope, status: 'RUNNING', total: lines.length });
    await em.flush();
    const { id: batchId } = batch;
    const rows = lines.map((request, index) => ({ batchId, line: index + 1, tenantId, request }));
    for (let at = 0; at < rows.length; at += ROWS) await em.insertMany(BatchLine, rows.slice(at, at + ROWS));
    em.create(OutboxMessage, { tenantId, kind: 'batch', subject: batchId });
    return { batch, counts: { pending: lines.length, issued: 0, refused: 0, cancelled: 0 } };
  });
}
