import { describe, expect, it } from 'vitest';
import { daysRemaining, kindOf, thresholdOf } from '../../../domain/certificates/expiry.ts';
import { expiryText } from '../../../domain/certificates/texts.ts';

describe('the days that a certificate has left', () => {
  const notAfter = new Date('2026-12-26T02:00:00Z');

  it.each([
    ['2026-11-25T04:59:59Z', 31],
    ['2026-11-25T05:00:00Z', 30],
    ['2026-12-25T04:59:59Z', 1],
    ['2026-12-25T05:00:00Z', 0],
    ['2026-12-26T02:00:00Z', 0],
    ['2026-12-26T05:00:00Z', -1],
  ])('are those of the calendar in Guayaquil: at %s it is %i', (now, days) => {
    expect(daysRemaining(notAfter, new Date(now))).toBe(days);
  });

  it.each([
    [31, undefined],
    [30, 30],
    [8, 30],
    [7, 7],
    [2, 7],
    [1, 1],
    [0, 0],
    [-400, 0],
  ])('of %i have passed the threshold of %s', (days, threshold) => {
    expect(thresholdOf(days)).toBe(threshold);
  });

  it.each([
    [30, 'CERT_EXPIRING', 'WARNING'],
    [8, 'CERT_EXPIRING', 'WARNING'],
    [7, 'CERT_EXPIRING', 'ERROR'],
    [1, 'CERT_EXPIRING', 'ERROR'],
    [0, 'CERT_EXPIRED', 'ERROR'],
    [-1, 'CERT_EXPIRED', 'ERROR'],
  ])('of %i are %s, %s', (days, type, severity) => {
    expect(kindOf(days)).toEqual({ type, severity });
  });
});

describe('what a tenant reads', () => {
  const notAfter = new Date('2026-12-25T17:00:00Z');
  const facts = { notAfter, ruc: '1710034065001', issuePoint: '001-002', over: false };

  it.each([
    ['es', 30, false, 'vence en 30 días', '25/12/2026'],
    ['es', 1, false, 'vence mañana', '25/12/2026'],
    ['es', 0, false, 'vence hoy', '25/12/2026'],
    ['es', 0, true, 'vencido', '25/12/2026'],
    ['en', 7, false, 'expires in 7 days', '2026-12-25'],
    ['en', 1, false, 'expires tomorrow', '2026-12-25'],
    ['en', 0, false, 'expires today', '2026-12-25'],
    ['en', -3, true, 'has expired', '2026-12-25'],
  ] as const)('in %s with %i days left (over: %s) is "%s"', (language, days, over, said, date) => {
    const { title, message } = expiryText(language, { ...facts, days, over });
    expect(title).toContain(said);
    for (const part of [date, '001-002', '1710034065001']) expect(message).toContain(part);
  });
});
