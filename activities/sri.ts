import { ApplicationFailure, Context, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { readForSri, recordLongSilence, recordTrouble, type SendableDocument } from '../domain/documents/process.ts';
import { parseAccessKey } from '../domain/model/access-key.ts';
import type { DocumentStatus } from '../domain/model/document.ts';
import { authorizationPollDelayMs, isLongSilence, sriUnavailableDelayMs } from '../domain/model/retry-tables.ts';
import { beginWaiting } from '../domain/outages/waiting.ts';
import { SriUnavailable } from '../domain/sri/unavailable.ts';
import { outageStart } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { SriPutsOff, sriSteps } from './sri-steps.ts';
import { startDeliveries } from './start-deliveries.ts';

/** SRI's two services, asked for a document by its own workflow. */
export function sriActivities(deps: ActivityDeps) {
  const { store, sri, client, tenantOf } = deps;
  const steps = sriSteps(deps);

  /** SRI is silent about a document; after some minutes its tenant is told. */
  async function noteSilence(document: SendableDocument): Promise<void> {
    if (!isLongSilence(Context.current().info.attempt, sriUnavailableDelayMs)) return;
    await startDeliveries(client, document.tenantId, await recordLongSilence(store, document));
  }

  /** Whether the document waits from now on for the end of an outage, of which its workflow will be told. */
  async function handOver(accessKey: string, document: SendableDocument, error: SriUnavailable): Promise<boolean> {
    const { host } = sri[parseAccessKey(accessKey).environment];
    const line = { host, service: error.service! };
    if (!(await beginWaiting(store, line, document))) return false;
    try {
      await client.workflow.start('sriOutageWorkflow', outageStart(line));
    } catch (failure) {
      log.warn('an outage is left to the reconciliation', { host, error: (failure as Error).name });
    }
    return true;
  }

  /**
   * Turns SRI's silence into a delay, or hands the document over to whoever watches the outage, if its workflow can
   * `wait`. The document's log gets the first of a row of troubles, not each of a day's.
   * @returns the status that it has already, when it waits
   */
  async function patiently(
    accessKey: string,
    document: SendableDocument,
    waits: boolean,
    work: () => Promise<DocumentStatus>,
  ): Promise<DocumentStatus> {
    try {
      const reached = await work();
      // Else it would seem to wait.
      if (reached === document.status) throw ApplicationFailure.retryable('another version of it is under way');
      return reached;
    } catch (error) {
      const unavailable = error instanceof SriUnavailable ? error : undefined;
      if (unavailable === undefined && !(error instanceof SriPutsOff)) throw error;
      if (unavailable !== undefined && Context.current().info.attempt === 1)
        await recordTrouble(store, document, document.status, troubleOf(unavailable));
      if (unavailable !== undefined && waits && (await handOver(accessKey, document, unavailable)))
        return document.status;
      if (document.status === 'PENDING_SEND') await noteSilence(document);
      throw ApplicationFailure.create({
        message: unavailable === undefined ? (error as Error).message : `SRI does not answer (${unavailable.kind})`,
        type: 'SriUnavailable',
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay: sriUnavailableDelayMs(Context.current().info.attempt),
      });
    }
  }

  return {
    /**
     * Sends a document, or finds that SRI has it already. Fails, to be tried again, while SRI does not answer.
     * @returns PENDING_SEND, where the caller can wait, when that will be possible after an outage only
     */
    async submitDocument(accessKey: string, waits = false): Promise<DocumentStatus> {
      const document = await readForSri(store, await tenantOf(accessKey), accessKey);
      if (document.status !== 'PENDING_SEND') return document.status;
      return patiently(accessKey, document, waits, () => steps.send(accessKey, document));
    },

    /**
     * Asks for the authorization; "not yet" is a failure whose delay comes from the polling table.
     * @returns RECEIVED, where the caller can wait, when it can be asked after an outage only
     */
    async awaitAuthorization(accessKey: string, waits = false): Promise<DocumentStatus> {
      const document = await readForSri(store, await tenantOf(accessKey), accessKey);
      if (document.status !== 'RECEIVED') return document.status;
      return patiently(accessKey, document, waits, async () => {
        const decided = await steps.decide(accessKey, document);
        if (decided !== undefined) return decided;
        throw ApplicationFailure.create({
          message: 'SRI has not decided yet',
          type: 'AuthorizationPending',
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: authorizationPollDelayMs(Context.current().info.attempt),
        });
      });
    },
  };
}

function troubleOf({ kind, status }: SriUnavailable): Record<string, unknown> {
  return { trouble: kind, ...(status === undefined ? {} : { httpStatus: status }) };
}
