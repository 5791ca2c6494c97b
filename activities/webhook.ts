import { Context } from '@temporalio/activity';
import { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from '../domain/store/entities/delivery.ts';
import { webhookSecretContext } from '../domain/webhooks/secret.ts';
import { signatureHeaders } from '../domain/webhooks/signature.ts';
import type { ActivityDeps } from './deps.ts';

/** What an attempt came to: the workflow goes on only with RETRYING. */
export interface AttemptResult {
  status: 'SUCCESS' | 'RETRYING' | 'FAILED';
  /** Attempts made so far. */
  attempts: number;
  /** The receiver's own wish, when it had one. */
  retryAfterMs?: number;
}

/** Webhook receivers. */
export function webhookActivities({ store, sealer, webhooks, clock }: ActivityDeps) {
  return {
    /** One attempt, and its row. Every attempt is signed afresh and carries the delivery's id. */
    async attemptDelivery(deliveryId: string): Promise<AttemptResult> {
      const { delivery, endpoint } = await store.asSystem(async (em) => {
        const found = await em.findOneOrFail(WebhookDelivery, deliveryId);
        return { delivery: found, endpoint: await em.findOneOrFail(WebhookEndpoint, found.endpointId) };
      });
      if (delivery.status === 'SUCCESS' || delivery.status === 'FAILED') {
        return { status: delivery.status, attempts: delivery.attempts };
      }
      const attempts = delivery.attempts + 1;
      const secret = sealer.open(endpoint.sealedSecret, webhookSecretContext(endpoint.id)).toString();
      const answer = endpoint.active
        ? await webhooks.send({
            url: endpoint.url,
            body: delivery.body,
            headers: signatureHeaders({ id: deliveryId, timestamp: clock(), body: delivery.body, secrets: [secret] }),
            signal: Context.current().cancellationSignal,
          })
        : { outcome: 'gone' as const, error: 'the endpoint is switched off', durationMs: 0 };
      const status = answer.outcome === 'accepted' ? 'SUCCESS' : answer.outcome === 'gone' ? 'FAILED' : 'RETRYING';

      await store.asTenant(delivery.tenantId, async (em) => {
        em.create(WebhookAttempt, {
          tenantId: delivery.tenantId,
          deliveryId,
          attempt: attempts,
          outcome: answer.outcome,
          statusCode: answer.status ?? null,
          error: answer.error ?? null,
          answer: answer.body?.replaceAll('\0', '') ?? null,
          durationMs: answer.durationMs,
        });
        await em.nativeUpdate(WebhookDelivery, { id: deliveryId }, { status, attempts, updatedAt: clock() });
        // 410 Gone: the receiver asks for no more (Standard Webhooks 1.0.0, "Delivery").
        if (answer.outcome === 'gone')
          await em.nativeUpdate(WebhookEndpoint, { id: endpoint.id }, { active: false, updatedAt: clock() });
      });
      return { status, attempts, ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }) };
    },

    /** The table is at its end. */
    async giveUpDelivery(deliveryId: string): Promise<'FAILED'> {
      await store.asSystem((em) =>
        em.nativeUpdate(
          WebhookDelivery,
          { id: deliveryId, status: 'RETRYING' },
          { status: 'FAILED', updatedAt: clock() },
        ),
      );
      return 'FAILED';
    },
  };
}
