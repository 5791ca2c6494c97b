import { type Language, Tenant } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';

/** The account itself. */
export async function findTenant({ store }: Pick<TenantContext, 'store'>, tenantId: string): Promise<Tenant> {
  return store.asTenant(tenantId, (em) => em.findOneOrFail(Tenant, tenantId));
}

/** Of what people read from now on. */
export async function changeLanguage(
  { store }: Pick<TenantContext, 'store'>,
  tenantId: string,
  language: Language,
): Promise<void> {
  await store.asTenant(tenantId, async (em) => {
    (await em.findOneOrFail(Tenant, tenantId)).language = language;
  });
}
