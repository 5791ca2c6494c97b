import { sleep } from '@temporalio/workflow';

/** Begins as no version of ours does: what it has begun, ours cannot go on with. */
export async function documentWorkflow(): Promise<void> {
  await sleep('1 day');
}
