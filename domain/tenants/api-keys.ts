import { createHash, randomBytes } from 'node:crypto';
import type { Environment } from '../model/document.ts';
import type { KeyScopes } from '../model/key-scopes.ts';
import { ApiKey, type Language, type TenantStatus, type Tier } from '../store/entities/tenant.ts';
import type { Store } from '../store/store.ts';

const KEY_BYTES = 32;
const HINT_CHARACTERS = 4;
const PREFIXES: Record<Environment, string> = { sandbox: 'sk_test_', production: 'sk_live_' };
const SHAPE = /^sk_(?:test|live)_[0-9a-f]{64}$/;

/** `last_used_at` is exact to this. */
const USE_NOTED_EVERY_MS = 60_000;

/** A fresh key: the text is shown once, the rest is stored. */
export function newApiKey(environment: Environment): { apiKey: string; hash: Buffer; hint: string } {
  const apiKey = PREFIXES[environment] + randomBytes(KEY_BYTES).toString('hex');
  return { apiKey, hash: hashOf(apiKey), hint: apiKey.slice(-HINT_CHARACTERS) };
}

/** Plain SHA-256: a key is 256 random bits, so there is nothing to guess that a slow hash would protect. */
export function hashOf(apiKey: string): Buffer {
  return createHash('sha256').update(apiKey).digest();
}

/** Who calls, and the issuer that was named, whoever owns it. */
export interface Credentials {
  keyId: string;
  environment: Environment;
  scopes: KeyScopes;
  lastUsedAt: Date | null;
  tenantId: string;
  status: TenantStatus;
  tier: Tier;
  language: Language;
  sandbox: boolean;
  issuer?: { tenantId: string; active: boolean };
}

interface CredentialRow {
  key_id: string;
  environment: Environment;
  scopes: KeyScopes;
  last_used_at: string | Date | null;
  tenant_id: string;
  status: TenantStatus;
  tier: Tier;
  language: Language;
  sandbox: boolean;
  issuer_tenant_id: string | null;
  issuer_active: boolean | null;
}

/**
 * Reads key, tenant and issuer in one query, since every request begins with it. The key is found by its hash: what the
 * time of that comparison could tell is how far the hash of a guess agrees with that of a key, and nobody can choose the
 * next guess by it, nor get from a hash to its key.
 * @param issuerId a UUID
 */
export async function findCredentials(
  store: Store,
  apiKey: string,
  issuerId?: string,
): Promise<Credentials | undefined> {
  if (!SHAPE.test(apiKey)) return undefined;
  const [row] = await store.lookUp<CredentialRow>(
    `select k.id as key_id, k.environment, k.scopes, k.last_used_at, t.id as tenant_id, t.status, t.tier, t.language, t.sandbox,
            i.tenant_id as issuer_tenant_id, i.active as issuer_active
     from api_keys k
     join tenants t on t.id = k.tenant_id
     left join issuers i on i.id = ?
     where k.hash = ? and k.revoked_at is null`,
    [issuerId ?? null, hashOf(apiKey)],
  );
  if (row === undefined) return undefined;
  const { environment, scopes, status, tier, language, sandbox } = row;
  return {
    keyId: row.key_id,
    environment,
    scopes,
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    tenantId: row.tenant_id,
    status,
    tier,
    language,
    sandbox,
    ...(row.issuer_tenant_id === null
      ? {}
      : { issuer: { tenantId: row.issuer_tenant_id, active: row.issuer_active! } }),
  };
}

/** Whether it ever was a key: whoever has one that is revoked is not guessing. */
export async function wasApiKey(store: Store, apiKey: string): Promise<boolean> {
  if (!SHAPE.test(apiKey)) return false;
  return (await store.lookUp('select 1 from api_keys where hash = ?', [hashOf(apiKey)])).length > 0;
}

/** Notes that a key was used, at most once a minute a key. */
export async function noteKeyUse(store: Store, { keyId, tenantId, lastUsedAt }: Credentials, now: Date): Promise<void> {
  const before = new Date(now.getTime() - USE_NOTED_EVERY_MS);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  await store.asTenant(tenantId, (em) =>
    em.nativeUpdate(
      ApiKey,
      { id: keyId, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lte: before } }] },
      { lastUsedAt: now },
    ),
  );
}
