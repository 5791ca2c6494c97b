import { buildAccessKey } from '../../../../domain/model/access-key.ts';
import type { Environment } from '../../../../domain/model/document.ts';
import { Decimal, sum } from '../../../../domain/model/money.ts';

export interface SampleLine {
  code?: string;
  auxiliary?: string;
  description: string;
  unit?: string;
  quantity?: string;
  unitPrice?: string;
  discount?: string;
  net: string;
  /** Code of table 17; 4 is 15 %. */
  rateCode?: string;
  details?: Record<string, string>;
}

export interface Sample {
  environment?: Environment;
  lines: SampleLine[];
  /** Elements put in as they are, in place of or besides what the sample has. */
  tax?: string;
  info?: string;
  totals?: string;
  afterLines?: string;
  buyerName?: string;
  additionalInfo?: [name: string, value: string][];
  version?: string;
}

const RATES: Readonly<Record<string, string>> = { '0': '0', '4': '15', '5': '5', '6': '0', '7': '0', '8': '8' };

/** A factura as an issuer signs it, signature included as an element without meaning. */
export function facturaXml(sample: Sample): string {
  const taxes = Object.entries(Object.groupBy(sample.lines, ({ rateCode = '4' }) => rateCode)).map(
    ([code, lines = []]) => {
      const base = sum(lines.map(({ net }) => net));
      return { code, rate: RATES[code]!, base, amount: base.times(RATES[code]!).dividedBy(100).toFixed(2) };
    },
  );
  const subtotal = sum(sample.lines.map(({ net }) => net));
  const total = subtotal.plus(sum(taxes.map(({ amount }) => amount))).toFixed(2);
  return `<?xml version="1.0" encoding="UTF-8"?>
<factura id="comprobante" version="${sample.version ?? '2.1.0'}">${[
    element('infoTributaria', [
      element('ambiente', sample.environment === 'production' ? '2' : '1'),
      element('tipoEmision', '1'),
      element('razonSocial', text('COMERCIAL PEÑA & NÚÑEZ CÍA. LTDA.')),
      element('nombreComercial', text('La Esquina del Café')),
      element('ruc', '1790016919001'),
      element('claveAcceso', sampleKey(sample.environment)),
      element('codDoc', '01'),
      element('estab', '001'),
      element('ptoEmi', '001'),
      element('secuencial', '000000001'),
      element('dirMatriz', text('Av. Amazonas N34-451 y Av. Atahualpa, Edificio Bolívar, Quito')),
      sample.tax ?? '',
    ]),
    element('infoFactura', [
      element('fechaEmision', '25/11/2026'),
      element('dirEstablecimiento', text('Calle García Moreno 5-32 y Sucre, Cuenca')),
      element('obligadoContabilidad', 'SI'),
      element('tipoIdentificacionComprador', '05'),
      element('razonSocialComprador', text(sample.buyerName ?? 'Juan Pérez Ñandú')),
      element('identificacionComprador', '1710034065'),
      element('direccionComprador', text('Salinas N17-203 y Santiago, Quito')),
      element('totalSinImpuestos', subtotal.toFixed(2)),
      element('totalDescuento', sum(sample.lines.map(({ discount }) => discount ?? 0)).toFixed(2)),
      element('totalConImpuestos', [
        ...taxes.map(({ code, rate, base, amount }) => totalTax('2', code, rate, base.toFixed(2), amount)),
        sample.totals ?? '',
      ]),
      element('propina', '0.00'),
      element('importeTotal', total),
      element('moneda', 'DOLAR'),
      sample.info ??
        element('pagos', [
          element('pago', [
            element('formaPago', '20'),
            element('total', total),
            element('plazo', '30'),
            element('unidadTiempo', 'dias'),
          ]),
        ]),
    ]),
    element('detalles', sample.lines.map(lineElement)),
    sample.afterLines ?? '',
    element(
      'infoAdicional',
      (sample.additionalInfo ?? [['RUC Proveedor', '1790012345001']]).map(
        ([name, value]) => `<campoAdicional nombre="${text(name)}">${text(value)}</campoAdicional>`,
      ),
    ),
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>c2lnbmVk</ds:SignatureValue></ds:Signature>',
  ].join('')}</factura>`;
}

export function sampleKey(environment: Environment = 'sandbox'): string {
  return buildAccessKey({
    issueDate: '25/11/2026',
    documentType: '01',
    ruc: '1790016919001',
    environment,
    branchCode: '001',
    issuePointCode: '001',
    sequential: '000000001',
    numericCode: '12345678',
  });
}

const GOODS = [
  'Café tostado y molido, 500 g',
  'Azúcar morena orgánica',
  'Señalética «Salida»',
  'Servicio técnico a domicilio',
  'Pañales talla única',
  'Jabón líquido antibacterial 1 l',
];

/** So many different lines; each has its number in code and description. */
export function manyLines(count: number): SampleLine[] {
  return Array.from({ length: count }, (_, index) => {
    const quantity = new Decimal((index % 7) + 1);
    const unitPrice = new Decimal('1.25').plus(index);
    return {
      code: `ART-${String(index + 1).padStart(4, '0')}`,
      description: `${GOODS[index % GOODS.length]!} nº ${index + 1}`,
      quantity: quantity.toFixed(6),
      unitPrice: unitPrice.toFixed(6),
      net: quantity.times(unitPrice).toFixed(2),
    };
  });
}

export function totalTax(
  code: string,
  rateCode: string,
  rate: string | undefined,
  base: string,
  amount: string,
): string {
  return element('totalImpuesto', [
    element('codigo', code),
    element('codigoPorcentaje', rateCode),
    element('baseImponible', base),
    rate === undefined ? '' : element('tarifa', rate),
    element('valor', amount),
  ]);
}

export function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${typeof content === 'string' ? content : content.join('')}</${name}>`;
}

function lineElement(line: SampleLine): string {
  const { rateCode = '4' } = line;
  return element('detalle', [
    line.code === undefined ? '' : element('codigoPrincipal', text(line.code)),
    line.auxiliary === undefined ? '' : element('codigoAuxiliar', text(line.auxiliary)),
    element('descripcion', text(line.description)),
    line.unit === undefined ? '' : element('unidadMedida', text(line.unit)),
    element('cantidad', line.quantity ?? '1.000000'),
    element('precioUnitario', line.unitPrice ?? line.net),
    element('descuento', line.discount ?? '0.00'),
    element('precioTotalSinImpuesto', line.net),
    line.details === undefined
      ? ''
      : element(
          'detallesAdicionales',
          Object.entries(line.details).map(
            ([name, value]) => `<detAdicional nombre="${text(name)}" valor="${text(value)}"/>`,
          ),
        ),
    element('impuestos', [
      element('impuesto', [
        element('codigo', '2'),
        element('codigoPorcentaje', rateCode),
        element('tarifa', RATES[rateCode]!),
        element('baseImponible', line.net),
        element('valor', '0.00'),
      ]),
    ]),
  ]);
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
