import { describe, expect, it } from 'vitest';
import { LINES, nameOf } from '../../../dev/chaos/kinds.ts';
import { placeOf, planOf } from '../../../dev/chaos/plan.ts';

const options = { seed: 'a seed', seconds: 600, lines: LINES, disk: true };

describe('a plan of faults', () => {
  const plan = planOf(options);
  const names = plan.map(({ strike }) => nameOf(strike));

  it('is the same for the same seed, and another for another', () => {
    expect(planOf(options)).toEqual(plan);
    expect(planOf({ ...options, seed: 'another' })).not.toEqual(plan);
  });

  it('has three hundred faults in ten minutes, in their order', () => {
    expect(plan.length).toBeGreaterThan(300);
    const times = plan.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(600_000);
  });

  it('has every kind before any comes again more often than its weight', () => {
    const kinds = new Set(names);
    // 8 kills, 9 lines with 3 troubles, 2 clocks in 2 directions, the disk, and the 18 faults of SRI.
    expect(kinds.size).toBe(8 + 27 + 4 + 1 + 18);
    const bag = 2 * 8 + 27 + 4 + 1 + 2 * 18;
    for (const kind of kinds) {
      const times = names.slice(0, bag).filter((name) => name === kind).length;
      expect(times, kind).toBe(/^(kill|SRI) /.test(kind) ? 2 : 1);
    }
  });

  it('has only what can be done here', () => {
    const lines = LINES.slice(0, -1);
    const some = planOf({ ...options, lines, disk: false }).map(({ strike }) => strike);
    expect(some.filter(({ kind }) => kind === 'disk')).toEqual([]);
    expect(new Set(some.filter(({ kind }) => kind === 'line').map(placeOf))).toEqual(new Set(lines));
  });
});
