import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions, USAGE, UsageError } from '../../../dev/start/options.ts';

describe('the options of npm start', () => {
  it.each([
    [[], { once: false, help: false }],
    [['--once'], { once: true, help: false }],
    [['--help'], { once: false, help: true }],
    [['-h', '--once'], { once: true, help: true }],
    [['--data', 'other', '--once'], { once: true, help: false, data: resolve('other') }],
    [['--data=/srv/other'], { once: false, help: false, data: '/srv/other' }],
  ])('%j', (args, options) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each([['--onse'], ['--once=1'], ['once'], [''], ['--data'], ['--data', '--once'], ['--data', ''], ['--data=']])(
    'refuses %j with a sentence',
    (...args) => {
      expect(() => readOptions(args)).toThrow(UsageError);
      expect(() => readOptions(args)).toThrow(/--data/);
    },
  );

  it('explains each of them', () => {
    for (const option of ['--once', '--data DIR', '--help']) expect(USAGE).toContain(option);
  });
});
