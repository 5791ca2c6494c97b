import { setCurrentDetails, sleep } from '@temporalio/workflow';
import { webhookDelayMs } from '../domain/model/retry-tables.ts';
import { webhook } from './proxies.ts';

/**
 * Delivers one webhook until it is accepted, refused for good or given up; its id is the delivery's. `attempt` goes on
 * from what the row has seen, so a run that was lost does not start the table again.
 */
export async function webhookWorkflow(deliveryId: string): Promise<'SUCCESS' | 'FAILED'> {
  for (;;) {
    const answer = await webhook.attemptDelivery(deliveryId);
    if (answer.status !== 'RETRYING') return answer.status;
    const attempt = answer.attempts + 1;
    const delay = webhookDelayMs(attempt, Math.random());
    if (delay === undefined) return webhook.giveUpDelivery(deliveryId);
    setCurrentDetails(`Attempt ${answer.attempts} failed; the next follows by the retry table`);
    await sleep(Math.max(delay, answer.retryAfterMs ?? 0), { summary: `attempt ${attempt}` });
  }
}
