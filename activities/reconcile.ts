import { Context, log } from '@temporalio/activity';
import { type WorkflowExecutionDescription, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { raw } from '@mikro-orm/postgresql';
import { documentFacts } from '../domain/documents/summary.ts';
import { someUnfinished } from '../domain/documents/unfinished.ts';
import { Mail, OutboxMessage } from '../domain/store/entities/delivery.ts';
import { Document } from '../domain/store/entities/document.ts';
import { Tenant } from '../domain/store/entities/tenant.ts';
import { awaited } from '../domain/outages/waiting.ts';
import { dropExpiredAnswers } from '../domain/store/idempotent-answers.ts';
import { forgetOldSecrets } from '../domain/webhooks/endpoints.ts';
import { lateDeliveries } from '../domain/webhooks/late.ts';
import {
  batchStart,
  documentStart,
  DocumentStatusKey,
  mailStart,
  nudge,
  outageStart,
  webhookReplayStart,
  webhookStart,
} from '../workflows/contract.ts';
import { alignSchedule } from './certificate-schedule.ts';
import type { ActivityDeps } from './deps.ts';
import { startDelivery } from './start-deliveries.ts';

/** A message this young is still being said by whoever wrote it. */
const FRESH_MS = 5_000;
/** A document or a mail that has not moved for this long is looked at. */
const STILL_MS = 60_000;
/** How many of each one sweep looks at, whichever they are; the next sweep comes in a minute and looks at others. */
const BATCH = 200;
/** Messages it says, and how long it may take: after an outage there may be one for each document. */
const MESSAGES = 5_000;
const SAYING_MS = 20_000;
/** Said at the same time. */
const AT_ONCE = 10;
/** How many schedules one sweep holds against their tenants, for Temporal may have lost what was made once. */
const SCHEDULES = 20;

/** The sweep between PostgreSQL and Temporal. */
export function reconcileActivities({ store, client, clock }: ActivityDeps) {
  const olderThan = (ms: number) => new Date(clock().getTime() - ms);

  /** How each kind of message is said; the row goes when it has been heard, by whoever hears it unless that is here. */
  const say: Record<OutboxMessage['kind'], (message: OutboxMessage) => Promise<unknown>> = {
    async mail({ id, subject, tenantId }) {
      await client.workflow.start('mailWorkflow', mailStart(subject, tenantId));
      await store.asSystem((em) => em.nativeDelete(OutboxMessage, { id }));
    },
    schedule: ({ tenantId }) => alignSchedule(store, client, tenantId),
    webhook: ({ tenantId, subject }) => startDelivery(client, tenantId, subject),
    replay: ({ subject, tenantId }) =>
      client.workflow.start('webhookReplayWorkflow', webhookReplayStart(subject, tenantId)),
    batch: ({ subject, tenantId }) => client.workflow.start('batchWorkflow', batchStart(subject, tenantId)),
    async document({ subject: accessKey }) {
      const document = await store.asSystem((em) => em.findOneOrFail(Document, { accessKey }));
      const start = documentStart(documentFacts(document));
      return client.workflow.signalWithStart('documentWorkflow', { ...start, signal: nudge });
    },
  };

  /** Says what a committed transaction promised and a crash, or an outage of Temporal, left unsaid. */
  async function sayOutbox(): Promise<number> {
    const waiting = await store.asSystem((em) =>
      em.find(
        OutboxMessage,
        // One that is yet to come has been dated by a clock that is ahead: it is not fresh for that.
        { $or: [{ createdAt: { $lt: olderThan(FRESH_MS) } }, { createdAt: { $gt: olderThan(-FRESH_MS) } }] },
        { orderBy: { [raw('random()')]: 'asc' }, limit: MESSAGES },
      ),
    );
    const deadline = Date.now() + SAYING_MS;
    let said = 0;
    while (said < waiting.length && Date.now() < deadline) {
      const some = waiting.slice(said, said + AT_ONCE);
      await Promise.all(some.map(trySaying));
      said += some.length;
      Context.current().heartbeat();
    }
    return said;
  }

  async function trySaying(message: OutboxMessage): Promise<void> {
    try {
      await say[message.kind](message);
    } catch (error) {
      // It must not keep the others from being said; the next sweep tries it again.
      log.warn('a message of the outbox could not be said', { kind: message.kind, error: (error as Error).name });
    }
  }

  /** Goes on with webhooks whose workflow may be lost; one that is running is left alone. */
  async function goOnDelivering(): Promise<number> {
    const late = await lateDeliveries(store, clock(), { suspended: 'included' });
    for (const { id, tenantId } of late) {
      await client.workflow.start('webhookWorkflow', webhookStart(id, tenantId));
      Context.current().heartbeat();
    }
    return late.length;
  }

  /** The same with mails that no document's workflow sends. */
  async function goOnMailing(): Promise<number> {
    const still = await store.asSystem((em) =>
      em.find(
        Mail,
        { status: 'PENDING', documentId: null, updatedAt: { $lt: olderThan(STILL_MS) } },
        { fields: ['tenantId'], orderBy: { [raw('random()')]: 'asc' as const }, limit: BATCH },
      ),
    );
    for (const { id, tenantId } of still) {
      await client.workflow.start('mailWorkflow', mailStart(id, tenantId));
      Context.current().heartbeat();
    }
    return still.length;
  }

  /**
   * Starts a workflow that is missing, or in the place of one that cannot go on, and tells one that shows another status
   * than the row, or waits for nothing.
   */
  async function repair(document: Document): Promise<'started' | 'nudged' | 'fine'> {
    const start = documentStart(documentFacts(document));
    try {
      const handle = client.workflow.getHandle(document.accessKey);
      const run = await handle.describe();
      if (run.status.name === 'RUNNING') {
        if (await isBroken(handle, run)) {
          log.warn('a run that cannot go on is replaced', { runId: run.runId });
          await client.workflow.start('documentWorkflow', { ...start, workflowIdConflictPolicy: 'TERMINATE_EXISTING' });
          return 'started';
        }
        const agrees = run.typedSearchAttributes.get(DocumentStatusKey) === document.status;
        if (agrees && !waitsInVain(document, run)) return 'fine';
        await client.workflow.signalWithStart('documentWorkflow', { ...start, signal: nudge });
        return 'nudged';
      }
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    await client.workflow.start('documentWorkflow', start);
    return 'started';
  }

  /** Whoever waits for the end of an outage has it watched. */
  async function watchOutages(): Promise<void> {
    for (const line of await awaited(store)) await client.workflow.start('sriOutageWorkflow', outageStart(line));
  }

  async function alignSomeSchedules(): Promise<void> {
    const some = { fields: ['id'] as const, orderBy: { [raw('random()')]: 'asc' as const }, limit: SCHEDULES };
    for (const { id } of await store.asSystem((em) => em.find(Tenant, {}, some))) {
      await alignSchedule(store, client, id);
      Context.current().heartbeat();
    }
  }

  return {
    async reconcile(): Promise<{ started: number; nudged: number }> {
      const said = (await sayOutbox()) + (await goOnDelivering()) + (await goOnMailing());
      await store.asSystem((em) => forgetOldSecrets(em, clock()));
      await dropExpiredAnswers(store, clock());
      const counts = { started: 0, nudged: said };
      for (const document of await store.asSystem((em) => someUnfinished(em, olderThan(STILL_MS), BATCH))) {
        const done = await repair(document);
        if (done !== 'fine') counts[done]++;
        Context.current().heartbeat();
      }
      await watchOutages();
      await alignSomeSchedules();
      return counts;
    },
  };
}

/**
 * Whether no worker can go on with a run: the last of its tasks has failed, and is tried again. Its history is not what
 * the workflow would make of it; there is nothing in it that the row does not know.
 */
async function isBroken(handle: WorkflowHandle, { raw: run }: WorkflowExecutionDescription): Promise<boolean> {
  if ((run.pendingWorkflowTask?.attempt ?? 1) === 1) return false;
  const { events } = await handle.fetchHistory();
  const last = events?.findLast(
    (event) => event.workflowTaskFailedEventAttributes || event.workflowTaskCompletedEventAttributes,
  );
  return !!last?.workflowTaskFailedEventAttributes;
}

/**
 * Whether nobody will wake the run of a document that is on its way to SRI: it asks nobody, and its row does not say that
 * it waits for the end of an outage. None should; whatever makes one, it is not left so.
 */
function waitsInVain({ status, waitsAt }: Document, { raw: run }: WorkflowExecutionDescription): boolean {
  if (waitsAt !== null || (status !== 'PENDING_SEND' && status !== 'RECEIVED')) return false;
  return (run.pendingActivities ?? []).length === 0 && !run.pendingWorkflowTask;
}
