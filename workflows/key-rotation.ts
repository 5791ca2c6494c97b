import { continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { bulk } from './proxies.ts';

/**
 * Has everything that is sealed under another key sealed anew under `keyId`, a portion at a time, until there is nothing
 * left that can be; its id is `key-rotation/<keyId>`. What it has done stays done, however a run ends.
 * @param before how much the runs before this one have done
 */
export async function keyRotationWorkflow(keyId: string, before = 0): Promise<{ resealed: number; left: number }> {
  let resealed = before;
  for (;;) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof keyRotationWorkflow>(keyId, resealed);
    const portion = await bulk.resealPortion(keyId);
    resealed += portion.resealed;
    setCurrentDetails(`${resealed} values sealed anew under '${keyId}', ${portion.left} left under other keys`);
    if (portion.resealed === 0) return { resealed, left: portion.left };
  }
}
