import { describe, expect, it } from 'vitest';
import { codeProblem, validOn } from '../../../domain/model/catalogue.ts';
import { isRate, IVA_RATES, PAYMENT_METHODS, rateProblem } from '../../../domain/model/catalogues.ts';
import { COUNTRIES } from '../../../domain/model/countries.ts';
import { retentionProblem } from '../../../domain/model/retention-codes.ts';

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

describe('a long catalogue', () => {
  it('names the codes that are like the wrong one, and where all are', () => {
    const message = codeProblem(COUNTRIES, '139X', '25/11/2026')!;
    expect(message).toContain('139 (San Vicente y las Granadinas)');
    expect(message).toContain('GET /v1/catalogs');
    expect(message).not.toContain('593');
    expect(codeProblem(COUNTRIES, '593', '25/11/2026')).toBeUndefined();
  });
});

describe('a retention', () => {
  it.each([
    ['the income tax by a code that is known', { tax: '1', code: '312', rate: '2' }, undefined],
    ['the income tax by a code that treaties give its percentage', { tax: '1', code: '505', rate: '8' }, undefined],
    ['another percentage than the code has', { tax: '1', code: '303', rate: '8' }, 'rate'],
    ['no code of the annex', { tax: '1', code: 'X', rate: '8' }, 'code'],
    ['IVA', { tax: '2', code: '9', rate: '10.00' }, undefined],
    ['IVA by another percentage', { tax: '2', code: '9', rate: '30' }, 'rate'],
    ['IVA by a code that it has not', { tax: '2', code: '312', rate: '2' }, 'code'],
    ['ISD', { tax: '6', code: '4586', rate: '2.5' }, undefined],
    ['a tax that nobody withholds', { tax: '3', code: '3011', rate: '1' }, 'tax'],
  ])('of %s', (_, retention, field) => {
    expect(retentionProblem(retention, '25/11/2026')?.field).toBe(field);
  });

  it('of ISD at 2.5 % is younger than the code at 5 %', () => {
    expect(retentionProblem({ tax: '6', code: '4586', rate: '2.5' }, '30/04/2025')?.field).toBe('code');
    expect(retentionProblem({ tax: '6', code: '4580', rate: '5' }, '30/04/2025')).toBeUndefined();
  });
});
