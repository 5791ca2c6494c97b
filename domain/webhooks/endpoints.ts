import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Refusal } from '../refusal.ts';
import { type NotificationType, WebhookEndpoint } from '../store/entities/delivery.ts';
import type { Tenant } from '../store/entities/tenant.ts';
import { cut, type Page, type PageOf } from '../store/page.ts';
import type { TenantContext } from '../tenants/context.ts';
import { lockTenant } from '../tenants/locked-tenant.ts';
import { TIERS } from '../tenants/tiers.ts';
import { newWebhookSecret, webhookSecretContext } from './secret.ts';
import { assertWebhookUrl } from './url.ts';

const HOUR_MS = 3_600_000;

export interface WebhookEndpointInput {
  url: string;
  /** Empty: every type. */
  eventTypes: NotificationType[];
}

/**
 * Makes an endpoint. Its secret is returned here and never again.
 * @throws Refusal VALIDATION_FAILED, WEBHOOK_ENDPOINT_LIMIT_REACHED
 */
export async function createWebhookEndpoint(
  ctx: TenantContext,
  tenantId: string,
  { url, eventTypes }: WebhookEndpointInput,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const tenant = await lockTenant(em, tenantId);
    assertUrl(ctx, tenant, url);
    await assertRoom(em, tenant);
    const id = v7();
    const { secret, sealedSecret } = sealedNew(ctx, id);
    const endpoint = em.create(WebhookEndpoint, { id, tenantId, url, eventTypes, sealedSecret, active: true });
    return { endpoint, secret };
  });
}

/** A page of the endpoints that are switched on, or off, or either, oldest first. */
export async function listWebhookEndpoints(
  ctx: TenantContext,
  tenantId: string,
  { active, cursor, limit }: Page & { active?: boolean },
): Promise<PageOf<WebhookEndpoint>> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const found = await em.find(
      WebhookEndpoint,
      {
        tenantId,
        deletedAt: null,
        ...(active === undefined ? {} : { active }),
        ...(cursor === undefined ? {} : { id: { $gt: cursor } }),
      },
      { orderBy: { id: 'asc' }, limit: limit + 1 },
    );
    return cut(found, limit, ({ id }) => id);
  });
}

export interface WebhookEndpointChanges extends Partial<WebhookEndpointInput> {
  active?: boolean;
}

/**
 * Changes an endpoint. One that is switched on again is given time again, however long it had been failing.
 * @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, VALIDATION_FAILED, WEBHOOK_ENDPOINT_LIMIT_REACHED
 */
export async function changeWebhookEndpoint(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  { active, ...changes }: WebhookEndpointChanges,
): Promise<WebhookEndpoint> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const tenant = await lockTenant(em, tenantId);
    const endpoint = await findEndpoint(em, tenantId, endpointId, { lock: true });
    if (changes.url !== undefined) assertUrl(ctx, tenant, changes.url);
    if (active === true && !endpoint.active) {
      await assertRoom(em, tenant);
      endpoint.failingSince = null;
    }
    return em.assign(endpoint, { ...changes, ...(active === undefined ? {} : { active }) });
  });
}

/** Nothing is delivered to it from now on. @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND */
export async function deleteWebhookEndpoint(ctx: TenantContext, tenantId: string, endpointId: string): Promise<void> {
  await ctx.store.asTenant(tenantId, async (em) => {
    const endpoint = await findEndpoint(em, tenantId, endpointId, { lock: true });
    em.assign(endpoint, { active: false, deletedAt: ctx.clock(), previousSealedSecret: null });
  });
}

/**
 * Gives an endpoint another secret, returned here and never again. The one before signs too for `overlapHours`; the one
 * before that, if there still is one, is gone at once.
 * @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND
 */
export async function rotateWebhookSecret(
  ctx: TenantContext,
  tenantId: string,
  endpointId: string,
  overlapHours: number,
): Promise<{ endpoint: WebhookEndpoint; secret: string; previousSecretUntil: Date | null }> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const endpoint = await findEndpoint(em, tenantId, endpointId, { lock: true });
    const { secret, sealedSecret } = sealedNew(ctx, endpoint.id);
    const overlaps = overlapHours > 0;
    const previousSecretUntil = overlaps ? new Date(ctx.clock().getTime() + overlapHours * HOUR_MS) : null;
    const previousSealedSecret = overlaps ? endpoint.sealedSecret : null;
    em.assign(endpoint, { sealedSecret, previousSealedSecret, previousSecretUntil });
    return { endpoint, secret, previousSecretUntil };
  });
}

/** Secrets whose overlap is over are gone for good. */
export async function forgetOldSecrets(em: EntityManager, now: Date): Promise<void> {
  await em.nativeUpdate(
    WebhookEndpoint,
    { previousSecretUntil: { $lt: now } },
    { previousSealedSecret: null, previousSecretUntil: null },
  );
}

/** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, also when it is another tenant's or has been deleted */
export async function findEndpoint(
  em: EntityManager,
  tenantId: string,
  endpointId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<WebhookEndpoint> {
  const endpoint = await em.findOne(
    WebhookEndpoint,
    { id: endpointId, tenantId, deletedAt: null },
    lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {},
  );
  if (endpoint === null) {
    throw new Refusal('WEBHOOK_ENDPOINT_NOT_FOUND', 'This account has no webhook endpoint with this id.');
  }
  return endpoint;
}

function assertUrl(ctx: TenantContext, { sandbox }: Tenant, url: string): void {
  const wrong = assertWebhookUrl(url, { sandbox, allowLoopback: ctx.webhookAllowLoopback });
  if (wrong === undefined) return;
  throw new Refusal('VALIDATION_FAILED', 'The URL is not acceptable.', [{ field: 'url', message: wrong, value: url }]);
}

/** For a tenant whose row is locked: those who switch endpoints on at one time count one after the other. */
async function assertRoom(em: EntityManager, { id: tenantId, tier }: Tenant): Promise<void> {
  const limit = TIERS[tier].webhookEndpoints;
  if ((await em.count(WebhookEndpoint, { tenantId, active: true })) < limit) return;
  throw new Refusal(
    'WEBHOOK_ENDPOINT_LIMIT_REACHED',
    `The plan allows ${limit} active webhook ${limit === 1 ? 'endpoint' : 'endpoints'}.`,
  );
}

function sealedNew(ctx: TenantContext, endpointId: string): { secret: string; sealedSecret: Buffer } {
  const secret = newWebhookSecret();
  return { secret, sealedSecret: ctx.sealer.seal(Buffer.from(secret), webhookSecretContext(endpointId)) };
}
