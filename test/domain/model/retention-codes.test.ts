import { describe, expect, it } from 'vitest';
import { AUXILIARY_CODES, ICE_CODES, SUPPORT_DOCUMENTS, SUPPORT_TYPES } from '../../../domain/model/catalogues.ts';
import { COUNTRIES } from '../../../domain/model/countries.ts';
import { RETENTION_CODES, retentionProblem } from '../../../domain/model/retention-codes.ts';

const TODAY = '25/11/2026';

describe('the codes of retention', () => {
  it('have the percentage of their day: goods went from 1.75 % to 2 % on 1 March 2026', () => {
    const goods = (rate: string, date: string) => retentionProblem({ tax: '1', code: '312', rate }, date);
    expect(goods('1.75', '28/02/2026')).toBeUndefined();
    expect(goods('2', '28/02/2026')).toEqual({ field: 'rate', message: 'must be 1.75 for code 312' });
    expect(goods('2.00', '01/03/2026')).toBeUndefined();
    expect(goods('1.75', '01/03/2026')?.field).toBe('rate');
  });

  it('take several percentages of one code, and any where treaties fix it', () => {
    expect(retentionProblem({ tax: '1', code: '332E', rate: '1' }, TODAY)).toBeUndefined();
    expect(retentionProblem({ tax: '1', code: '332E', rate: '2' }, TODAY)?.message).toBe(
      'must be 0 or 1 for code 332E',
    );
    expect(retentionProblem({ tax: '1', code: '505', rate: '8' }, TODAY)).toBeUndefined();
  });

  it('refuse a tax, a code and a date that do not go together', () => {
    expect(retentionProblem({ tax: '4', code: '312', rate: '2' }, TODAY)?.field).toBe('tax');
    expect(retentionProblem({ tax: '2', code: '312', rate: '2' }, TODAY)?.field).toBe('code');
    expect(retentionProblem({ tax: '1', code: '344', rate: '2' }, TODAY)?.message).toContain('344A');
    expect(retentionProblem({ tax: '6', code: '4586', rate: '2.5' }, '30/04/2025')?.field).toBe('code');
  });
});

describe('the catalogues of all types', () => {
  it.each<[string, readonly { code: string; since?: string; until?: string; taxType?: string }[]]>([
    ['retention', RETENTION_CODES],
    ['countries', COUNTRIES],
    ['ICE', ICE_CODES],
    ['support types', SUPPORT_TYPES],
    ['support documents', SUPPORT_DOCUMENTS],
    ['auxiliary codes', AUXILIARY_CODES],
  ])('have each code once a day: %s', (_, rows) => {
    const keys = rows.map(({ taxType = '', code, until = '' }) => `${taxType}/${code}/${until}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { since, until } of rows) if (since && until) expect(since < until).toBe(true);
  });
});
