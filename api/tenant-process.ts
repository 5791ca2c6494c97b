import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { PromotionOffer, PromotionOutcome } from '../domain/model/promotion.ts';
import {
  attemptNow,
  batchStart,
  certificateScheduleId,
  certificateScheduleStart,
  keyRotationStart,
  nudge,
  promote,
  promotionStart,
  webhookReplayStart,
  webhookStart,
} from '../workflows/contract.ts';
import { ProcessUnavailable } from './document-process.ts';
import type { Services } from './route.ts';

/** What is known of a workflow's latest run. */
export interface RunState {
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  startedAt: Date;
  endedAt: Date | null;
}

/** What runs by itself beside documents, as the HTTP edge sees it. */
export interface TenantProcess {
  /**
   * Offers a promotion to the tenant's workflow, and waits for what becomes of it.
   * @throws ProcessUnavailable when that is not known: it may take effect yet
   */
  promote(tenantId: string, offer: PromotionOffer): Promise<PromotionOutcome>;
  /** Makes the tenant's certificate schedule follow its status; reconciliation does it later if this fails. */
  alignCertificateSchedule(tenantId: string): Promise<void>;
  /** Has the certificates of these tenants looked at now. @throws ProcessUnavailable */
  watchCertificates(tenantIds: readonly string[]): Promise<void>;
  /** Goes on with deliveries whose workflow may be lost. @throws ProcessUnavailable */
  deliver(deliveries: readonly { id: string; tenantId: string }[]): Promise<void>;
  /**
   * Has a webhook attempted now; reconciliation does it later if this fails.
   * @returns whether its delivery has come to an end within `waitMs`
   */
  deliverNow(deliveryId: string, tenantId: string, waitMs: number): Promise<boolean>;
  /** Reconciliation starts it later if this fails. */
  startWebhookReplay(replayId: string, tenantId: string): Promise<void>;
  /** Has a batch go on as its row says; reconciliation does it later if this fails. */
  goOnWithBatch(batchId: string, tenantId: string): Promise<void>;
  /** Has everything that is sealed under another key sealed anew under this one. @throws ProcessUnavailable */
  rotateKeys(keyId: string): Promise<void>;
  /** How that goes; undefined when it was never asked for, or long ago. @throws ProcessUnavailable */
  rotationTo(keyId: string): Promise<RunState | undefined>;
  /** Which of these workflows are running. @throws ProcessUnavailable */
  running(workflowIds: readonly string[]): Promise<Set<string>>;
}

/** To hand over a message that nobody waits for the answer of. */
const TELL_MS = 5_000;
/** For a promotion to be done: one transaction. */
const PROMOTE_MS = 15_000;
/** At the same time, so that many tenants do not wait for one another, nor the server for all of them. */
const AT_ONCE = 20;

export function createTenantProcess({ client }: { client: Client }): TenantProcess {
  /** Does one thing for each, within bounds. */
  async function forEach<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
    try {
      for (let at = 0; at < things.length; at += AT_ONCE) {
        const some = things.slice(at, at + AT_ONCE);
        await client.withDeadline(Date.now() + TELL_MS, () => Promise.all(some.map(work)));
      }
    } catch (error) {
      if (isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause)))
        throw new ProcessUnavailable('Temporal cannot be reached', { cause: error });
      throw error;
    }
  }

  async function align(tenantId: string): Promise<void> {
    await client.workflow.start('certificateScheduleWorkflow', certificateScheduleStart(tenantId));
  }

  return {
    async promote(tenantId, offer) {
      const startWorkflowOperation = new WithStartWorkflowOperation('promotionWorkflow', promotionStart(tenantId));
      try {
        return await client.withDeadline(Date.now() + PROMOTE_MS, () =>
          client.workflow.executeUpdateWithStart(promote, {
            args: [offer],
            updateId: offer.id,
            startWorkflowOperation,
          }),
        );
      } catch (error) {
        throw isLost(error) ? new ProcessUnavailable('The promotion has not answered', { cause: error }) : error;
      }
    },

    alignCertificateSchedule: (tenantId) => forEach([tenantId], align),

    watchCertificates: (tenantIds) =>
      forEach(tenantIds, async (tenantId) => {
        try {
          await client.schedule.getHandle(certificateScheduleId(tenantId)).trigger(ScheduleOverlapPolicy.SKIP);
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
          await align(tenantId);
        }
      }),

    deliver: (deliveries) =>
      forEach(deliveries, async ({ id, tenantId }) => {
        await client.workflow.start('webhookWorkflow', webhookStart(id, tenantId));
      }),

    async deliverNow(deliveryId, tenantId, waitMs) {
      const start = { ...webhookStart(deliveryId, tenantId), signal: attemptNow };
      const handle = await client.withDeadline(Date.now() + TELL_MS, () =>
        client.workflow.signalWithStart('webhookWorkflow', start),
      );
      const stop = new AbortController();
      const ended = client.withAbortSignal(stop.signal, () => handle.result()).then(() => true);
      return Promise.race([ended, sleep(waitMs, false, { signal: stop.signal })]).finally(() => stop.abort());
    },

    async startWebhookReplay(replayId, tenantId) {
      await client.withDeadline(Date.now() + TELL_MS, () =>
        client.workflow.start('webhookReplayWorkflow', webhookReplayStart(replayId, tenantId)),
      );
    },

    async goOnWithBatch(batchId, tenantId) {
      const start = { ...batchStart(batchId, tenantId), signal: nudge };
      await client.withDeadline(Date.now() + TELL_MS, () => client.workflow.signalWithStart('batchWorkflow', start));
    },

    rotateKeys: (keyId) =>
      forEach([keyId], async () => {
        await client.workflow.start('keyRotationWorkflow', keyRotationStart(keyId));
      }),

    async rotationTo(keyId) {
      let state: RunState | undefined;
      await forEach([keyId], async () => {
        state = await latestRun(client, keyRotationStart(keyId).workflowId);
      });
      return state;
    },

    async running(workflowIds) {
      const found = new Set<string>();
      await forEach(workflowIds, async (workflowId) => {
        if ((await latestRun(client, workflowId))?.status === 'RUNNING') found.add(workflowId);
      });
      return found;
    },
  };
}

/** Does it now, if it can be done now: the outbox has it as well. */
export function alignCertificateSchedule(services: Services, tenantId: string): void {
  services.tenantProcess
    .alignCertificateSchedule(tenantId)
    .catch((error) => services.warn('the certificate schedule could not be aligned yet', error));
}

/** Whether an update may have been taken although it has no answer: the line broke, or somebody ended the workflow. */
function isLost(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return true;
  return isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause));
}

async function latestRun(client: Client, workflowId: string): Promise<RunState | undefined> {
  try {
    const { status, startTime, closeTime } = await client.workflow.getHandle(workflowId).describe();
    const { name } = status;
    return {
      status: name === 'RUNNING' || name === 'COMPLETED' ? name : 'FAILED',
      startedAt: startTime,
      endedAt: closeTime ?? null,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
