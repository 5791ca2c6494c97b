import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { DocumentStatus } from '../domain/model/document.ts';
import { isOutcome } from '../domain/model/status.ts';
import { advance, DocumentStatusKey, nudge, printTicket, SIGNING_REFUSED, webhookWorkflowId } from './contract.ts';
import { changed } from './patches.ts';
import { mail, render, sri } from './proxies.ts';
import { store } from './store.ts';
import type { webhookWorkflow } from './webhook.ts';

/** How long a document that cannot be signed waits for a message; then the reconciliation has it tried again. */
const UNSIGNED_WAIT = '1 day';

/** What a person in Temporal UI reads: what the document waits for. */
const DETAILS: Record<DocumentStatus, string> = {
  CREATED: 'Being signed',
  SIGNED: 'Signed. Waits for the caller to send it',
  PENDING_SEND: 'Being sent to SRI',
  RECEIVED: 'Received by SRI. Waits for the authorization',
  RETURNED: 'Returned by SRI. Waits for the caller to rebuild it',
  NOT_AUTHORIZED: 'Not authorized by SRI. Waits for the caller to rebuild it',
  AUTHORIZED: 'Authorized. RIDE, mail and webhooks are under way',
};

/** The same during an outage of SRI, whose end it is told of. */
const OUTAGE_DETAILS: Partial<Record<DocumentStatus, string>> = {
  PENDING_SEND: 'SRI does not answer. Will be sent when it does',
  RECEIVED: 'Received by SRI, which does not answer now. Will ask for the authorization when it does',
};

/**
 * The life of one document; its id is the access key. A run takes it as far as it goes without anybody outside: to
 * SIGNED, to SRI's refusal, to the authorized document that is printed, mailed and announced. The row in PostgreSQL is
 * the record: each run starts by reading it, each step looks at it first, and so whatever a run left, however it ended,
 * is taken up by the next, which any later request starts.
 */
export async function documentWorkflow(accessKey: string): Promise<DocumentStatus> {
  let status: DocumentStatus | undefined;
  /** Messages that have come. */
  let told = 0;
  /** The message up to which the row has been read; a nudge that came later is not answered from an older reading. */
  let read = -1;
  let refusal: string | undefined;
  /** SRI is away, so that nothing is gained by waiting for it. */
  let away = false;
  /** The history has grown long: everybody gets an answer now, and a fresh run takes over. */
  let handingOver = false;
  /** The ticket, from the first that asks for it: the others have the same. */
  let ticket: Promise<void> | undefined;

  setHandler(advance, async (passing, waitMs) => {
    const mine = ++told;
    const answered = () =>
      handingOver || (read >= mine && (away || refusal !== undefined || !passing.includes(status!)));
    await (waitMs === undefined ? condition(answered) : condition(answered, waitMs));
    if (refusal !== undefined) throw ApplicationFailure.nonRetryable(refusal, SIGNING_REFUSED);
    return status!;
  });
  setHandler(nudge, () => {
    told++;
  });
  // Beside all else, which may be a mail that waits for hours.
  setHandler(printTicket, () => (ticket ??= render.printRide(accessKey, 'ticket')));

  /** Reads the row, which signs it if it waits for that. */
  async function readRow(): Promise<DocumentStatus> {
    const seen = told;
    refusal = undefined;
    let found: DocumentStatus;
    try {
      found = await store.openDocument(accessKey);
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      refusal = error.message;
      found = 'CREATED';
    }
    read = seen;
    return found;
  }

  /** Waits for SRI's decision; a message on the way means that somebody wants it asked now. */
  async function pollAuthorization(): Promise<DocumentStatus | undefined> {
    const poll = new CancellationScope();
    const decision = poll
      .run(() => sri.awaitAuthorization(accessKey, true))
      .catch((error) => {
        if (isCancellation(error)) return undefined;
        throw error;
      });
    const decided = await Promise.race([decision, condition(() => told !== read).then(() => undefined)]);
    poll.cancel();
    return decided;
  }

  /** Waits for the end of an outage, or for somebody who wants SRI asked now. */
  async function waitOutOutage(standing: DocumentStatus): Promise<void> {
    setCurrentDetails(OUTAGE_DETAILS[standing]!);
    away = true;
    await condition(() => told !== read);
    away = false;
  }

  let reached: DocumentStatus | undefined;
  let announced = workflowInfo().typedSearchAttributes.get(DocumentStatusKey);
  for (;;) {
    if (workflowInfo().continueAsNewSuggested) {
      handingOver = true;
      await condition(allHandlersFinished);
      await continueAsNew<typeof documentWorkflow>(accessKey);
    }
    status = reached !== undefined && told === read ? reached : await readRow();
    reached = undefined;
    setCurrentDetails(refusal === undefined ? DETAILS[status] : `Cannot be signed: ${refusal}`);
    if (status !== announced) {
      upsertSearchAttributes([{ key: DocumentStatusKey, value: status }]);
      announced = status;
    }
    if (status === 'PENDING_SEND' || status === 'RECEIVED') {
      reached = status === 'RECEIVED' ? await pollAuthorization() : await sri.submitDocument(accessKey, true);
      if (reached === status && changed('sri-outage')) await waitOutOutage(status);
      continue;
    }
    if (isOutcome(status)) await deliver(accessKey);
    if (refusal !== undefined) await condition(() => told !== read, UNSIGNED_WAIT);
    // Whoever has asked meanwhile waits for a reading of the row, so that must not wait for them.
    await condition(() => told !== read || allHandlersFinished());
    if (told !== read) continue;
    if (status === 'AUTHORIZED') setCurrentDetails('Done');
    return status;
  }
}

/** Everything that an outcome owes to others. What has been done is not in the list, so nothing is done twice. */
async function deliver(accessKey: string): Promise<void> {
  const due = await store.effectsDue(accessKey);
  const printed = due.ride ? render.printRide(accessKey) : Promise.resolve();
  await Promise.all([
    printed.then(() => Promise.all(due.mails.map((mailId) => mail.sendMail(mailId)))),
    ...due.deliveries.map(startDelivery),
  ]);
}

async function startDelivery(deliveryId: string): Promise<void> {
  try {
    await startChild<typeof webhookWorkflow>('webhookWorkflow', {
      workflowId: webhookWorkflowId(deliveryId),
      args: [deliveryId],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: 'Webhook delivery',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
