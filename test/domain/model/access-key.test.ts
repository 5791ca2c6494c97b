import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accessKeyCheckDigit,
  type AccessKeyParts,
  buildAccessKey,
  isAccessKey,
  parseAccessKey,
} from '../../../domain/model/access-key.ts';

/** Of documents that SRI authorized. */
const authorized = [
  '1312202301179001691900122011070002060400460006816',
  '2104202401179071031900120720090005521775658032318',
  '0810202301019047913700120021000000699911921739517',
  '0707202207139170166700120010010000868170010699911',
];

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom('0', '1', '5', '8', '9'), minLength: length, maxLength: length });

const anyParts: fc.Arbitrary<AccessKeyParts> = fc.record({
  issueDate: fc.constantFrom('25/11/2026', '01/01/2027', '29/02/2028'),
  documentType: fc.constant('01' as const),
  ruc: digits(10).map((ten) => `${ten}001`),
  environment: fc.constantFrom('sandbox', 'production'),
  branchCode: digits(3),
  issuePointCode: digits(3),
  sequential: digits(9),
  numericCode: digits(8),
});

describe('the access key', () => {
  it.each(authorized)('%s has the check digit that SRI computes', (key) => {
    expect(isAccessKey(key)).toBe(true);
    expect(accessKeyCheckDigit(key.slice(0, 48))).toBe(key[48]);
  });

  it('turns the remainders 11 and 10 into 0 and 1, and knows the ficha’s worked example', () => {
    expect(accessKeyCheckDigit('0'.repeat(48))).toBe('0');
    expect(accessKeyCheckDigit('41261533')).toBe('6');
    // 11 − 1 = 10
    expect(accessKeyCheckDigit('06')).toBe('1');
  });

  it('has its parts in SRI’s order', () => {
    const key = buildAccessKey({
      issueDate: '25/11/2026',
      documentType: '01',
      ruc: '1710034065001',
      environment: 'production',
      branchCode: '002',
      issuePointCode: '003',
      sequential: '000000123',
      numericCode: '12345678',
    });
    expect(key.slice(0, 48)).toBe(
      '25112026' + '01' + '1710034065001' + '2' + '002' + '003' + '000000123' + '12345678' + '1',
    );
  });

  it('gives back the parts that it was built of', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const key = buildAccessKey(parts);
        expect(isAccessKey(key)).toBe(true);
        expect(parseAccessKey(key)).toEqual(parts);
      }),
    );
  });

  it('shows every wrong digit; where 1 stands for two remainders, all but one of the nine at most', () => {
    const unseen = (key: string, at: number) =>
      ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].filter(
        (digit) => digit !== key[at] && isAccessKey(key.slice(0, at) + digit + key.slice(at + 1)),
      ).length;
    fc.assert(
      fc.property(fc.oneof(anyParts.map(buildAccessKey), fc.constantFrom(...authorized)), fc.nat(48), (key, at) => {
        expect(unseen(key, at)).toBeLessThanOrEqual(key.endsWith('1') && at < 48 ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not built of parts of a wrong length, even when they make 48 digits together', () => {
    const [parts] = fc.sample(anyParts, 1) as [AccessKeyParts];
    expect(() => buildAccessKey({ ...parts, branchCode: '0010', issuePointCode: '01' })).toThrow('branchCode');
    expect(() => buildAccessKey({ ...parts, sequential: '1' })).toThrow('sequential');
    expect(() => buildAccessKey({ ...parts, ruc: '171003406500X' })).toThrow('ruc');
  });

  it.each([
    ['a wrong check digit', `${authorized[0]!.slice(0, 48)}0`],
    ['48 digits', authorized[0]!.slice(1)],
    ['a letter', `X${authorized[0]!.slice(1)}`],
    ['a line feed', `${authorized[0]!}\n`],
    ['an environment that is none', buildWithEnvironment('3')],
  ])('is not read from %s', (_, text) => {
    expect(() => parseAccessKey(text)).toThrow('not an access key');
  });
});

function buildWithEnvironment(digit: string): string {
  const first = `${authorized[0]!.slice(0, 23)}${digit}${authorized[0]!.slice(24, 48)}`;
  return first + accessKeyCheckDigit(first);
}
