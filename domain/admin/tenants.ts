import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { promiseSchedule } from '../certificates/schedule.ts';
import { Refusal } from '../refusal.ts';
import { type Language, Tenant, type Tier } from '../store/entities/tenant.ts';
import { type Page, type PageOf, pageOf } from '../store/page.ts';
import type { Store } from '../store/store.ts';
import { writeTenantEvent } from '../tenants/events.ts';
import { TIERS } from '../tenants/tiers.ts';
import { type Act, audit } from './audit.ts';

export interface NewTenant {
  email: string;
  tier: Tier;
  language: Language;
}

/**
 * Makes an account that needs no verification: whoever runs the service answers for its address.
 * @throws Refusal CONFLICT
 */
export async function createTenant(store: Store, act: Act, given: NewTenant): Promise<Tenant> {
  const { tier, language } = given;
  const email = given.email.toLowerCase();
  try {
    return await store.asSystem(async (em) => {
      const tenant = em.create(Tenant, {
        id: v7(),
        email,
        status: 'ACTIVE',
        tier,
        documentQuota: TIERS[tier].documentQuota,
        language,
      });
      promiseSchedule(em, tenant.id);
      audit(em, act, { action: 'tenant.create', tenantId: tenant.id, subject: tenant.id, detail: { tier, language } });
      return tenant;
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new Refusal('CONFLICT', 'This e-mail is registered already.', [
      { field: 'email', message: 'is registered already', value: given.email },
    ]);
  }
}

/** A page of the accounts, newest first. */
export async function listTenants(store: Store, page: Page): Promise<PageOf<Tenant>> {
  return store.asSystem((em) => pageOf(em, Tenant, {}, page));
}

/** Moves an account to a tier; its quota is the tier's from now on. @throws Refusal NOT_FOUND */
export async function changeTier(store: Store, act: Act, tenantId: string, tier: Tier): Promise<Tenant> {
  return onTenant(store, tenantId, (em, tenant) => {
    const { documentQuota } = TIERS[tier];
    const detail = { from: tenant.tier, to: tier, documentQuota };
    audit(em, act, { action: 'tenant.tier', tenantId, subject: tenantId, detail });
    if (tenant.tier !== tier) writeTenantEvent(em, tenantId, 'TIER_CHANGED', detail);
    return em.assign(tenant, { tier, documentQuota });
  });
}

/**
 * Suspends an account, or lets it go on. Nothing of it is lost meanwhile: documents that are under way go on, and its
 * certificate watch rests.
 * @throws Refusal NOT_FOUND
 */
export async function changeStatus(
  store: Store,
  act: Act,
  tenantId: string,
  { status, reason }: { status: 'ACTIVE' | 'SUSPENDED'; reason?: string },
): Promise<Tenant> {
  return onTenant(store, tenantId, (em, tenant) => {
    const detail = { from: tenant.status, to: status };
    audit(em, act, {
      action: 'tenant.status',
      tenantId,
      subject: tenantId,
      detail: { ...detail, ...(reason === undefined ? {} : { reason }) },
    });
    if (tenant.status !== status) writeTenantEvent(em, tenantId, 'STATUS_CHANGED', detail);
    tenant.status = status;
    promiseSchedule(em, tenantId);
    return tenant;
  });
}

/**
 * Takes the address of an account for proven.
 * @throws Refusal NOT_FOUND, ALREADY_VERIFIED, CONFLICT while it is suspended
 */
export async function verifyTenant(store: Store, act: Act, tenantId: string): Promise<Tenant> {
  return onTenant(store, tenantId, (em, tenant) => {
    if (tenant.status === 'SUSPENDED') throw new Refusal('CONFLICT', 'The account is suspended: set its status first.');
    if (tenant.status === 'ACTIVE') throw new Refusal('ALREADY_VERIFIED', 'The e-mail is verified already.');
    tenant.status = 'ACTIVE';
    writeTenantEvent(em, tenantId, 'EMAIL_VERIFIED', { by: 'admin' });
    audit(em, act, { action: 'tenant.verify', tenantId, subject: tenantId });
    return tenant;
  });
}

/**
 * Writes down that a promotion was asked for. Whether it took effect, the account's own log says: it is done by a
 * workflow, in a transaction of its own.
 * @throws Refusal NOT_FOUND
 */
export async function notePromotion(store: Store, act: Act, tenantId: string): Promise<void> {
  await onTenant(store, tenantId, (em) => audit(em, act, { action: 'tenant.promote', tenantId, subject: tenantId }));
}

/**
 * One transaction on one account; those that change it at once do so one after the other.
 * @throws Refusal NOT_FOUND
 */
export async function onTenant<T>(
  store: Store,
  tenantId: string,
  work: (em: EntityManager, tenant: Tenant) => T | Promise<T>,
): Promise<T> {
  return store.asSystem(async (em) => {
    const tenant = await em.findOne(Tenant, tenantId, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (tenant === null) throw new Refusal('NOT_FOUND', 'There is no account with this id.');
    return work(em, tenant);
  });
}
