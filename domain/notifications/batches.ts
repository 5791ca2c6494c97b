import type { EntityManager } from '@mikro-orm/postgresql';
import type { Batch } from '../store/entities/batch.ts';
import { createNotification } from './create.ts';
import { BATCH_TEXTS } from './texts.ts';

/** Tells that each line of a batch has its result. @returns the deliveries that the outbox promises */
export async function notifyBatch(
  em: EntityManager,
  { id, tenantId, issuerId, total }: Batch,
  { issued, refused }: { issued: number; refused: number },
): Promise<string[]> {
  return createNotification(em, {
    tenantId,
    issuerId,
    type: 'BATCH_COMPLETED',
    severity: refused === 0 ? 'INFO' : 'WARNING',
    write: (language) => ({
      ...BATCH_TEXTS[language]({ total, issued, refused }),
      metadata: { batchId: id, total, issued, refused },
    }),
  });
}
