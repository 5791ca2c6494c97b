import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { RECONCILIATION, SEARCH_ATTRIBUTES } from '../workflows/contract.ts';

/** Makes sure that the namespace knows our search attributes and our schedule; safe to do from many workers at once. */
export async function prepareNamespace(client: Client, namespace: string): Promise<void> {
  const { operatorService } = client.connection as import('@temporalio/client').Connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in (customAttributes ?? {})));
  if (missing.length > 0) {
    const keyword = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name }) => [name, keyword])),
    });
  }
  await scheduleReconciliation(client);
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
