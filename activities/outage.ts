import { ApplicationFailure, Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailureCategory } from '@temporalio/common';
import { readForSri, recordLongSilence } from '../domain/documents/process.ts';
import { isLongSilence, outageProbeDelayMs } from '../domain/model/retry-tables.ts';
import { healthOf, type Line } from '../domain/outages/health.ts';
import { anyWaiting, endWaiting, inFairOrder, untold, type Waiting } from '../domain/outages/waiting.ts';
import { SriUnavailable } from '../domain/sri/unavailable.ts';
import { nudge } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { SriPutsOff, sriSteps } from './sri-steps.ts';
import { startDeliveries } from './start-deliveries.ts';

/** So many documents go on each second after an outage: SRI has to serve everybody else who waited too. */
const RELEASED_PER_SECOND = 50;
/** Whose tenants are told between two questions. */
const TOLD_AT_ONCE = 200;

/** What an outage of one of SRI's services asks for. */
export function outageActivities(deps: ActivityDeps) {
  const { store, client } = deps;
  const steps = sriSteps(deps);

  /** Asks SRI for a document that waits, and tells its workflow if SRI answers. */
  async function probe(waiting: Waiting): Promise<void> {
    const { tenantId, accessKey } = waiting;
    const document = await readForSri(store, tenantId, accessKey);
    if (document.status === 'PENDING_SEND') await steps.send(accessKey, document, true);
    if (document.status === 'RECEIVED') await steps.decide(accessKey, document, true);
    await goOn(waiting);
  }

  /** A workflow that is lost is the reconciliation's to start. */
  async function goOn(waiting: Waiting): Promise<void> {
    try {
      await client.workflow.getHandle(waiting.accessKey).signal(nudge);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    await endWaiting(store, waiting);
  }

  async function tellTenants(line: Line, since: Date): Promise<void> {
    for (const document of await untold(store, line, TOLD_AT_ONCE)) {
      await startDeliveries(client, document.tenantId, await recordLongSilence(store, document, since));
      Context.current().heartbeat();
    }
  }

  return {
    /**
     * Asks SRI now and then, with one of the documents that wait, whether the outage is over. Fails, to be tried again,
     * while it is not; after some minutes the tenants of those that wait are told.
     */
    async awaitRecovery(host: string, service: Line['service']): Promise<void> {
      const line = { host, service };
      const { away, failingSince } = await healthOf(store, line);
      const document = away ? await anyWaiting(store, line) : undefined;
      if (document === undefined) return;
      const { attempt } = Context.current().info;
      try {
        await probe(document);
      } catch (error) {
        if (error instanceof SriPutsOff) return;
        if (!(error instanceof SriUnavailable)) throw error;
        if (isLongSilence(attempt, outageProbeDelayMs)) await tellTenants(line, failingSince!);
        throw ApplicationFailure.create({
          message: `SRI does not answer (${error.kind})`,
          type: 'SriUnavailable',
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: outageProbeDelayMs(attempt),
        });
      }
    },

    /**
     * Has the documents that wait go on, tenant by tenant in turn.
     * @returns false when SRI is away again before the last one
     */
    async releaseWaiting(host: string, service: Line['service']): Promise<boolean> {
      const line = { host, service };
      const waiting = await inFairOrder(store, line);
      for (let at = 0; at < waiting.length; at += RELEASED_PER_SECOND) {
        if (at > 0) await Context.current().sleep('1s');
        if ((await healthOf(store, line)).away) return false;
        await Promise.all(waiting.slice(at, at + RELEASED_PER_SECOND).map(goOn));
        Context.current().heartbeat();
      }
      return true;
    },
  };
}
