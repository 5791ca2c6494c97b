import type { Tier } from '../store/entities/tenant.ts';

export interface TierLimits {
  /** Documents that may be numbered. */
  documentQuota: number;
  /** Branches with active issuers. */
  branches: number;
  /** Active issuers in one branch. */
  issuePoints: number;
  /** Active webhook endpoints. */
  webhookEndpoints: number;
  /** Requests a minute of one key: those that change something, and those that do not. */
  writesPerMinute: number;
  readsPerMinute: number;
}

/** What each tier allows. */
export const TIERS: Record<Tier, TierLimits> = {
  FREE: {
    documentQuota: 100,
    branches: 1,
    issuePoints: 1,
    webhookEndpoints: 1,
    writesPerMinute: 10,
    readsPerMinute: 60,
  },
  STARTER: {
    documentQuota: 1_000,
    branches: 3,
    issuePoints: 2,
    webhookEndpoints: 2,
    writesPerMinute: 60,
    readsPerMinute: 300,
  },
  GROWTH: {
    documentQuota: 5_000,
    branches: 10,
    issuePoints: 5,
    webhookEndpoints: 5,
    writesPerMinute: 120,
    readsPerMinute: 600,
  },
  BUSINESS: {
    documentQuota: 20_000,
    branches: Infinity,
    issuePoints: Infinity,
    webhookEndpoints: 10,
    writesPerMinute: 300,
    readsPerMinute: 1_200,
  },
};
