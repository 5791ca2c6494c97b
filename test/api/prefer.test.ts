import { describe, expect, it } from 'vitest';
import { preferredWait } from '../../api/prefer.ts';

describe('Prefer: wait', () => {
  it.each([
    ['wait=0', 0],
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['wait = "7"; foo=bar', 7],
    ['WAIT=3, handling=lenient', 3],
    ['wait=61', 60],
    ['wait=999999999', 60],
  ])('%s holds for %i seconds and says so', (header, seconds) => {
    expect(preferredWait(header)).toEqual({
      waitMs: seconds * 1_000,
      applied: { 'Preference-Applied': `wait=${seconds}` },
    });
  });

  it.each([undefined, '', 'respond-async', 'wait=soon', 'wait=-1', 'wait=1.5', 'await=3', 'wait='])(
    '%s is no wish, and the default is not announced',
    (header) => {
      expect(preferredWait(header)).toEqual({ waitMs: 15_000, applied: {} });
    },
  );
});
