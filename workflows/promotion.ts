import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { promote } from './contract.ts';
import { store } from './store.ts';

/** An offer comes with the start; one that was lost on the way is made again, to another run. */
const OFFER_WAIT = '1 minute';

/**
 * Takes a tenant to production as offered, and goes on with that until it is done, whatever dies meanwhile. Each offer
 * is one transaction, which waits for any other: of two that come at once the first takes effect.
 */
export async function promotionWorkflow(tenantId: string): Promise<void> {
  let offers = 0;
  setHandler(promote, (offer) => {
    offers++;
    return store.promoteTenant(tenantId, offer);
  });
  await condition(() => offers > 0, OFFER_WAIT);
  await condition(allHandlersFinished);
}
