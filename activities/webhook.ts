import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { earlierWebhookDelayMs } from '../domain/model/retry-tables.ts';
import { type AttemptAnswer, type DueAttempt, giveUp, openAttempt, recordAttempt } from '../domain/webhooks/attempt.ts';
import { continueReplay } from '../domain/webhooks/replays.ts';
import { signatureHeaders } from '../domain/webhooks/signature.ts';
import type { ActivityDeps } from './deps.ts';
import { startDeliveries } from './start-deliveries.ts';

/** What an attempt came to: the workflow goes on only with RETRYING. */
export interface AttemptResult {
  status: 'SUCCESS' | 'RETRYING' | 'FAILED';
  /** Attempts made so far. */
  attempts: number;
  /** The receiver's own wish, when it had one. */
  retryAfterMs?: number;
}

/** Webhook receivers. */
export function webhookActivities({ store, sealer, webhooks, client, clock }: ActivityDeps) {
  /** Every attempt is signed afresh and carries the delivery's id. */
  async function attempt({
    delivery,
    endpoint,
    secrets,
  }: DueAttempt): Promise<AttemptAnswer & { retryAfterMs?: number }> {
    const { id, type, body } = delivery;
    if (!endpoint.active && type !== 'ping')
      return { outcome: 'skipped', error: 'The endpoint is switched off.', durationMs: 0 };
    return webhooks.send({
      url: endpoint.url,
      body,
      headers: signatureHeaders({ id, timestamp: clock(), body, secrets }),
      signal: Context.current().cancellationSignal,
    });
  }

  return {
    /** One attempt, and its row. Fails, to be tried again, while an earlier webhook of the document has had none. */
    async attemptDelivery(deliveryId: string): Promise<AttemptResult> {
      const opened = await openAttempt(store, sealer, deliveryId, clock());
      const { info } = Context.current();
      if (opened === 'earlier-first') {
        throw ApplicationFailure.create({
          message: 'an earlier webhook of the document goes first',
          type: 'EarlierFirst',
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: earlierWebhookDelayMs(info.attempt),
        });
      }
      if ('settled' in opened) return { status: opened.settled, attempts: opened.attempts };
      const answer = await attempt(opened);
      // By Temporal's clock, which also keeps the time between attempts.
      const at = new Date(info.currentAttemptScheduledTimestampMs);
      const { status, promised } = await recordAttempt(store, opened, answer, at);
      await startDeliveries(client, opened.delivery.tenantId, promised);
      const { retryAfterMs } = answer;
      const attempts = opened.delivery.attempts + 1;
      return { status, attempts, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    },

    /** The table is at its end. */
    async giveUpDelivery(deliveryId: string): Promise<'FAILED'> {
      await giveUp(store, deliveryId);
      return 'FAILED';
    },

    /** Lets the next deliveries of a replay begin again; tells whether they were the last. */
    async replayBatch(replayId: string): Promise<boolean> {
      const { tenantId, deliveries, done } = await continueReplay(store, replayId);
      await startDeliveries(client, tenantId, deliveries);
      return done;
    },
  };
}
