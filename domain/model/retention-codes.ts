import { type CatalogueRow, codeProblem, validOn } from './catalogue.ts';
import { INCOME_TAX_CODES } from './income-tax-codes.ts';
import { Decimal } from './money.ts';

/** Table 19 of the ficha técnica. */
export const RETENTION_TAXES: readonly CatalogueRow[] = [
  { code: '1', name: 'Impuesto a la renta' },
  { code: '2', name: 'IVA' },
  { code: '6', name: 'ISD' },
];

export interface RetentionCode extends CatalogueRow {
  /** Of `RETENTION_TAXES`. */
  taxType: string;
  /** Percentages that the code may have; none where the catalogue leaves them to treaties, laws or the taxpayer. */
  rates: readonly string[];
}

const INCOME_TAX = '1';

/** Table 20 of the ficha técnica (IVA, ISD), and for the income tax the transactional annex, which it refers to. */
export const RETENTION_CODES: readonly RetentionCode[] = [
  ...INCOME_TAX_CODES.map((row) => ({ ...row, taxType: INCOME_TAX })),
  { taxType: '2', code: '9', name: 'Retención del 10 % del IVA', rates: ['10'] },
  { taxType: '2', code: '10', name: 'Retención del 20 % del IVA', rates: ['20'] },
  { taxType: '2', code: '1', name: 'Retención del 30 % del IVA', rates: ['30'] },
  { taxType: '2', code: '11', name: 'Retención del 50 % del IVA', rates: ['50'] },
  { taxType: '2', code: '2', name: 'Retención del 70 % del IVA', rates: ['70'] },
  { taxType: '2', code: '3', name: 'Retención del 100 % del IVA', rates: ['100'] },
  { taxType: '2', code: '7', name: 'Retención del 0 % del IVA', rates: ['0'] },
  { taxType: '2', code: '8', name: 'No procede retención de IVA', rates: ['0'] },
  { taxType: '6', code: '4580', name: 'ISD 5 %', rates: ['5'], since: '2024-04-01' },
  { taxType: '6', code: '4586', name: 'ISD 2.5 %', rates: ['2.5'], since: '2025-05-01' },
];

/** Ficha técnica 2.34, factura: what fuel and press retain in advance. */
export const PRESUMPTIVE_CODES: readonly (CatalogueRow & { rate: string })[] = [
  { code: '3', name: 'IVA presuntivo, 100 %', rate: '100' },
  { code: '327', name: 'Renta presuntiva, 0.20 %', rate: '0.2' },
  { code: '328', name: 'Renta presuntiva, 0.30 %', rate: '0.3' },
];

/** What is wrong with a retention's code or percentage on that date (DD/MM/YYYY): the field and a sentence. */
export function retentionProblem(
  { tax, code, rate }: { tax: string; code: string; rate: string },
  taxDate: string,
): { field: 'tax' | 'code' | 'rate'; message: string } | undefined {
  const wrongTax = codeProblem(RETENTION_TAXES, tax, taxDate);
  if (wrongTax !== undefined) return { field: 'tax', message: wrongTax };
  const ofTax = RETENTION_CODES.filter(({ taxType }) => taxType === tax);
  const row = validOn(ofTax, taxDate).find((entry) => entry.code === code);
  if (row === undefined) return { field: 'code', message: codeProblem(ofTax, code, taxDate)! };
  if (row.rates.length === 0 || row.rates.some((known) => new Decimal(known).equals(rate))) return undefined;
  return { field: 'rate', message: `must be ${row.rates.join(' or ')} for code ${code}` };
}
