import type { PromotionOffer, PromotionOutcome } from '../domain/model/promotion.ts';
import { promoteTenant } from '../domain/tenants/promotion.ts';
import type { ActivityDeps } from './deps.ts';

/** A tenant's way to production; a local activity, as long as it is short. */
export function promotionActivities({ store, clock }: ActivityDeps) {
  return {
    /** May be done any number of times: an offer takes effect once. */
    promoteTenant(tenantId: string, offer: PromotionOffer): Promise<PromotionOutcome> {
      return promoteTenant({ store, clock }, tenantId, offer);
    },
  };
}
