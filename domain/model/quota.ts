/** Percent of the plan's documents at which a tenant is told. */
const THRESHOLDS = [100, 95, 80] as const;

/** The threshold that is reached by the `count`-th document of `quota`, if one is: each is reached by one document. */
export function quotaThresholdAt(count: number, quota: number): (typeof THRESHOLDS)[number] | undefined {
  return THRESHOLDS.find((percent) => count === Math.ceil((quota * percent) / 100));
}
