import type { EntityManager } from '@mikro-orm/postgresql';
import type { WebhookEndpoint } from '../store/entities/delivery.ts';
import { createNotification } from './create.ts';
import { type DisabledReason, ENDPOINT_TEXTS } from './texts.ts';

/**
 * Tells that an endpoint was switched off. Of its URL only the host is told: the rest may be a secret, and this goes to
 * the tenant's other endpoints too. @returns the deliveries that the outbox promises
 */
export async function notifyEndpointDisabled(
  em: EntityManager,
  endpoint: Pick<WebhookEndpoint, 'id' | 'tenantId' | 'url' | 'failingSince'>,
  reason: DisabledReason,
): Promise<string[]> {
  const { id, tenantId, failingSince } = endpoint;
  const { host } = new URL(endpoint.url);
  return createNotification(em, {
    tenantId,
    type: 'WEBHOOK_DISABLED',
    severity: 'ERROR',
    write: (language) => ({
      ...ENDPOINT_TEXTS[language]({ reason, host }),
      metadata: { endpointId: id, host, reason, failingSince: failingSince?.toISOString() ?? null },
    }),
  });
}
