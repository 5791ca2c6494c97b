import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../../domain/tenants/api-keys.ts';

describe('an API key', () => {
  it.each([
    ['sandbox', /^sk_test_[0-9a-f]{64}$/],
    ['production', /^sk_live_[0-9a-f]{64}$/],
  ] as const)('of the %s says so and is 32 random bytes', (environment, shape) => {
    const one = newApiKey(environment);
    expect(one.apiKey).toMatch(shape);
    expect(newApiKey(environment).apiKey).not.toBe(one.apiKey);
  });

  it('is kept as a hash and its last characters', () => {
    const { apiKey, hash, hint } = newApiKey('sandbox');
    expect(hash).toEqual(createHash('sha256').update(apiKey).digest());
    expect(apiKey.endsWith(hint)).toBe(true);
    expect(hint).toHaveLength(4);
  });
});
