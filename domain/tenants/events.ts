import type { EntityManager } from '@mikro-orm/postgresql';
import { TenantEvent, type TenantEventType } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';

/**
 * Adds a line to the log of an account, in the transaction of what it tells.
 * @param detail ids, codes and numbers; never a secret
 */
export function writeTenantEvent(
  em: EntityManager,
  tenantId: string,
  eventType: TenantEventType,
  detail?: Record<string, unknown>,
): void {
  em.create(TenantEvent, { tenantId, eventType, detail: detail ?? null });
}

/** A page of the account's log, newest first, and how many lines it has. */
export async function listTenantEvents(
  ctx: TenantContext,
  tenantId: string,
  { page, limit }: { page: number; limit: number },
): Promise<{ events: TenantEvent[]; total: number }> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const [events, total] = await em.findAndCount(
      TenantEvent,
      { tenantId },
      { orderBy: { id: 'desc' }, limit, offset: (page - 1) * limit },
    );
    return { events, total };
  });
}
