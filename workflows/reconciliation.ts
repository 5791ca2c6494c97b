import { sweep } from './proxies.ts';

/** Starts what has no workflow and repairs what differs from it; a Schedule runs it each minute. */
export async function reconciliationWorkflow(): Promise<{ started: number; nudged: number }> {
  return sweep.reconcile();
}
