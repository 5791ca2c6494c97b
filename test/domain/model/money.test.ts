import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDecimal, sum, toMoney, toQuantity } from '../../../domain/model/money.ts';

describe('money', () => {
  it.each([
    ['1.005', '1.01'],
    ['2.675', '2.68'],
    ['0.004999', '0.00'],
    ['-0.005', '-0.01'],
    ['999999999999.994', '999999999999.99'],
    ['1e-7', '0.00'],
  ])('rounds %s half up, to %s', (exact, rounded) => expect(toMoney(exact)).toBe(rounded));

  it('adds without losing a cent, as whole cents would', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 99_999_999_999_999n })), (cents) => {
        const total = cents.reduce((one, other) => one + other, 0n);
        const amount = (units: bigint) => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`;
        expect(toMoney(sum(cents.map(amount)))).toBe(amount(total));
      }),
    );
  });
});

describe('a quantity', () => {
  it.each([
    ['2', '2.00'],
    ['2.500000', '2.50'],
    ['0.333333', '0.333333'],
    ['007.1', '7.10'],
    ['123456789012.123456', '123456789012.123456'],
  ])('%s is written %s', (value, written) => expect(toQuantity(value)).toBe(written));
});

describe('a decimal', () => {
  it.each(['0', '0.00', '12', '999999999999.99', '0012.5'])('%s is an amount', (text) =>
    expect(isDecimal(text, 12, 2)).toBe(true),
  );

  it.each([
    '',
    '-1',
    '+1',
    '1.',
    '.5',
    '1.005',
    '1e3',
    '1,50',
    ' 1',
    '1\n',
    'NaN',
    'Infinity',
    '0x10',
    '1000000000000',
    '１',
  ])('%j is none', (text) => expect(isDecimal(text, 12, 2)).toBe(false));
});
