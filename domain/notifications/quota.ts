import type { EntityManager } from '@mikro-orm/postgresql';
import { quotaThresholdAt } from '../model/quota.ts';
import { createNotification } from './create.ts';
import { QUOTA_TEXTS } from './texts.ts';

/** Tells when the `count`-th document of a plan of `quota` reaches a threshold, of each plan once; otherwise it does nothing. */
export async function notifyQuota(em: EntityManager, tenantId: string, count: number, quota: number): Promise<void> {
  const threshold = quotaThresholdAt(count, quota);
  if (threshold === undefined) return;
  await createNotification(em, {
    tenantId,
    type: 'QUOTA_WARNING',
    severity: threshold === 100 ? 'ERROR' : 'WARNING',
    merge: { key: `quota:${quota}:${threshold}`, again: 'ignore' },
    write: (language) => ({
      ...QUOTA_TEXTS[language]({ threshold, count, quota }),
      metadata: { threshold, documentCount: count, documentQuota: quota },
    }),
  });
}
