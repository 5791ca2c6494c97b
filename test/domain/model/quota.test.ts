import { describe, expect, it } from 'vitest';
import { quotaThresholdAt } from '../../../domain/model/quota.ts';

/** Every count that reaches a threshold of a plan. */
function reached(quota: number): [count: number, threshold: number][] {
  const counts = Array.from({ length: quota }, (_, n) => n + 1);
  return counts.flatMap((count) => {
    const threshold = quotaThresholdAt(count, quota);
    return threshold === undefined ? [] : [[count, threshold]];
  });
}

describe('the thresholds of a plan', () => {
  it.each([
    [100, [80, 95, 100]],
    [1_000, [800, 950, 1_000]],
    [20_000, [16_000, 19_000, 20_000]],
    [7, [6, 7]],
  ])('of %i documents are each reached by one document', (quota, counts) => {
    expect(reached(quota).map(([count]) => count)).toEqual(counts);
  });

  it('are told of by the highest when one document reaches several', () => {
    expect(reached(7)).toEqual([
      [6, 80],
      [7, 100],
    ]);
    expect(reached(1)).toEqual([[1, 100]]);
  });
});
