import { ActivityFailure } from '@temporalio/workflow';
import type { MailRetryResult } from './contract.ts';
import { mailTry } from './proxies.ts';

/** At the same time, of one batch: others have mails too. */
const AT_ONCE = 5;

/** Tries mails once each, because somebody asked for it; its id is `mail-retry/<id>`. */
export async function mailRetryWorkflow(mailIds: string[]): Promise<MailRetryResult> {
  const waiting = [...mailIds];
  let succeeded = 0;

  async function tryOn(): Promise<void> {
    for (let mailId = waiting.shift(); mailId !== undefined; mailId = waiting.shift()) {
      if (await goesOut(mailId)) succeeded++;
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, tryOn));
  return { attempted: mailIds.length, succeeded, failed: mailIds.length - succeeded };
}

async function goesOut(mailId: string): Promise<boolean> {
  try {
    return (await mailTry.tryMail(mailId)) === 'SENT';
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return false;
  }
}
