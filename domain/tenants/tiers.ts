import type { Tier } from '../store/entities/tenant.ts';

export interface TierLimits {
  /** Documents that may be numbered. */
  documentQuota: number;
  /** Active webhook endpoints. */
  webhookEndpoints: number;
}

/** What each tier allows. */
export const TIERS: Record<Tier, TierLimits> = {
  FREE: { documentQuota: 100, webhookEndpoints: 1 },
  STARTER: { documentQuota: 1_000, webhookEndpoints: 2 },
  GROWTH: { documentQuota: 5_000, webhookEndpoints: 5 },
  BUSINESS: { documentQuota: 20_000, webhookEndpoints: 10 },
};
