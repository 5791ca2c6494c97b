import { describe, expect, it } from 'vitest';
import {
  authorizationPollDelayMs,
  earlierWebhookDelayMs,
  isLongSilence,
  isLongUndecided,
  mailDelayMs,
  outageProbeDelayMs,
  sriUnavailableDelayMs,
  webhookDelayMs,
} from '../../../domain/model/retry-tables.ts';

const HOUR = 3_600_000;
/** The delays before a table ends, or the first hundred of one that does not. */
function delays(table: (attempt: number) => number | undefined): number[] {
  const all: number[] = [];
  for (let attempt = 1; attempt <= 100; attempt++) {
    const delay = table(attempt);
    if (delay === undefined) break;
    all.push(delay);
  }
  return all;
}

const tables = {
  webhook: (attempt: number) => webhookDelayMs(attempt, 0.5),
  mail: mailDelayMs,
  authorization: authorizationPollDelayMs,
  sri: sriUnavailableDelayMs,
  outage: outageProbeDelayMs,
  'webhooks that wait for an earlier one': earlierWebhookDelayMs,
};

describe.each(Object.entries(tables))('the retry table for %s', (_, table) => {
  it('never grows denser', () => {
    const all = delays(table);
    expect(all).toEqual(all.toSorted((one, other) => one - other));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
  });
});

describe('a delivery', () => {
  it('by webhook starts at once and is given up after three days and ten attempts', () => {
    const all = delays(tables.webhook);
    expect(all[0]).toBe(0);
    expect(all).toHaveLength(10);
    const whole = all.reduce((one, other) => one + other) / HOUR;
    expect(whole).toBeGreaterThan(72);
    expect(whole).toBeLessThan(80);
  });

  it('by webhook strays by a tenth either way, so that endpoints do not wake up to a crowd', () => {
    for (let attempt = 2; attempt <= 10; attempt++) {
      const middle = webhookDelayMs(attempt, 0.5)!;
      expect(webhookDelayMs(attempt, 0)).toBe(Math.round(middle * 0.9));
      expect(webhookDelayMs(attempt, 0.999_999)!).toBeLessThanOrEqual(Math.round(middle * 1.1));
    }
  });

  it('by mail is given up too', () => {
    expect(delays(tables.mail).length).toBeLessThan(20);
  });
});

describe('SRI', () => {
  it('is asked for an authorization at least every five minutes, and never given up', () => {
    expect(delays(tables.authorization)).toHaveLength(100);
    expect(authorizationPollDelayMs(1)).toBeLessThanOrEqual(3_000);
    expect(authorizationPollDelayMs(100_000)).toBe(300_000);
  });

  it('is tried again at least every five minutes while it is down, and never given up', () => {
    expect(sriUnavailableDelayMs(1)).toBeLessThanOrEqual(3_000);
    expect(sriUnavailableDelayMs(100_000)).toBe(300_000);
  });

  it('is asked during an outage at least every two minutes for three hours, then every five, and never given up', () => {
    expect(outageProbeDelayMs(1)).toBeLessThanOrEqual(3_000);
    const dense = Array.from({ length: 200 }, (_, n) => outageProbeDelayMs(n + 1)).filter((delay) => delay <= 120_000);
    expect(dense.reduce((one, other) => one + other)).toBeGreaterThan(3 * HOUR);
    expect(outageProbeDelayMs(100_000)).toBe(300_000);
  });

  it.each([
    ['a document', sriUnavailableDelayMs],
    ['an outage', outageProbeDelayMs],
  ])('is silent for long after some minutes of trying: %s', (_, delayMs) => {
    const attempts = Array.from({ length: 20 }, (_, n) => n + 1);
    const isLong = (attempt: number) => isLongSilence(attempt, delayMs);
    const first = attempts.find(isLong)!;
    const waited = attempts.slice(0, first - 1).reduce((sum, attempt) => sum + delayMs(attempt), 0);
    expect(waited).toBeGreaterThanOrEqual(240_000);
    expect(waited).toBeLessThan(600_000);
    expect(attempts.slice(first - 1).every(isLong)).toBe(true);
  });
});

describe('a document that SRI has', () => {
  it('is undecided for too long after its 24 hours (ficha técnica 2.34), not before', () => {
    const received = new Date('2026-11-24T15:00:00Z');
    expect(isLongUndecided(received, new Date('2026-11-25T15:00:00Z'))).toBe(false);
    expect(isLongUndecided(received, new Date('2026-11-25T15:00:01Z'))).toBe(true);
  });
});
