import type { LineTax } from './document.ts';
import { Decimal, isDecimal } from './money.ts';
import { isoDateOf } from './tax-date.ts';

/** A row of a catalogue; `since` and `until` are YYYY-MM-DD, both included. Source: ficha técnica 2.34 unless said. */
export interface CatalogueRow {
  code: string;
  name: string;
  since?: string;
  until?: string;
}

/** Table 6. */
export const ID_TYPES: readonly CatalogueRow[] = [
  { code: '04', name: 'RUC' },
  { code: '05', name: 'Cédula' },
  { code: '06', name: 'Pasaporte' },
  { code: '07', name: 'Consumidor final' },
  { code: '08', name: 'Identificación del exterior' },
];

/** Table 24. */
export const PAYMENT_METHODS: readonly CatalogueRow[] = [
  { code: '01', name: 'Sin utilización del sistema financiero', since: '2013-01-01' },
  { code: '15', name: 'Compensación de deudas', since: '2013-01-01' },
  { code: '16', name: 'Tarjeta de débito', since: '2016-06-01' },
  { code: '17', name: 'Dinero electrónico', since: '2016-06-01' },
  { code: '18', name: 'Tarjeta prepago', since: '2016-06-01' },
  { code: '19', name: 'Tarjeta de crédito', since: '2016-06-01' },
  { code: '20', name: 'Otros con utilización del sistema financiero', since: '2016-06-01' },
  { code: '21', name: 'Endoso de títulos', since: '2016-06-01' },
];

export const TERM_UNITS: readonly CatalogueRow[] = [
  { code: 'dias', name: 'Días' },
  { code: 'meses', name: 'Meses' },
];

/** Table 16. */
export const TAX_TYPES: readonly CatalogueRow[] = [
  { code: '2', name: 'IVA' },
  { code: '3', name: 'ICE' },
  { code: '5', name: 'IRBPNR' },
];

/** Table 17: the code fixes the rate. */
export const IVA_RATES: readonly (CatalogueRow & { rate: string })[] = [
  { code: '0', name: 'IVA 0 %', rate: '0' },
  { code: '2', name: 'IVA 12 %', rate: '12', until: '2024-03-31' },
  { code: '3', name: 'IVA 14 %', rate: '14', since: '2016-06-01', until: '2017-05-31' },
  { code: '4', name: 'IVA 15 %', rate: '15', since: '2024-04-01' },
  { code: '5', name: 'IVA 5 %', rate: '5', since: '2024-03-01' },
  { code: '6', name: 'No objeto de IVA', rate: '0' },
  { code: '7', name: 'Exento de IVA', rate: '0' },
  { code: '8', name: 'IVA diferenciado', rate: '8', since: '2020-12-31' },
  { code: '10', name: 'IVA 13 %', rate: '13', since: '2024-04-01' },
];

/** The rows that hold on a tax date (DD/MM/YYYY). */
export function validOn<Row extends CatalogueRow>(rows: readonly Row[], taxDate: string): Row[] {
  const day = isoDateOf(taxDate);
  return rows.filter(
    ({ since, until }) => (since === undefined || since <= day) && (until === undefined || day <= until),
  );
}

/** `undefined`, or which codes are valid on that date. */
export function codeProblem(rows: readonly CatalogueRow[], code: string, taxDate: string): string | undefined {
  const valid = validOn(rows, taxDate);
  if (valid.some((row) => row.code === code)) return undefined;
  return `must be one of ${valid.map((row) => `${row.code} (${row.name})`).join(', ')}`;
}

/** Whether it fits SRI's `tarifa`: four significant digits, two of them decimals; 0.18, 15, 100 and 150 do. */
export function isRate(text: string): boolean {
  return isDecimal(text, 4, 2) && new Decimal(text).precision(true) <= 4;
}

/** What is wrong with a line's tax on that date: the field and a sentence. */
export function rateProblem(
  tax: LineTax,
  taxDate: string,
): { field: 'rateCode' | 'rate'; message: string } | undefined {
  if (tax.code !== '2') {
    // ICE and IRBPNR tariffs change with each resolution; their codes have up to four digits and carry the caller's rate.
    return /^\d{1,4}$/.test(tax.rateCode) ? undefined : { field: 'rateCode', message: 'must have 1 to 4 digits' };
  }
  const wrongCode = codeProblem(IVA_RATES, tax.rateCode, taxDate);
  if (wrongCode !== undefined) return { field: 'rateCode', message: wrongCode };
  const { rate } = IVA_RATES.find((row) => row.code === tax.rateCode)!;
  if (new Decimal(tax.rate).equals(rate)) return undefined;
  return { field: 'rate', message: `must be ${rate} for rate code ${tax.rateCode}` };
}
