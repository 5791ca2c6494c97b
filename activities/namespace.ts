import {
  type Client,
  type Connection,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import proto from '@temporalio/proto';
import { RECONCILIATION, SEARCH_ATTRIBUTES } from '../workflows/contract.ts';

/**
 * Makes sure that the namespace knows our search attributes and our schedule; safe to do from many workers at once. One
 * without our schedule is new, or has lost everything: `onNew` comes first, so that it is done whatever dies meanwhile.
 */
export async function prepareNamespace(
  client: Client,
  namespace: string,
  onNew: () => Promise<void> = async () => {},
): Promise<void> {
  await registerMissing(client, namespace);
  if (await hasReconciliation(client)) return;
  await onNew();
  await scheduleReconciliation(client);
}

async function registerMissing(client: Client, namespace: string): Promise<void> {
  const { customAttributes } = await operatorOf(client).listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.map(({ name }) => name).filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length > 0) await registerSearchAttributes(client, namespace, missing);
}

/** Tells the namespace of our search attributes. */
export async function registerSearchAttributes(
  client: Client,
  namespace: string,
  names = SEARCH_ATTRIBUTES.map(({ name }) => name),
): Promise<void> {
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  await operatorOf(client).addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, keyword])),
  });
}

/** A client that connects by itself has one; its type allows for others. */
function operatorOf(client: Client) {
  return (client.connection as Connection).operatorService;
}

async function hasReconciliation(client: Client): Promise<boolean> {
  try {
    await client.schedule.getHandle(RECONCILIATION.scheduleId).describe();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

async function scheduleReconciliation(client: Client): Promise<void> {
  const { scheduleId, workflowId, everyMs, taskQueue } = RECONCILIATION;
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType: 'reconciliationWorkflow',
        workflowId,
        taskQueue,
        args: [],
        workflowExecutionTimeout: '2 minutes',
        staticSummary: 'Starts what has no workflow, repairs what differs',
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
