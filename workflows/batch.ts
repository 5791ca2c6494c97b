import { continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { nudge } from './contract.ts';
import { bulk } from './proxies.ts';

/**
 * Has the lines of a batch issued, a portion at a time, until none is left or somebody has paused or cancelled it; its
 * id is `batch/<batchId>`. The row in PostgreSQL is the record: a run that was lost is started again and goes on.
 */
export async function batchWorkflow(batchId: string): Promise<void> {
  let told = false;
  setHandler(nudge, () => {
    told = true;
  });
  for (;;) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof batchWorkflow>(batchId);
    told = false;
    const { status, done, total } = await bulk.issueLines(batchId);
    setCurrentDetails(`${status}: ${done} of ${total} lines have a result`);
    if (status !== 'RUNNING' && !told) return;
  }
}
