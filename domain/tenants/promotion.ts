import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { FieldProblem } from '../model/document.ts';
import type { InitialSequential, PromotionOffer, PromotionOutcome, PromotionRequest } from '../model/promotion.ts';
import { covers, type KeyScopes } from '../model/key-scopes.ts';
import { Refusal } from '../refusal.ts';
import { Issuer, Sequence } from '../store/entities/issuer.ts';
import { ApiKey, Promotion, type Tenant } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { lockVerifiedTenant } from './locked-tenant.ts';

type Context = Pick<TenantContext, 'store' | 'clock'>;

/** A sandbox key that has or gets its mirror in production. */
interface MirroredKey {
  id: string;
  label: string | null;
  scopes: KeyScopes;
}

/** What a request comes to, on an account as it is now. */
interface Plan {
  /** Oldest first. */
  mirrored: MirroredKey[];
  issuers: Issuer[];
}

/**
 * Looks whether the account may be promoted as asked, and tells which sandbox keys a production key is needed for.
 * Changes nothing.
 * @throws Refusal EMAIL_VERIFICATION_REQUIRED, ACCOUNT_SUSPENDED, CONFLICT, VALIDATION_FAILED,
 * SCOPE_ESCALATION_FORBIDDEN
 */
export async function planPromotion(
  { store }: Context,
  tenantId: string,
  request: PromotionRequest,
): Promise<MirroredKey[]> {
  return store.asTenant(tenantId, async (em) => {
    const { mirrored } = await plan(em, await lockVerifiedTenant(em, tenantId), request);
    return mirrored;
  });
}

/**
 * Takes an account to production, in one transaction: its counters there, no sandbox key left, a production key in the
 * place of each. An offer that has taken effect is not done again, so whoever does not know how it ended offers it once
 * more; one that was made for what the account no longer is changes nothing.
 *
 * A repeat puts its keys into the rows of those that nobody has used: however often it is asked for, there is one set,
 * and it is the last that was handed out.
 */
export async function promoteTenant(
  { store, clock }: Context,
  tenantId: string,
  offer: PromotionOffer,
): Promise<PromotionOutcome> {
  try {
    return await store.asTenant(tenantId, (em) => accept(em, tenantId, offer, clock()));
  } catch (error) {
    if (error instanceof Refusal) return 'OUTDATED';
    throw error;
  }
}

async function accept(
  em: EntityManager,
  tenantId: string,
  offer: PromotionOffer,
  now: Date,
): Promise<PromotionOutcome> {
  const tenant = await lockVerifiedTenant(em, tenantId);
  const promotion = await em.findOne(Promotion, { tenantId });
  if (promotion?.offerId === offer.id) return 'PROMOTED';
  const { mirrored, issuers } = await plan(em, tenant, offer);
  if (!isFor(offer, mirrored)) return 'OUTDATED';
  if (promotion === null) {
    await openCounters(em, tenantId, issuers, offer.initialSequentials);
    await mirrorKeys(em, tenantId, offer, mirrored, now);
    tenant.sandbox = false;
    em.create(Promotion, { tenantId, offerId: offer.id, askedBy: offer.askedBy });
  } else {
    await exchangeKeys(em, tenantId, offer);
    promotion.offerId = offer.id;
  }
  writeTenantEvent(em, tenantId, 'PROMOTED', { keys: offer.keys.length, repeated: promotion !== null });
  return 'PROMOTED';
}

function isFor({ keys }: PromotionOffer, mirrored: readonly MirroredKey[]): boolean {
  const offered = new Set(keys.map(({ mirrorOf }) => mirrorOf));
  return offered.size === mirrored.length && mirrored.every(({ id }) => offered.has(id));
}

async function plan(em: EntityManager, tenant: Tenant, request: PromotionRequest): Promise<Plan> {
  if (tenant.status === 'SUSPENDED') throw new Refusal('ACCOUNT_SUSPENDED', 'The account is suspended.');
  const { id: tenantId } = tenant;
  const { supersedes, initialSequentials } = request;
  if (!tenant.sandbox) {
    const promotion = await em.findOne(Promotion, { tenantId });
    if (supersedes === null || promotion?.offerId !== supersedes) {
      throw new Refusal('CONFLICT', 'The account is in production already; there is no way back.');
    }
  }
  const issuers = await em.find(Issuer, { tenantId, active: true }, { orderBy: { id: 'asc' } });
  const problems = sequentialProblems(issuers, initialSequentials);
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The first numbers are not acceptable.', problems);
  if (!tenant.sandbox) await assertSameCounters(em, tenantId, initialSequentials);
  const mirrored = tenant.sandbox ? await sandboxKeys(em, tenantId) : await unusedMirrors(em, tenantId);
  await assertCovered(em, request.askedBy, mirrored);
  return { issuers, mirrored };
}

/** Whoever asks is shown all the new keys. @throws Refusal SCOPE_ESCALATION_FORBIDDEN when its own may do less */
async function assertCovered(
  em: EntityManager,
  askedBy: string | null,
  mirrored: readonly MirroredKey[],
): Promise<void> {
  if (askedBy === null) return;
  const { scopes = null } = await em.findOneOrFail(ApiKey, askedBy);
  if (mirrored.every((key) => covers(scopes, key.scopes))) return;
  throw new Refusal(
    'SCOPE_ESCALATION_FORBIDDEN',
    'Promotion shows a new key for each of the account, and some of them may do more than the one that asks.',
  );
}

function sequentialProblems(issuers: readonly Issuer[], given: readonly InitialSequential[]): FieldProblem[] {
  const seen = new Set<string>();
  return given.flatMap(({ issuerId, documentType }, index): FieldProblem[] => {
    const at = `initialSequentials[${index}]`;
    const issuer = issuers.find(({ id }) => id === issuerId);
    if (issuer === undefined)
      return [{ field: `${at}.issuerId`, message: 'must be an active issuer of this account', value: issuerId }];
    if (!issuer.documentTypes.some((type) => type === documentType)) {
      const message = `must be a type that is enabled for the issuer: ${issuer.documentTypes.join(', ')}`;
      return [{ field: `${at}.documentType`, message, value: documentType }];
    }
    const counter = `${issuerId} ${documentType}`;
    if (seen.has(counter)) return [{ field: at, message: 'names a counter that an earlier entry names' }];
    seen.add(counter);
    return [];
  });
}

async function sandboxKeys(em: EntityManager, tenantId: string): Promise<MirroredKey[]> {
  // Locked, so that none is revoked while it gets its mirror.
  const keys = await em.find(
    ApiKey,
    { tenantId, environment: 'sandbox', revokedAt: null },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return keys.map(({ id, label, scopes }) => ({ id, label: label ?? null, scopes: scopes ?? null }));
}

/** @throws Refusal CONFLICT when one of them has been used: its caller saw it */
async function unusedMirrors(em: EntityManager, tenantId: string): Promise<MirroredKey[]> {
  const keys = await em.find(
    ApiKey,
    { tenantId, mirrorOf: { $ne: null }, revokedAt: null },
    { orderBy: { mirrorOf: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (keys.some(({ lastUsedAt }) => lastUsedAt))
    throw new Refusal('CONFLICT', 'The account is in production, and its keys are in use.');
  return keys.map(({ mirrorOf, label, scopes }) => ({ id: mirrorOf!, label: label ?? null, scopes: scopes ?? null }));
}

/** A repeat is answered only if it asks for what was done. @throws Refusal CONFLICT */
async function assertSameCounters(
  em: EntityManager,
  tenantId: string,
  given: readonly InitialSequential[],
): Promise<void> {
  const counters = await em.find(Sequence, { tenantId, environment: 'production' });
  const same = given.every(({ issuerId, documentType, sequential }) =>
    counters.some((row) => row.issuerId === issuerId && row.documentType === documentType && row.next === sequential),
  );
  if (!same) throw new Refusal('CONFLICT', 'The account was promoted with other first numbers.');
}

/** A counter for each issuer and type. One that was set before stays as it is, unless a number is given for it. */
async function openCounters(
  em: EntityManager,
  tenantId: string,
  issuers: readonly Issuer[],
  given: readonly InitialSequential[],
): Promise<void> {
  for (const { id: issuerId, documentTypes } of issuers) {
    for (const documentType of documentTypes) {
      const asked = given.find((entry) => entry.issuerId === issuerId && entry.documentType === documentType);
      await em.upsert(
        Sequence,
        { issuerId, environment: 'production', documentType, tenantId, next: asked?.sequential ?? 1 },
        { onConflictAction: asked === undefined ? 'ignore' : 'merge' },
      );
    }
  }
}

async function mirrorKeys(
  em: EntityManager,
  tenantId: string,
  { keys }: PromotionOffer,
  mirrored: readonly MirroredKey[],
  now: Date,
): Promise<void> {
  const sources = new Map(mirrored.map((key) => [key.id, key]));
  await em.nativeUpdate(ApiKey, { tenantId, environment: 'sandbox', revokedAt: null }, { revokedAt: now });
  for (const { mirrorOf, hash, hint } of keys) {
    const { label, scopes } = sources.get(mirrorOf)!;
    em.create(ApiKey, {
      tenantId,
      mirrorOf,
      hash: Buffer.from(hash, 'hex'),
      hint,
      label,
      scopes: scopes && [...scopes],
      environment: 'production',
    });
  }
}

async function exchangeKeys(em: EntityManager, tenantId: string, { keys }: PromotionOffer): Promise<void> {
  for (const { mirrorOf, hash, hint } of keys) {
    await em.nativeUpdate(ApiKey, { tenantId, mirrorOf }, { hash: Buffer.from(hash, 'hex'), hint });
  }
}
