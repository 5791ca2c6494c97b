import { describe, expect, it } from 'vitest';
import {
  codeProblem,
  isRate,
  IVA_RATES,
  PAYMENT_METHODS,
  rateProblem,
  validOn,
} from '../../../domain/model/catalogues.ts';

const codesOn = (date: string) => validOn(IVA_RATES, date).map(({ code }) => code);

describe('the catalogues', () => {
  it('know the rates of a day: 12 % until 31 March 2024, 15 % from 1 April', () => {
    expect(codesOn('31/03/2024')).toContain('2');
    expect(codesOn('31/03/2024')).not.toContain('4');
    expect(codesOn('01/04/2024')).toContain('4');
    expect(codesOn('01/04/2024')).not.toContain('2');
    expect(codesOn('25/11/2026')).toEqual(['0', '4', '5', '6', '7', '8', '10']);
  });

  it('name what would be right', () => {
    expect(codeProblem(PAYMENT_METHODS, '20', '25/11/2026')).toBeUndefined();
    expect(codeProblem(PAYMENT_METHODS, '02', '25/11/2026')).toContain(
      '20 (Otros con utilización del sistema financiero)',
    );
  });

  it('fix the rate of an IVA code, however it is written', () => {
    const iva = { code: '2', rateCode: '4' } as const;
    expect(rateProblem({ ...iva, rate: '15.00' }, '25/11/2026')).toBeUndefined();
    expect(rateProblem({ ...iva, rate: '12' }, '25/11/2026')).toEqual({
      field: 'rate',
      message: 'must be 15 for rate code 4',
    });
    expect(rateProblem({ code: '2', rateCode: '2', rate: '12' }, '25/11/2026')?.field).toBe('rateCode');
  });

  it('leave the tariffs of ICE and IRBPNR to the caller', () => {
    expect(rateProblem({ code: '3', rateCode: '3610', rate: '20' }, '25/11/2026')).toBeUndefined();
    expect(rateProblem({ code: '5', rateCode: '50015', rate: '0.02' }, '25/11/2026')?.field).toBe('rateCode');
  });

  it.each(['0', '0.18', '15', '15.00', '99.99', '100', '300', '100.5', '1234'])('take the rate %s', (rate) =>
    expect(isRate(rate)).toBe(true),
  );

  it.each(['', '-1', '0.185', '100.55', '12345', '15 %'])('take no rate %j', (rate) =>
    expect(isRate(rate)).toBe(false),
  );
});
