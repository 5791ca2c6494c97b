import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { Tenant } from '../store/entities/tenant.ts';

/**
 * The tenant's row, locked to the end of the transaction: those who count what it has do so one after the other. Rows
 * that refer to it may be written meanwhile, else whoever has locked another row before would wait for us, and we for them.
 */
export async function lockTenant(em: EntityManager, tenantId: string): Promise<Tenant> {
  await em.execute('select from tenants where id = ? for no key update', [tenantId]);
  return em.findOneOrFail(Tenant, tenantId, { refresh: true });
}

/** The same, for what only a tenant with a proved address may do. @throws Refusal EMAIL_VERIFICATION_REQUIRED */
export async function lockVerifiedTenant(em: EntityManager, tenantId: string): Promise<Tenant> {
  const tenant = await lockTenant(em, tenantId);
  if (tenant.status === 'PENDING_VERIFICATION') {
    throw new Refusal('EMAIL_VERIFICATION_REQUIRED', 'Open the link in the verification mail first.');
  }
  return tenant;
}
