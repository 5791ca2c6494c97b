import type { EntityManager } from '@mikro-orm/postgresql';
import { AdminAudit } from '../store/entities/admin.ts';
import { type Page, type PageOf, pageOf } from '../store/page.ts';
import type { Store } from '../store/store.ts';

/** The request by which an act of administration was asked for. */
export interface Act {
  requestId: string;
}

export interface AuditEntry {
  /** Such as `tenant.tier`. */
  action: string;
  tenantId?: string;
  /** Id of what was changed. */
  subject?: string;
  /** What it was changed to; never a secret. */
  detail?: Record<string, unknown>;
}

/** Writes down an act, in the transaction that does it. */
export function audit(em: EntityManager, { requestId }: Act, { action, tenantId, subject, detail }: AuditEntry): void {
  em.create(AdminAudit, {
    who: 'admin',
    action,
    tenantId: tenantId ?? null,
    subject: subject ?? null,
    detail: detail ?? null,
    requestId,
  });
}

/** A page of the acts, newest first; of one tenant, or of all. */
export async function listAudit(
  store: Store,
  { tenantId, ...page }: Page & { tenantId?: string },
): Promise<PageOf<AdminAudit>> {
  return store.asSystem((em) => pageOf(em, AdminAudit, tenantId === undefined ? {} : { tenantId }, page));
}
