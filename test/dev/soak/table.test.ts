import { describe, expect, it } from 'vitest';
import { PARTS } from '../../../dev/soak/processes.ts';
import { judge, type Looks } from '../../../dev/soak/table.ts';

const EVERY_S = 15;
const LOOKS = 120;

/** Half an hour in which everything is as it was, but for what is changed. */
function halfAnHour(change: (parts: Looks[number]['parts'], share: number, number: number) => void = () => {}): Looks {
  return Array.from({ length: LOOKS }, (_, number) => {
    const parts: Looks[number]['parts'] = Object.fromEntries(PARTS.map((part) => [part, { memory: 200, handles: 40 }]));
    Object.assign(parts.worker!, { heap: 100 + (number % 10) * 5 });
    change(parts, number / LOOKS, number);
    return { at: number * EVERY_S, parts };
  });
}

describe('the verdict of a soak', () => {
  it('is flat when nothing grows, whatever happens while it warms up', () => {
    const { growing, table } = judge(
      halfAnHour((parts, share) => {
        if (share < 0.19) parts.API!.memory = 500;
      }),
    );
    expect(growing).toEqual([]);
    expect(table).toMatch(/^API +memory +200 MB +200 MB +200 MB +[+-]0 MB +flat$/m);
  });

  it('finds memory that leaks, and tells how fast', () => {
    const { growing, table } = judge(
      halfAnHour((parts, share) => {
        parts.API!.memory = 200 + 60 * share;
      }),
    );
    expect(growing).toEqual(['API: memory grows']);
    expect(table).toMatch(/^API +memory .*\+120 MB +GROWS$/m);
  });

  it('finds a heap that leaks below its garbage', () => {
    const { growing } = judge(
      halfAnHour((parts, share, number) => {
        parts.worker!.heap = 100 + 30 * share + (number % 10) * 5;
      }),
    );
    expect(growing).toEqual(['worker: heap grows']);
  });

  it('finds handles that leak, of whatever process', () => {
    const { growing } = judge(
      halfAnHour((parts, share) => {
        parts.Temporal!.handles = 40 + Math.round(50 * share);
      }),
    );
    expect(growing).toEqual(['Temporal: handles grows']);
  });

  it('takes no offence at what remembers by design, nor at a few handles more', () => {
    const { growing, table } = judge(
      halfAnHour((parts, share) => {
        parts['SRI simulator']!.memory = 100 + 500 * share;
        parts.Chromium!.handles = share > 0.8 ? 46 : 40;
      }),
    );
    expect(growing).toEqual([]);
    expect(table).toMatch(/^SRI simulator +memory .* not judged$/m);
  });

  it('misses a process that is not there at the end', () => {
    const { growing } = judge(
      halfAnHour((parts, share) => {
        if (share > 0.5) delete parts.Chromium;
      }),
    );
    expect(growing).toEqual(['Chromium: not there at the end']);
  });
});
