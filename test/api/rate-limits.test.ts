import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/problems.ts';
import { createRateLimits, networkOf, rememberGuesses } from '../../api/rate-limits.ts';
import type { Caller } from '../../api/route.ts';
import type { Store } from '../../domain/store/store.ts';

const caller: Caller = {
  tenantId: '01900000-0000-7000-8000-000000000001',
  keyId: '01900000-0000-7000-8000-000000000002',
  environment: 'sandbox',
  scopes: null,
  tier: 'FREE',
  language: 'es',
};

describe('limits while the database is away', () => {
  const away = { pool: () => Promise.reject(new Error('ECONNREFUSED')) } as unknown as Store;

  it('are counted by the process itself', async () => {
    const limits = createRateLimits(away, rememberGuesses());
    for (let count = 1; count <= 10; count++) {
      expect(await limits.byKey('writes', caller)).toMatchObject({
        'RateLimit-Policy': '"writes";q=10;w=60',
        RateLimit: expect.stringMatching(new RegExp(`^"writes";r=${10 - count};t=\\d+$`)),
      });
    }
    const refused = await limits.byKey('writes', caller).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ code: 'TOO_MANY_REQUESTS', headers: { 'Retry-After': expect.any(String) } });
    // Another key, and the reads of this one, are counted apart.
    await limits.byKey('writes', { ...caller, keyId: '01900000-0000-7000-8000-000000000003' });
    await limits.byKey('reads', caller);
  });

  it('count guesses by process while the database is away', async () => {
    const limits = createRateLimits(away, rememberGuesses());
    for (let guess = 0; guess < 10; guess++) await limits.countGuess('203.0.113.7', `wrong ${guess}`);
    await limits.passGuard('203.0.113.7');
    const refused = { code: 'TOO_MANY_REQUESTS' };
    await expect(limits.countGuess('203.0.113.7', 'wrong again')).rejects.toMatchObject(refused);
    await expect(limits.passGuard('203.0.113.7')).rejects.toMatchObject(refused);
    await limits.passGuard('203.0.113.8');
  });
});

describe('the network that is counted', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
