/** The part of the time in which caches fill, code is compiled and pools open. */
export const WARM_UP = 0.2;

/** How far the last third may be above the middle one: by the larger of the two. */
export interface Allowance {
  share: number;
  amount: number;
}

export const ALLOWANCE = {
  /** Megabytes. */
  memory: { share: 0.05, amount: 12 },
  /** Megabytes. */
  heap: { share: 0.05, amount: 6 },
  handles: { share: 0.05, amount: 8 },
} as const satisfies Record<string, Allowance>;

/** One reading. */
export interface Reading {
  /** Seconds since the load began. */
  at: number;
  value: number;
}

/** What readings do once the warm-up is over: one value for each third, and the slope of the line through all. */
export interface Trend {
  first: number;
  middle: number;
  last: number;
  perHour: number;
}

/**
 * @param readings in order, over the whole time; at least three must be left after the warm-up
 * @param valueOf what stands for a third
 */
export function trendOf(readings: readonly Reading[], valueOf: (readings: readonly Reading[]) => number): Trend {
  const end = readings.at(-1)!.at;
  const warm = readings.filter(({ at }) => at >= end * WARM_UP);
  const third = Math.ceil(warm.length / 3);
  return {
    first: valueOf(warm.slice(0, third)),
    middle: valueOf(warm.slice(third, -third)),
    last: valueOf(warm.slice(-third)),
    perHour: slopeOf(warm) * 3_600,
  };
}

export function isFlat({ middle, last }: Trend, { share, amount }: Allowance): boolean {
  return last - middle <= Math.max(middle * share, amount);
}

/** What garbage there is on top of what is used comes and goes. */
export function leastOf(readings: readonly Reading[]): number {
  return Math.min(...readings.map(({ value }) => value));
}

export function medianOf(readings: readonly Reading[]): number {
  const values = readings.map(({ value }) => value).toSorted((a, b) => a - b);
  const half = Math.floor(values.length / 2);
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

/** By least squares, per second. */
function slopeOf(readings: readonly Reading[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(readings.map((one) => one.at));
  const value = mean(readings.map((one) => one.value));
  const spread = readings.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  return readings.reduce((sum, one) => sum + (one.at - at) * (one.value - value), 0) / spread;
}
