import { type CatalogueRow, codeProblem, validOn } from './catalogue.ts';
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
  /** Percentages that the code may have; more than one where a reform is not dated by any source at hand. */
  rates: readonly string[];
}

/**
 * Table 20 (IVA, ISD) of the ficha técnica, complete; of the income tax the codes of the transactional annex whose
 * percentage is known here. The annex has more, and they change by resolution: a code of the income tax that is not
 * here is taken with the percentage that it comes with.
 */
export const RETENTION_CODES: readonly RetentionCode[] = [
  { taxType: '1', code: '303', name: 'Honorarios profesionales', rates: ['10'] },
  { taxType: '1', code: '304', name: 'Servicios en que predomina el intelecto', rates: ['10', '8'] },
  { taxType: '1', code: '307', name: 'Servicios en que predomina la mano de obra', rates: ['3', '2'] },
  { taxType: '1', code: '309', name: 'Servicios de publicidad y comunicación', rates: ['3', '1.75', '2.75'] },
  { taxType: '1', code: '310', name: 'Transporte de pasajeros o de carga', rates: ['1'] },
  { taxType: '1', code: '312', name: 'Transferencia de bienes muebles', rates: ['2', '1.75'] },
  { taxType: '1', code: '320', name: 'Arrendamiento de bienes inmuebles', rates: ['10', '8'] },
  { taxType: '1', code: '322', name: 'Seguros y reaseguros', rates: ['2', '1.75'] },
  { taxType: '1', code: '332', name: 'Pagos que no están sujetos a retención', rates: ['0'] },
  { taxType: '1', code: '343', name: 'Otras retenciones del 1 %', rates: ['1'] },
  { taxType: '1', code: '3440', name: 'Otras retenciones', rates: ['3', '2.75'] },
  { taxType: '2', code: '9', name: 'Retención del 10 % del IVA', rates: ['10'] },
  { taxType: '2', code: '10', name: 'Retención del 20 % del IVA', rates: ['20'] },
  { taxType: '2', code: '1', name: 'Retención del 30 % del IVA', rates: ['30'] },
  { taxType: '2', code: '11', name: 'Retención del 50 % del IVA', rates: ['50'] },
  { taxType: '2', code: '2', name: 'Retención del 70 % del IVA', rates: ['70'] },
  { taxType: '2', code: '3', name: 'Retención del 100 % del IVA', rates: ['100'] },
  { taxType: '2', code: '7', name: 'Retención del 0 % del IVA', rates: ['0'] },
  { taxType: '2', code: '8', name: 'No procede retención de IVA', rates: ['0'] },
  { taxType: '6', code: '4580', name: 'ISD 5 %', rates: ['5'] },
  { taxType: '6', code: '4586', name: 'ISD 2.5 %', rates: ['2.5'], since: '2025-05-01' },
];

/** Ficha técnica 2.34, factura: what fuel and press retain in advance. */
export const PRESUMPTIVE_CODES: readonly (CatalogueRow & { rate: string })[] = [
  { code: '3', name: 'IVA presuntivo, 100 %', rate: '100' },
  { code: '327', name: 'Renta presuntiva, 0.20 %', rate: '0.2' },
  { code: '328', name: 'Renta presuntiva, 0.30 %', rate: '0.3' },
];

const INCOME_TAX = '1';

/** What is wrong with a retention's code or percentage on that date (DD/MM/YYYY): the field and a sentence. */
export function retentionProblem(
  { tax, code, rate }: { tax: string; code: string; rate: string },
  taxDate: string,
): { field: 'tax' | 'code' | 'rate'; message: string } | undefined {
  const wrongTax = codeProblem(RETENTION_TAXES, tax, taxDate);
  if (wrongTax !== undefined) return { field: 'tax', message: wrongTax };
  const ofTax = RETENTION_CODES.filter(({ taxType }) => taxType === tax);
  const row = validOn(ofTax, taxDate).find((entry) => entry.code === code);
  if (row === undefined) {
    if (tax !== INCOME_TAX) return { field: 'code', message: codeProblem(ofTax, code, taxDate)! };
    return /^\d{3,4}[A-Z]?$/.test(code)
      ? undefined
      : { field: 'code', message: 'must be a code of the transactional annex, such as 312 or 332B' };
  }
  if (row.rates.some((known) => new Decimal(known).equals(rate))) return undefined;
  return { field: 'rate', message: `must be ${row.rates.join(' or ')} for code ${code}` };
}
