import type { EntityManager } from '@mikro-orm/postgresql';
import type { Environment } from '../model/document.ts';
import { covers, type KeyScope, type KeyScopes } from '../model/key-scopes.ts';
import { Refusal } from '../refusal.ts';
import { ApiKey } from '../store/entities/tenant.ts';
import { newApiKey } from './api-keys.ts';
import type { TenantContext } from './context.ts';
import { lockVerifiedTenant } from './locked-tenant.ts';

/** A page of the tenant's keys that are not revoked, newest first, and how many there are. */
export async function listKeys(
  ctx: TenantContext,
  tenantId: string,
  { page, limit }: { page: number; limit: number },
): Promise<{ keys: ApiKey[]; total: number }> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const [keys, total] = await em.findAndCount(
      ApiKey,
      { tenantId, revokedAt: null },
      { orderBy: { id: 'desc' }, limit, offset: (page - 1) * limit },
    );
    return { keys, total };
  });
}

/** What is said of a key that is asked for. */
export interface NewKey {
  label?: string;
  /** The tenant's own when nothing is said. */
  environment?: Environment;
  /** Those of whoever asks when nothing is said. */
  scopes?: KeyScope[];
}

/**
 * Makes a key; its text is returned here and never again.
 * @param callerScopes of the key that asks for it: the new one has no other
 * @throws Refusal SCOPE_ESCALATION_FORBIDDEN, EMAIL_VERIFICATION_REQUIRED, PRODUCTION_KEY_REQUIRES_PROMOTION
 */
export async function mintKey(
  ctx: TenantContext,
  tenantId: string,
  { label, environment, scopes: asked }: NewKey,
  callerScopes: KeyScopes,
): Promise<{ apiKey: string; key: ApiKey }> {
  const scopes = asked ?? callerScopes;
  if (!covers(callerScopes, scopes))
    throw new Refusal('SCOPE_ESCALATION_FORBIDDEN', 'A key makes none that may do more.');
  return ctx.store.asTenant(tenantId, async (em) => {
    // The lock keeps a key from being made beside a promotion, which ends all sandbox keys.
    const { sandbox } = await lockVerifiedTenant(em, tenantId);
    if (environment === 'production' && sandbox) {
      throw new Refusal(
        'PRODUCTION_KEY_REQUIRES_PROMOTION',
        'The account is in the sandbox; promote it to get production keys.',
      );
    }
    return writeKey(em, tenantId, environment ?? (sandbox ? 'sandbox' : 'production'), { label, scopes });
  });
}

/** Writes a key in the transaction of whoever may give it. */
export function writeKey(
  em: EntityManager,
  tenantId: string,
  environment: Environment,
  { label, scopes }: { label?: string | undefined; scopes?: KeyScopes | undefined } = {},
): { apiKey: string; key: ApiKey } {
  const { apiKey, hash, hint } = newApiKey(environment);
  const limits = { scopes: scopes === undefined || scopes === null ? null : [...scopes] };
  return { apiKey, key: em.create(ApiKey, { tenantId, hash, hint, label: label ?? null, environment, ...limits }) };
}

/**
 * Ends a key at once: the next request with it is refused.
 * @param callerKeyId the key that asks for it
 * @throws Refusal SELF_REVOCATION_FORBIDDEN, NOT_FOUND when the tenant has no such key, or it is revoked already
 */
export async function revokeKey(
  ctx: TenantContext,
  tenantId: string,
  keyId: string,
  callerKeyId: string,
): Promise<void> {
  if (keyId === callerKeyId) {
    throw new Refusal('SELF_REVOCATION_FORBIDDEN', 'This key made the request. Revoke it with another key.');
  }
  const revoked = await ctx.store.asTenant(tenantId, (em) =>
    em.nativeUpdate(ApiKey, { id: keyId, tenantId, revokedAt: null }, { revokedAt: ctx.clock() }),
  );
  if (revoked === 0) throw new Refusal('NOT_FOUND', 'This account has no such key, or it is revoked already.');
}
