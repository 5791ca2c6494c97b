import { condition, continueAsNew, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { webhookDelayMs } from '../domain/model/retry-tables.ts';
import { attemptNow } from './contract.ts';
import { webhook } from './proxies.ts';

/**
 * Delivers one webhook until it is accepted, refused for good or given up; its id is the delivery's. `attempt` goes on
 * from what the row has seen, so a run that was lost does not start the table again. A row that was put back for a
 * replay begins again: `attemptNow` says so, whether it comes between attempts or while one is made.
 */
export async function webhookWorkflow(deliveryId: string): Promise<'SUCCESS' | 'FAILED'> {
  let asked = false;
  setHandler(attemptNow, () => {
    asked = true;
  });
  for (;;) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof webhookWorkflow>(deliveryId);
    asked = false;
    const answer = await webhook.attemptDelivery(deliveryId);
    const attempt = answer.attempts + 1;
    const delay = answer.status === 'RETRYING' ? webhookDelayMs(attempt, Math.random()) : undefined;
    if (delay !== undefined) {
      setCurrentDetails(`Attempt ${answer.attempts} failed; the next follows by the retry table`);
      const wait = Math.max(delay, answer.retryAfterMs ?? 0);
      await condition(() => asked, wait, { summary: `attempt ${attempt}` });
      continue;
    }
    const settled = answer.status === 'RETRYING' ? await webhook.giveUpDelivery(deliveryId) : answer.status;
    if (!asked) return settled;
  }
}

/** So many deliveries a second at most, since a replay is not to keep others from theirs. */
const BATCH_PAUSE = '1s';

/** Lets the deliveries of a window begin again, some at a time; each then is a workflow of its own. */
export async function webhookReplayWorkflow(replayId: string): Promise<void> {
  while (!(await webhook.replayBatch(replayId))) await sleep(BATCH_PAUSE, { summary: 'between batches' });
}
