import type { KeyScopes } from '../model/key-scopes.ts';
import type { Language, Tier } from '../store/entities/tenant.ts';
import { hashOf } from './api-keys.ts';
import type { TenantContext } from './context.ts';

/** For how long a promotion may be asked for again. */
const REPEAT_MS = 24 * 3_600_000;

/** The key that asked for a promotion, and was revoked by it. */
export interface Promoter {
  keyId: string;
  tenantId: string;
  scopes: KeyScopes;
  tier: Tier;
  language: Language;
  /** The offer that took effect. */
  offerId: string;
}

/**
 * Whoever asked for a promotion and may not have seen its answer, since the process or the line broke. It holds nothing
 * but the key that it asked with; that opens one thing, to ask again, for a day and until a new key is used.
 */
export async function findPromoter(
  { store, clock }: Pick<TenantContext, 'store' | 'clock'>,
  apiKey: string,
): Promise<Promoter | undefined> {
  const [row] = await store.lookUp<{
    key_id: string;
    tenant_id: string;
    scopes: KeyScopes;
    tier: Tier;
    language: Language;
    offer_id: string;
  }>(
    `select k.id as key_id, k.scopes, t.id as tenant_id, t.tier, t.language, p.offer_id
     from api_keys k
     join promotions p on p.tenant_id = k.tenant_id and p.asked_by = k.id
     join tenants t on t.id = k.tenant_id
     where k.hash = ? and p.created_at > ? and not exists (
       select 1 from api_keys used
       where used.tenant_id = k.tenant_id and used.mirror_of is not null and used.last_used_at is not null)`,
    [hashOf(apiKey), new Date(clock().getTime() - REPEAT_MS)],
  );
  if (row === undefined) return undefined;
  const { key_id: keyId, tenant_id: tenantId, scopes, tier, language, offer_id: offerId } = row;
  return { keyId, tenantId, scopes, tier, language, offerId };
}
