import { describe, expect, it } from 'vitest';
import { readOptions, USAGE, UsageError } from '../../../dev/start/options.ts';

describe('the options of npm start', () => {
  it.each([
    [[], { once: false, help: false }],
    [['--once'], { once: true, help: false }],
    [['--help'], { once: false, help: true }],
    [['-h', '--once'], { once: true, help: true }],
  ])('%j', (args, options) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each(['--onse', '--once=1', 'once', ''])('refuses %j with a sentence', (arg) => {
    expect(() => readOptions([arg])).toThrow(UsageError);
    expect(() => readOptions([arg])).toThrow(/--once and --help/);
  });

  it('explains each of them', () => {
    for (const option of ['--once', '--help']) expect(USAGE).toContain(option);
  });
});
