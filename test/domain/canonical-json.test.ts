import { describe, expect, it } from 'vitest';
import { canonicalHash, canonicalJson } from '../../domain/canonical-json.ts';

describe('the hash of a request', () => {
  it('does not see the order of members', () => {
    const one = { a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } };
    const other = { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 };
    expect(canonicalHash(one)).toEqual(canonicalHash(other));
    expect(canonicalJson(other)).toBe('{"a":1,"b":{"c":[1,{"d":2,"e":3}],"f":null}}');
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: '1' }, { a: 1 }],
    [{ a: null }, {}],
  ])('sees every other difference: %j, %j', (one, other) => {
    expect(canonicalHash(one)).not.toEqual(canonicalHash(other));
  });
});
