import { expect, it } from 'vitest';
import { readChaosOptions } from '../../../dev/chaos/options.ts';

it('takes ten minutes, the development server and a seed of chance unless told otherwise', () => {
  expect(readChaosOptions([])).toMatchObject({ seconds: 600, server: 'dev', rate: 4, keep: false });
  expect(
    readChaosOptions(['--seed', 'x', '--minutes', '0.5', '--server', 'production', '--rate', '2', '--keep']),
  ).toEqual({ seconds: 30, seed: 'x', server: 'production', rate: 2, keep: true });
  expect(readChaosOptions(['--help'])).toBe('help');
});

it.each([
  [['--minutes', 'ten'], /--minutes takes a number/],
  [['--rate', '0'], /--rate takes a number/],
  [['--server', 'cloud'], /--server takes dev or production/],
  [['--sed', 'x'], /Unknown option/],
])('refuses %j with a sentence', (args, sentence) => {
  expect(() => readChaosOptions(args)).toThrow(sentence);
});
