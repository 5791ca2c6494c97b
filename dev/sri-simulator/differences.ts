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

/** The first difference that a list of checks finds. */
type Check = () => string | undefined;
const firstOf = (checks: Iterable<Check>): string | undefined => {
  for (const check of checks) {
    const difference = check();
    if (difference !== undefined) return difference;
  }
  return undefined;
};

const DIFFERENCES: Readonly<Record<string, (root: Element) => string | undefined>> = {
  factura: (root) => saleDifference(root, 'infoFactura', 'importeTotal'),
  liquidacionCompra: (root) => saleDifference(root, 'infoLiquidacionCompra', 'importeTotal'),
  notaCredito: (root) => saleDifference(root, 'infoNotaCredito', 'valorModificacion'),
  notaDebito: debitDifference,
  comprobanteRetencion: (root) =>
    firstOf(elementsOf(elementAt(root, 'docsSustento'), 'docSustento').map((one) => () => supportDifference(one))),
};

/** The first sum of a document that does not come out, for message 52; nothing when all do. */
export function difference(root: Element): string | undefined {
  return DIFFERENCES[root.localName]?.(root);
}

function saleDifference(root: Element, infoName: string, totalName: string): string | undefined {
  const info = elementAt(root, infoName);
  const lines = elementsOf(elementAt(root, 'detalles'), 'detalle');
  const taxes = elementsOf(elementAt(info, 'totalConImpuestos'), 'totalImpuesto');
  const lineTaxes = lines.flatMap((line) => elementsOf(elementAt(line, 'impuestos'), 'impuesto'));
  const net = numberAt(info, 'totalSinImpuestos');
  const refund = sumOf(taxes, 'valorDevolucionIva');
  const extras = EXTRAS.map((name) => numberAt(info, name));
  const expected = Decimal.sum(net, sumOf(taxes, 'valor'), ...extras).minus(refund);
  return firstOf([
    () => compare('totalSinImpuestos', 'la suma de los detalles', sumOf(lines, 'precioTotalSinImpuesto'), net),
    ...[...taxes, ...lineTaxes].map((tax) => () => taxDifference(tax, 'codigo', 'valor')),
    () => compare(totalName, 'la suma de sus partes', expected, numberAt(info, totalName)),
  ]);
}

function debitDifference(root: Element): string | undefined {
  const info = elementAt(root, 'infoNotaDebito');
  const reasons = elementsOf(elementAt(root, 'motivos'), 'motivo');
  const taxes = elementsOf(elementAt(info, 'impuestos'), 'impuesto');
  const net = numberAt(info, 'totalSinImpuestos');
  const expected = net.plus(sumOf(taxes, 'valor')).minus(sumOf(taxes, 'valorDevolucionIva'));
  return firstOf([
    () => compare('totalSinImpuestos', 'la suma de los motivos', sumOf(reasons, 'valor'), net),
    ...taxes.map((tax) => () => taxDifference(tax, 'codigo', 'valor')),
    () => compare('valorTotal', 'la suma de sus partes', expected, numberAt(info, 'valorTotal')),
  ]);
}

function supportDifference(support: Element): string | undefined {
  const taxes = elementsOf(elementAt(support, 'impuestosDocSustento'), 'impuestoDocSustento');
  const retentions = elementsOf(elementAt(support, 'retenciones'), 'retencion');
  const expected = numberAt(support, 'totalSinImpuestos').plus(sumOf(taxes, 'valorImpuesto'));
  return firstOf([
    ...taxes.map((tax) => () => taxDifference(tax, 'codImpuestoDocSustento', 'valorImpuesto')),
    () => compare('importeTotal', 'la suma de sus partes', expected, numberAt(support, 'importeTotal')),
    ...retentions.map((retention) => () => {
      const retained = numberAt(retention, 'baseImponible').times(numberAt(retention, 'porcentajeRetener'));
      return compare(
        'valorRetenido',
        'base por porcentaje',
        retained.dividedBy(100),
        numberAt(retention, 'valorRetenido'),
      );
    }),
  ]);
}

/** Base times rate; of ICE and IRBPNR only SRI knows whether the tariff is per cent or per unit. */
function taxDifference(tax: Element, taxName: string, valueName: string): string | undefined {
  if (textAt(tax, taxName) !== IVA) return undefined;
  const code = textAt(tax, 'codigoPorcentaje');
  const rate = IVA_RATES[code] ?? textAt(tax, 'tarifa');
  // The sums of a credit note do not tell the rate that a decree has set.
  if (rate === '') return undefined;
  const expected = numberAt(tax, 'baseImponible').times(rate).dividedBy(100);
  return compare(`el IVA de código ${code}`, 'base por tarifa', expected, numberAt(tax, valueName));
}

function compare(name: string, source: string, expected: Decimal, stated: Decimal): string | undefined {
  if (expected.minus(stated).abs().lessThanOrEqualTo(TOLERANCE)) return undefined;
  return `${name} (${stated.toFixed()}) no coincide con ${source} (${expected.toFixed()})`;
}

/** Zero where the element is missing. */
function numberAt(parent: Element | undefined, path: string): Decimal {
  return new Decimal(textAt(parent, path).trim() || '0');
}

function sumOf(elements: readonly Element[], path: string): Decimal {
  return Decimal.sum(0, ...elements.map((element) => numberAt(element, path)));
}
