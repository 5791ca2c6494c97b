import { batchActivities } from './batch.ts';
import { certificateActivities } from './certificate-watch.ts';
import type { ActivityDeps } from './deps.ts';
import { keyRotationActivities } from './key-rotation.ts';
import { mailActivities } from './mail.ts';
import { outageActivities } from './outage.ts';
import { promotionActivities } from './promotion.ts';
import { reconcileActivities } from './reconcile.ts';
import { renderActivities } from './render.ts';
import { sriActivities } from './sri.ts';
import { storeActivities } from './store.ts';
import { webhookActivities } from './webhook.ts';

/** All activities; the workflows know them by this type. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...storeActivities(deps),
    ...sriActivities(deps),
    ...outageActivities(deps),
    ...renderActivities(deps),
    ...mailActivities(deps),
    ...promotionActivities(deps),
    ...webhookActivities(deps),
    ...batchActivities(deps),
    ...certificateActivities(deps),
    ...keyRotationActivities(deps),
    ...reconcileActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
