import { describe, expect, it } from 'vitest';
import { readSoakOptions, USAGE } from '../../../dev/soak/options.ts';

describe('the options of npm run soak', () => {
  it('are half an hour at a document a second, with little room for V8', () => {
    expect(readSoakOptions([])).toEqual({ minutes: 30, rate: 1, heapMegabytes: 160, help: false });
  });

  it.each([
    [['--minutes', '4'], /--minutes takes a number from 15 to 1440/],
    [['--rate', 'fast'], /--rate takes a number/],
    [['--heap=1'], /--heap takes a number/],
    [['--minutes', '1000', '--rate', '1'], /19900 documents/],
    [['--seconds', '4'], /--seconds/],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(() => readSoakOptions(args)).toThrow(sentence);
  });

  it('are explained', () => {
    for (const option of ['--minutes N', '--rate N', '--heap MB', '--help']) expect(USAGE).toContain(option);
  });
});
