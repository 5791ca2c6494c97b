import { Decimal } from 'decimal.js';
import { elementAt, elementsOf, textAt } from './xml.ts';

/** What SRI lets pass; no official number is known, one cent is what authorised documents show (sri.md §2). */
const TOLERANCE = new Decimal('0.01');

/** IVA by `codigoPorcentaje` (ficha técnica 2.34, table 17); 8 is set by decree, so its own `tarifa` counts. */
const IVA_RATES: Readonly<Record<string, string>> = {
  0: '0',
  2: '12',
  3: '14',
  4: '15',
  5: '5',
  6: '0',
  7: '0',
  10: '13',
};
const IVA = '2';

/** Additions to the total besides taxes; all but the tip belong to exports. */
const EXTRAS = ['propina', 'fleteInternacional', 'seguroInternacional', 'gastosAduaneros', 'gastosTransporteOtros'];

/** The first sum of a factura that does not come out, for message 52; nothing when all do. */
export function facturaDifference(root: Element): string | undefined {
  const info = elementAt(root, 'infoFactura');
  const lines = elementsOf(elementAt(root, 'detalles'), 'detalle');
  const taxes = elementsOf(elementAt(info, 'totalConImpuestos'), 'totalImpuesto');
  const net = numberAt(info, 'totalSinImpuestos');

  const lineSum = sumOf(lines.map((line) => numberAt(line, 'precioTotalSinImpuesto')));
  if (differ(lineSum, net))
    return `La suma de los detalles (${lineSum.toFixed()}) no coincide con totalSinImpuestos (${net.toFixed()})`;

  for (const tax of [...taxes, ...lines.flatMap((line) => elementsOf(elementAt(line, 'impuestos'), 'impuesto'))]) {
    const problem = taxDifference(tax);
    if (problem !== undefined) return problem;
  }

  const refund = sumOf(taxes.map((tax) => numberAt(tax, 'valorDevolucionIva')));
  const parts = [net, ...taxes.map((tax) => numberAt(tax, 'valor')), ...EXTRAS.map((name) => numberAt(info, name))];
  const expected = sumOf(parts).minus(refund);
  const total = numberAt(info, 'importeTotal');
  if (!differ(expected, total)) return undefined;
  return `importeTotal (${total.toFixed()}) no coincide con la suma de sus partes (${expected.toFixed()})`;
}

/** Base times rate; of ICE and IRBPNR only SRI knows whether the tariff is per cent or per unit. */
function taxDifference(tax: Element): string | undefined {
  const code = textAt(tax, 'codigoPorcentaje');
  if (textAt(tax, 'codigo') !== IVA) return undefined;
  const rate = new Decimal(IVA_RATES[code] ?? (textAt(tax, 'tarifa') || '0'));
  const expected = numberAt(tax, 'baseImponible').times(rate).dividedBy(100);
  const value = numberAt(tax, 'valor');
  if (!differ(expected, value)) return undefined;
  return `El valor del IVA (${value.toFixed()}) no es base por tarifa (${expected.toFixed()}), código ${code}`;
}

function differ(expected: Decimal, stated: Decimal): boolean {
  return expected.minus(stated).abs().greaterThan(TOLERANCE);
}

/** Zero where the element is missing. */
function numberAt(parent: Element | undefined, path: string): Decimal {
  return new Decimal(textAt(parent, path).trim() || '0');
}

function sumOf(values: Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal(0));
}
