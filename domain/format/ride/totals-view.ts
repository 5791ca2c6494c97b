import { IVA_RATES } from '../../model/catalogues.ts';
import { Decimal, sum } from '../../model/money.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { money, plain, textOf } from './fields.ts';
import type { TotalRow } from './view.ts';

/** IVA codes that have a name of their own; the others are called by their rate. */
const NAMED_IVA: Readonly<Record<string, string>> = { '0': '0%', '6': 'NO OBJETO DE IVA', '7': 'EXENTO DE IVA' };
/** Tourism's reduced rate (ficha técnica 2.34, anexo 2). */
const SPECIAL_RATE = '8';

interface IvaGroup {
  name: string;
  taxed: boolean;
  base: Decimal;
  amount: Decimal;
}

/**
 * The column of totals of a sale, or of a note about one. Subtotals are the taxable bases of the header, one row for each rate that is used: 0 %, no objeto
 * and exento are three different things.
 */
export function totalsOf(
  info: DocumentElement | undefined,
  {
    total: totalName = 'importeTotal',
    taxes = childrenOf(child(info, 'totalConImpuestos'), 'totalImpuesto'),
  }: { total?: string; taxes?: DocumentElement[] } = {},
): TotalRow[] {
  const iva = groupIva(taxes.filter((tax) => textOf(tax, 'codigo') === '2'));
  const taxRow = (label: string, code: string): TotalRow[] => {
    const rows = taxes.filter((tax) => textOf(tax, 'codigo') === code);
    return rows.length === 0 ? [] : [{ label, amount: totalOf(rows, 'valor').toFixed(2) }];
  };
  const total = textOf(info, totalName);
  return [
    ...iva.map(({ name, base }) => ({ label: `SUBTOTAL ${name}`, amount: base.toFixed(2) })),
    { label: 'SUBTOTAL SIN IMPUESTOS', amount: money(textOf(info, 'totalSinImpuestos')) },
    ...whenPresent(info, [['TOTAL DESCUENTO', 'totalDescuento']]),
    ...unlessZero('DESCUENTO ADICIONAL', totalOf(taxes, 'descuentoAdicional')),
    ...taxRow('ICE', '3'),
    ...iva
      .filter(({ taxed }) => taxed)
      .map(({ name, amount }) => ({ label: `IVA ${name}`, amount: amount.toFixed(2) })),
    ...unlessZero('TOTAL DEVOLUCIÓN IVA', totalOf(taxes, 'valorDevolucionIva')),
    ...taxRow('IRBPNR', '5'),
    ...whenPresent(info, [
      ['PROPINA', 'propina'],
      ['FLETE INTERNACIONAL', 'fleteInternacional'],
      ['SEGURO INTERNACIONAL', 'seguroInternacional'],
      ['GASTOS ADUANEROS', 'gastosAduaneros'],
      ['GASTOS TRANSPORTE OTROS', 'gastosTransporteOtros'],
    ]),
    { label: 'VALOR TOTAL', amount: money(total), kind: 'total' },
    ...notesOf(info, total).map((row) => ({ ...row, kind: 'note' as const })),
  ];
}

/** What stands below the total and does not change it. */
function notesOf(info: DocumentElement | undefined, total: string | undefined): TotalRow[] {
  const compensations = childrenOf(child(info, 'compensaciones'), 'compensacion');
  const subsidy = new Decimal(textOf(info, 'totalSubsidio') ?? 0);
  return [
    ...compensations.map((row) => ({
      label: `COMPENSACIÓN SOLIDARIA ${plain(textOf(row, 'tarifa') ?? '0')}%`,
      amount: money(textOf(row, 'valor')),
    })),
    ...(subsidy.isZero() ? [] : [{ label: 'VALOR TOTAL SIN SUBSIDIO', amount: subsidy.plus(total ?? 0).toFixed(2) }]),
    ...unlessZero('AHORRO POR SUBSIDIO', subsidy),
    ...whenPresent(info, [
      ['RETENCIÓN IVA PRESUNTIVO', 'valorRetIva'],
      ['RETENCIÓN RENTA PRESUNTIVO', 'valorRetRenta'],
    ]),
  ];
}

/** Taxed rates from high to low, then 0 %, no objeto, exento and the special rate, as SRI's form has them. */
function groupIva(taxes: readonly DocumentElement[]): IvaGroup[] {
  const groups = new Map<string, IvaGroup & { rank: number }>();
  for (const tax of taxes) {
    const code = textOf(tax, 'codigoPorcentaje') ?? '';
    const rate = textOf(tax, 'tarifa') ?? IVA_RATES.find((row) => row.code === code)?.rate;
    const name = NAMED_IVA[code] ?? ratedName(code, rate);
    const before = groups.get(name);
    groups.set(name, {
      name,
      taxed: !(code in NAMED_IVA),
      rank: code in NAMED_IVA || code === SPECIAL_RATE ? -Number(code) : 1 + Number(rate ?? 0),
      base: sum([before?.base ?? 0, textOf(tax, 'baseImponible') ?? 0]),
      amount: sum([before?.amount ?? 0, textOf(tax, 'valor') ?? 0]),
    });
  }
  return [...groups.values()].sort((a, b) => b.rank - a.rank);
}

function ratedName(code: string, rate: string | undefined): string {
  if (rate === undefined) return `CÓDIGO ${code}`;
  return code === SPECIAL_RATE ? `TARIFA ESPECIAL ${plain(rate)}%` : `${plain(rate)}%`;
}

function totalOf(taxes: readonly DocumentElement[], field: string): Decimal {
  return sum(taxes.map((tax) => textOf(tax, field) ?? 0));
}

function unlessZero(label: string, amount: Decimal): TotalRow[] {
  return amount.isZero() ? [] : [{ label, amount: amount.toFixed(2) }];
}

function whenPresent(
  info: DocumentElement | undefined,
  rows: readonly (readonly [label: string, field: string])[],
): TotalRow[] {
  return rows.flatMap(([label, field]) => {
    const text = textOf(info, field);
    return text === undefined ? [] : [{ label, amount: money(text) }];
  });
}
