import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guayaquilTime, isoDateOf, isTaxDate, taxDateOf, taxDateOfIso } from '../../../domain/model/tax-date.ts';

describe('the tax date', () => {
  it.each([
    ['2026-11-25T00:00:00Z', '24/11/2026'],
    ['2026-11-25T04:59:59.999Z', '24/11/2026'],
    ['2026-11-25T05:00:00Z', '25/11/2026'],
    ['2026-11-25T23:59:59Z', '25/11/2026'],
    ['2027-01-01T04:59:59Z', '31/12/2026'],
    ['2028-03-01T04:59:59Z', '29/02/2028'],
  ])('at %s is %s in Ecuador', (instant, date) => expect(taxDateOf(new Date(instant))).toBe(date));

  it('is that of the calendar of America/Guayaquil at any time', () => {
    const calendar = new Intl.DateTimeFormat('es-EC', {
      timeZone: 'America/Guayaquil',
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
    });
    const anyInstant = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const date = taxDateOf(instant);
        expect(date).toBe(calendar.format(instant));
        expect(isTaxDate(date)).toBe(true);
        expect(taxDateOfIso(isoDateOf(date))).toBe(date);
        expect(guayaquilTime(instant).slice(0, 10)).toBe(isoDateOf(date));
        expect(Math.trunc(instant.getTime() / 1_000)).toBe(new Date(guayaquilTime(instant)).getTime() / 1_000);
      }),
    );
  });

  it.each([
    '29/02/2027',
    '31/04/2026',
    '00/01/2026',
    '01/13/2026',
    '1/1/2026',
    '2026-11-25',
    '01/01/1999',
    '25/11/2026 ',
    '',
  ])('is not %j', (text) => expect(isTaxDate(text)).toBe(false));
});
