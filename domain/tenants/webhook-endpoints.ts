import { LockMode } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Refusal } from '../refusal.ts';
import { type NotificationType, WebhookEndpoint } from '../store/entities/delivery.ts';
import { Tenant } from '../store/entities/tenant.ts';
import { newWebhookSecret, webhookSecretContext } from '../webhooks/secret.ts';
import { assertWebhookUrl } from '../webhooks/url.ts';
import type { TenantContext } from './context.ts';
import { TIERS } from './tiers.ts';

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
    // The lock makes those who create at one time count one after the other.
    const { tier, sandbox } = await em.findOneOrFail(Tenant, tenantId, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const wrong = assertWebhookUrl(url, { sandbox, allowLoopback: ctx.webhookAllowLoopback });
    if (wrong !== undefined) {
      throw new Refusal('VALIDATION_FAILED', 'The URL is not acceptable.', [
        { field: 'url', message: wrong, value: url },
      ]);
    }
    const limit = TIERS[tier].webhookEndpoints;
    if ((await em.count(WebhookEndpoint, { tenantId, active: true })) >= limit) {
      throw new Refusal(
        'WEBHOOK_ENDPOINT_LIMIT_REACHED',
        `The plan allows ${limit} active webhook ${limit === 1 ? 'endpoint' : 'endpoints'}.`,
      );
    }
    const id = v7();
    const secret = newWebhookSecret();
    const sealedSecret = ctx.sealer.seal(Buffer.from(secret), webhookSecretContext(id));
    const endpoint = em.create(WebhookEndpoint, { id, tenantId, url, eventTypes, sealedSecret, active: true });
    return { endpoint, secret };
  });
}

/** The active endpoints, oldest first. */
export async function listWebhookEndpoints(ctx: TenantContext, tenantId: string): Promise<WebhookEndpoint[]> {
  return ctx.store.asTenant(tenantId, (em) =>
    em.find(WebhookEndpoint, { tenantId, active: true }, { orderBy: { id: 'asc' } }),
  );
}
