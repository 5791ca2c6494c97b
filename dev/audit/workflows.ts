import type { Client } from '@temporalio/client';
import type { Finding } from '../../domain/admin/integrity.ts';

/**
 * None of our workflows fails by itself: what it cannot do, it waits for. But the sweep of each minute does, when a store is
 * away; the next one does its work, and what none of them does is found where it is missing.
 */
const ENDED_BADLY = `ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated') AND WorkflowType != 'reconciliationWorkflow'`;
const MOST = 1_000;

/** Runs that have failed, have been ended by somebody, or have run out of time, and that no other has taken the place of. */
export async function workflowFindings(client: Client): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { workflowId, runId, type, status } of client.workflow.list({ query: ENDED_BADLY })) {
    if ((await client.workflow.getHandle(workflowId).describe()).runId !== runId) continue;
    findings.push({ check: 'no workflow ends badly', subject: workflowId, detail: `${type} ${status.name}` });
    if (findings.length === MOST) break;
  }
  return findings;
}
