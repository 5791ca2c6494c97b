import { createHash, timingSafeEqual } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { secretCheck } from '../../api/authenticate.ts';

vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});

const SECRET = 'f'.repeat(64);
const digest = (text: string) => createHash('sha256').update(text).digest();

beforeEach(() => {
  vi.mocked(timingSafeEqual).mockClear();
});

describe('the admin secret', () => {
  const isSecret = secretCheck(SECRET);

  it.each([
    ['the secret', SECRET, true],
    ['nothing', '', false],
    ['its beginning', SECRET.slice(0, 63), false],
    ['more than it', `${SECRET}f`, false],
    ['another from the first character', `0${SECRET.slice(1)}`, false],
    ['another at the last character', `${SECRET.slice(1)}0`, false],
    ['another alphabet', 'ñ'.repeat(64), false],
  ])('is held against %s in one comparison of constant time, of digests as long as each other', (_, given, is) => {
    expect(isSecret(given)).toBe(is);
    expect(vi.mocked(timingSafeEqual).mock.calls).toEqual([[digest(given), digest(SECRET)]]);
  });
});
