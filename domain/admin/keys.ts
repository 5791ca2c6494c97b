import { Refusal } from '../refusal.ts';
import { ApiKey } from '../store/entities/tenant.ts';
import type { TenantContext } from '../tenants/context.ts';
import { type NewKey, writeKey } from '../tenants/key-ring.ts';
import { type Act, audit } from './audit.ts';
import { onTenant } from './tenants.ts';

/**
 * Makes a key for an account, verified or not. Its text is returned here and never again.
 * @param given.scopes all when nothing is said
 * @throws Refusal NOT_FOUND, PRODUCTION_KEY_REQUIRES_PROMOTION
 */
export async function mintKeyFor(
  { store }: TenantContext,
  act: Act,
  tenantId: string,
  given: NewKey,
): Promise<{ apiKey: string; key: ApiKey }> {
  return onTenant(store, tenantId, (em, { sandbox }) => {
    const environment = given.environment ?? (sandbox ? 'sandbox' : 'production');
    if (environment === 'production' && sandbox)
      throw new Refusal('PRODUCTION_KEY_REQUIRES_PROMOTION', 'The account is in the sandbox; promote it first.');
    const made = writeKey(em, tenantId, environment, given);
    audit(em, act, {
      action: 'key.create',
      tenantId,
      subject: made.key.id,
      detail: { environment, scopes: made.key.scopes },
    });
    return made;
  });
}

/** Ends a key of any account at once. @throws Refusal NOT_FOUND, also when it has ended already */
export async function revokeAnyKey(ctx: TenantContext, act: Act, keyId: string): Promise<void> {
  await ctx.store.asSystem(async (em) => {
    const key = await em.findOne(ApiKey, { id: keyId });
    const revoked = await em.nativeUpdate(ApiKey, { id: keyId, revokedAt: null }, { revokedAt: ctx.clock() });
    if (key === null || revoked === 0)
      throw new Refusal('NOT_FOUND', 'There is no such key, or it is revoked already.');
    audit(em, act, {
      action: 'key.revoke',
      tenantId: key.tenantId,
      subject: keyId,
      detail: { environment: key.environment },
    });
  });
}
