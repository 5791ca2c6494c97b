import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { documentFacts } from '../domain/documents/summary.ts';
import { Mail, OutboxMessage, WebhookDelivery } from '../domain/store/entities/delivery.ts';
import { Document } from '../domain/store/entities/document.ts';
import { DocumentStatusKey, documentStart, mailStart, nudge } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** A message this young is still being said by whoever wrote it. */
const FRESH_MS = 5_000;
/** A document that has not moved for this long is looked at. */
const STILL_MS = 60_000;
/** A webhook that waits for its next attempt has been quiet for the retry table's longest delay at most. */
const LONGEST_QUIET_MS = 26 * 3_600_000;
/** How many of each one sweep looks at, whichever they are; the next sweep comes in a minute and looks at others. */
const BATCH = 200;

/** The sweep between PostgreSQL and Temporal. */
export function reconcileActivities({ store, client, clock }: ActivityDeps) {
  const olderThan = (ms: number) => new Date(clock().getTime() - ms);

  /** Says what a committed transaction promised and a crash, or an outage of Temporal, left unsaid. */
  async function sayOutbox(): Promise<number> {
    const waiting = await store.asSystem((em) =>
      em.find(
        OutboxMessage,
        { createdAt: { $lt: olderThan(FRESH_MS) } },
        { orderBy: { createdAt: 'asc' }, limit: BATCH },
      ),
    );
    for (const message of waiting) {
      if (message.kind === 'mail') {
        await client.workflow.start('mailWorkflow', mailStart(message.subject, message.tenantId));
        await store.asSystem((em) => em.nativeDelete(OutboxMessage, { id: message.id }));
      } else {
        const document = await store.asSystem((em) => em.findOneOrFail(Document, { accessKey: message.subject }));
        // The row goes when the workflow has read the document.
        await client.workflow.signalWithStart('documentWorkflow', {
          ...documentStart(documentFacts(document)),
          signal: nudge,
        });
      }
      Context.current().heartbeat();
    }
    return waiting.length;
  }

  /** Documents that something should be moving: no outcome yet, or an outcome that still owes a mail or a webhook. */
  async function unfinished(em: EntityManager): Promise<Document[]> {
    const still = { updatedAt: { $lt: olderThan(STILL_MS) } };
    // Any of them: were it always the oldest, those that wait for SRI would hide one whose workflow is lost.
    const some = { orderBy: { [raw('random()')]: 'asc' as const }, limit: BATCH };
    const open = await em.find(Document, { status: { $in: ['CREATED', 'PENDING_SEND', 'RECEIVED'] }, ...still }, some);
    const mails = await em.find(
      Mail,
      { status: 'PENDING', documentId: { $ne: null }, ...still },
      { fields: ['documentId'], ...some },
    );
    const lost = { status: 'RETRYING' as const, updatedAt: { $lt: olderThan(LONGEST_QUIET_MS) } };
    const deliveries = await em.find(
      WebhookDelivery,
      { documentId: { $ne: null }, $or: [{ status: 'PENDING', ...still }, lost] },
      { fields: ['documentId'], ...some },
    );
    const owing = [...new Set([...mails, ...deliveries].map((row) => row.documentId!))];
    return [...open, ...(owing.length === 0 ? [] : await em.find(Document, { id: { $in: owing } }))];
  }

  /** Starts a workflow that is missing, and tells one that shows another status than the row. */
  async function repair(document: Document): Promise<'started' | 'nudged' | 'fine'> {
    const start = documentStart(documentFacts(document));
    try {
      const { status, typedSearchAttributes } = await client.workflow.getHandle(document.accessKey).describe();
      if (status.name === 'RUNNING') {
        if (typedSearchAttributes.get(DocumentStatusKey) === document.status) return 'fine';
        await client.workflow.signalWithStart('documentWorkflow', { ...start, signal: nudge });
        return 'nudged';
      }
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    await client.workflow.start('documentWorkflow', start);
    return 'started';
  }

  return {
    async reconcile(): Promise<{ started: number; nudged: number }> {
      const said = await sayOutbox();
      const counts = { started: 0, nudged: said };
      for (const document of await store.asSystem(unfinished)) {
        const done = await repair(document);
        if (done !== 'fine') counts[done]++;
        Context.current().heartbeat();
      }
      return counts;
    },
  };
}
