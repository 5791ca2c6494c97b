import { type DocumentContext, legalEnvironment } from '../documents/context.ts';
import type { Environment } from '../model/document.ts';
import { Document } from '../store/entities/document.ts';
import { healthOf, type LineHealth } from './health.ts';

export interface SriStatus {
  reception: LineHealth;
  authorization: LineHealth;
  /** How many of the tenant's documents wait for SRI to be back, and since when the first of them does. */
  waiting: { documents: number; since?: Date };
}

/** How SRI is doing, as far as a tenant's documents of an environment are concerned. */
export async function sriStatus(ctx: DocumentContext, tenantId: string, environment: Environment): Promise<SriStatus> {
  const { store } = ctx;
  const host = ctx.sriHosts[legalEnvironment(ctx, environment)];
  const [reception, authorization, [[first], documents]] = await Promise.all([
    healthOf(store, { host, service: 'reception' }),
    healthOf(store, { host, service: 'authorization' }),
    store.asTenant(tenantId, (em) =>
      em.findAndCount(
        Document,
        { environment, status: { $in: ['PENDING_SEND', 'RECEIVED'] }, waitsAt: { $ne: null } },
        { fields: ['waitsSince'], orderBy: { waitsSince: 'asc' }, limit: 1 },
      ),
    ),
  ]);
  return {
    reception,
    authorization,
    waiting: { documents, ...(first ? { since: first.waitsSince! } : {}) },
  };
}
