import type { DocumentContext, IssuerScope } from '../documents/context.ts';
import { Refusal } from '../refusal.ts';
import { BatchLine, type BatchStatus } from '../store/entities/batch.ts';
import { OutboxMessage } from '../store/entities/delivery.ts';
import { type BatchWithCounts, ownBatch, withCounts } from './read.ts';

const FINISHED: readonly BatchStatus[] = ['COMPLETED', 'CANCELLED'];

/**
 * Pauses a batch, lets it go on, or gives up the lines that have no result yet; from its commit on no document comes of a
 * batch that is paused or cancelled. Asked for what is so already, it changes nothing.
 * @throws Refusal NOT_FOUND, CONFLICT when it is finished
 */
export async function changeBatch(
  ctx: DocumentContext,
  scope: IssuerScope,
  id: string,
  status: Exclude<BatchStatus, 'COMPLETED'>,
): Promise<BatchWithCounts> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const batch = await ownBatch(em, scope, id, { lock: true });
    if (batch.status !== status) {
      if (FINISHED.includes(batch.status)) {
        throw new Refusal('CONFLICT', `The batch is ${batch.status}: each of its lines has a result.`);
      }
      em.assign(batch, { status });
      await em.nativeDelete(OutboxMessage, { kind: 'batch', subject: id });
      if (status === 'RUNNING') em.create(OutboxMessage, { tenantId: scope.tenantId, kind: 'batch', subject: id });
      if (status === 'CANCELLED') {
        em.assign(batch, { finishedAt: ctx.clock() });
        await em.nativeUpdate(BatchLine, { batchId: id, outcome: null }, { outcome: 'CANCELLED', request: null });
      }
    }
    return withCounts(em, batch);
  });
}
