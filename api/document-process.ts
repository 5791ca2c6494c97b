import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, isGrpcServiceError, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { DocumentStatus } from '../domain/model/document.ts';
import { documentFacts } from '../domain/documents/summary.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Document } from '../domain/store/entities/document.ts';
import { advance, documentStart, mailStart, SIGNING_REFUSED } from '../workflows/contract.ts';

/** Temporal cannot be reached; what was committed waits for the reconciliation. */
export class ProcessUnavailable extends Error {
  override readonly name = 'ProcessUnavailable';
}

export interface DocumentProcess {
  /**
   * Tells the document's workflow to go on, and waits until its status has left `passing`, at most `waitMs`.
   * @throws ProcessUnavailable when Temporal cannot be reached; Refusal CERTIFICATE_INVALID when it cannot be signed.
   */
  advance(document: Document, options: { passing: DocumentStatus[]; waitMs: number }): Promise<void>;
  /** Starts a mail that belongs to no document; reconciliation does it later if this fails. */
  startMail(mailId: string, tenantId: string): Promise<void>;
  /** Whether Temporal answers. */
  ready(): Promise<boolean>;
}

const READY_MS = 2_000;
/** A success within this time is proof enough that Temporal is there. */
const READY_FRESH_MS = 1_000;

/** The document workflow as the HTTP edge sees it. */
export function createDocumentProcess({ client }: { client: Client }): DocumentProcess {
  let seenAt = 0;

  return {
    async advance(document, { passing, waitMs }) {
      const startWorkflowOperation = new WithStartWorkflowOperation('documentWorkflow', documentStart(documentFacts(document)));
      const stop = new AbortController();
      const waiting = sleep(waitMs, undefined, { signal: stop.signal }).catch(() => {});
      const done = client.withAbortSignal(stop.signal, () =>
        client.workflow.executeUpdateWithStart(advance, { args: [passing], startWorkflowOperation }),
      );
      try {
        await Promise.race([done, waiting]);
        seenAt = Date.now();
      } catch (error) {
        throw translate(error);
      } finally {
        stop.abort();
        done.catch(() => {});
      }
    },

    async startMail(mailId, tenantId) {
      await client.workflow.start('mailWorkflow', mailStart(mailId, tenantId));
    },

    async ready() {
      if (Date.now() - seenAt < READY_FRESH_MS) return true;
      try {
        await client.withDeadline(Date.now() + READY_MS, () => client.workflowService.getSystemInfo({}));
        seenAt = Date.now();
        return true;
      } catch {
        return false;
      }
    },
  };
}

function translate(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === SIGNING_REFUSED) {
    return new Refusal('CERTIFICATE_INVALID', error.cause.message);
  }
  if (isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause))) {
    return new ProcessUnavailable('Temporal cannot be reached', { cause: error });
  }
  return error;
}
