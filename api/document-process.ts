import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, type SignalDefinition } from '@temporalio/common';
import type { DocumentStatus } from '../domain/model/document.ts';
import { documentFacts } from '../domain/documents/summary.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Document } from '../domain/store/entities/document.ts';
import {
  advance,
  documentStart,
  type MailRetryResult,
  mailRetryStart,
  mailStart,
  nudge,
  printTicket,
  SIGNING_REFUSED,
} from '../workflows/contract.ts';

/** Temporal cannot be reached; what was committed waits for the reconciliation. */
export class ProcessUnavailable extends Error {
  override readonly name = 'ProcessUnavailable';
}

export interface DocumentProcess {
  /**
   * Tells the document's workflow to go on, and waits until its status has left `passing`, at most `waitMs`; with 0 it
   * only tells.
   * @returns the status that the workflow answered with, if it has answered.
   * @throws ProcessUnavailable when Temporal cannot be reached; Refusal CERTIFICATE_INVALID when it cannot be signed.
   */
  advance(
    document: Document,
    options: { passing: DocumentStatus[]; waitMs: number },
  ): Promise<DocumentStatus | undefined>;
  /** Has the ticket of an authorized factura printed, and does not wait for it. @throws ProcessUnavailable */
  printTicket(document: Document): Promise<void>;
  /** Starts a mail that belongs to no document; reconciliation does it later if this fails. */
  startMail(mailId: string, tenantId: string): Promise<void>;
  /**
   * Has mails tried now, as the run `id`, and waits for what comes of it, at most `waitMs`.
   * @returns undefined when that takes longer. @throws ProcessUnavailable
   */
  retryMails(
    id: string,
    mailIds: string[],
    options: { tenantId: string; waitMs: number },
  ): Promise<MailRetryResult | undefined>;
  /** Whether Temporal answers. */
  ready(): Promise<boolean>;
}

const READY_MS = 2_000;
/** A success within this time is proof enough that Temporal is there. */
const READY_FRESH_MS = 1_000;
/** To hand over a message that nobody waits for the answer of. */
const TELL_MS = 5_000;

/** The document workflow as the HTTP edge sees it. */
export function createDocumentProcess({ client }: { client: Client }): DocumentProcess {
  let seenAt = 0;
  /** Equal questions share one answer: the server keeps few unanswered updates of one workflow. */
  const asked = new Map<string, Promise<DocumentStatus | undefined>>();

  /** Hands over the message without waiting for what comes of it. */
  async function tell(document: Document, signal: SignalDefinition): Promise<undefined> {
    const start = { ...documentStart(documentFacts(document)), signal };
    const told = client.withDeadline(Date.now() + TELL_MS, () =>
      client.workflow.signalWithStart('documentWorkflow', start),
    );
    await Promise.race([told, absence()]);
    seenAt = Date.now();
  }

  async function ask(
    document: Document,
    passing: DocumentStatus[],
    waitMs: number,
  ): Promise<DocumentStatus | undefined> {
    const startWorkflowOperation = new WithStartWorkflowOperation(
      'documentWorkflow',
      documentStart(documentFacts(document)),
    );
    // Signing needs nobody outside, so the workflow need not keep the time of it.
    const args: [DocumentStatus[], number?] = passing.every((status) => status === 'CREATED')
      ? [passing]
      : [passing, waitMs];
    const stop = new AbortController();
    const done = client.withAbortSignal(stop.signal, () =>
      client.workflow.executeUpdateWithStart(advance, { args, startWorkflowOperation }),
    );
    try {
      const first = await Promise.race([done, sleep(waitMs, undefined, { signal: stop.signal }), absence()]);
      if (first === undefined) await assertReady();
      else seenAt = Date.now();
      return first;
    } finally {
      stop.abort();
    }
  }

  /** Rejects as soon as it is known that Temporal is away, which the client itself would try for long to overcome. */
  async function absence(): Promise<never> {
    await assertReady();
    return new Promise(() => {});
  }

  async function assertReady(): Promise<void> {
    if (!(await ready())) throw new ProcessUnavailable('Temporal does not answer');
  }

  async function ready(): Promise<boolean> {
    if (Date.now() - seenAt < READY_FRESH_MS) return true;
    try {
      await client.withDeadline(Date.now() + READY_MS, () => client.workflowService.getSystemInfo({}));
      seenAt = Date.now();
      return true;
    } catch {
      return false;
    }
  }

  return {
    ready,

    async advance(document, { passing, waitMs }) {
      const question = `${document.accessKey} ${document.revision} ${passing.join()}`;
      const running = asked.get(question);
      if (running !== undefined) return running;
      const answer = (waitMs === 0 ? tell(document, nudge) : ask(document, passing, waitMs)).catch((error) => {
        throw translate(error);
      });
      asked.set(question, answer);
      try {
        return await answer;
      } finally {
        asked.delete(question);
      }
    },

    async printTicket(document) {
      await tell(document, printTicket).catch((error) => {
        throw translate(error);
      });
    },

    async startMail(mailId, tenantId) {
      await client.withDeadline(Date.now() + TELL_MS, () =>
        client.workflow.start('mailWorkflow', mailStart(mailId, tenantId)),
      );
    },

    async retryMails(id, mailIds, { tenantId, waitMs }) {
      const stop = new AbortController();
      try {
        const run = await client.withDeadline(Date.now() + TELL_MS, () =>
          client.workflow.start<(mailIds: string[]) => Promise<MailRetryResult>>(
            'mailRetryWorkflow',
            mailRetryStart(id, mailIds, tenantId),
          ),
        );
        const done = client.withAbortSignal(stop.signal, () => run.result());
        return await Promise.race([done, sleep(waitMs, undefined, { signal: stop.signal })]);
      } catch (error) {
        throw translate(error);
      } finally {
        stop.abort();
      }
    },
  };
}

function translate(error: unknown): unknown {
  if (
    error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === SIGNING_REFUSED
  ) {
    return new Refusal('CERTIFICATE_INVALID', error.cause.message);
  }
  if (isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause))) {
    return new ProcessUnavailable('Temporal cannot be reached', { cause: error });
  }
  return error;
}
