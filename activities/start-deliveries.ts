import { Context } from '@temporalio/activity';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { attemptNow, webhookStart } from '../workflows/contract.ts';

/** At the same time. */
const AT_ONCE = 20;

/**
 * Starts deliveries that the outbox promises; one that waits for its next attempt makes it now. Those that cannot be
 * started now are left to the reconciliation.
 */
export async function startDeliveries(client: Client, tenantId: string, deliveries: readonly string[]): Promise<void> {
  try {
    for (let at = 0; at < deliveries.length; at += AT_ONCE) {
      const some = deliveries.slice(at, at + AT_ONCE);
      await Promise.all(some.map((deliveryId) => startDelivery(client, tenantId, deliveryId)));
      Context.current().heartbeat();
    }
  } catch (error) {
    if (!isGrpcServiceError(error) && !(error instanceof Error && isGrpcServiceError(error.cause))) throw error;
  }
}

/** Starts one delivery, or has it make its next attempt now. */
export async function startDelivery(client: Client, tenantId: string, deliveryId: string): Promise<void> {
  const start = { ...webhookStart(deliveryId, tenantId), signal: attemptNow };
  await client.workflow.signalWithStart('webhookWorkflow', start);
}
