import type { ComputedLine, ComputedTax, IssuerSnapshot, Item, NameValue, Payment } from '../model/document.ts';
import { Decimal, toMoney, toQuantity } from '../model/money.ts';
import { bare, each, group, text } from './canonical-xml.ts';
import type { WriteInput } from './document-types.ts';

/** Ficha técnica 2.34, anexo 22. */
const RIMPE: Record<NonNullable<IssuerSnapshot['rimpe']>, string> = {
  EMPRENDEDOR: 'CONTRIBUYENTE RÉGIMEN RIMPE',
  NEGOCIO_POPULAR: 'CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE',
};

const issuerInfo = group<WriteInput>('infoTributaria', [
  text('ambiente', ({ head }) => (head.environment === 'production' ? '2' : '1')),
  text('tipoEmision', () => '1'),
  text('razonSocial', ({ issuer }) => issuer.businessName),
  text('nombreComercial', ({ issuer }) => issuer.tradeName),
  text('ruc', ({ issuer }) => issuer.ruc),
  text('claveAcceso', ({ head }) => head.accessKey),
  text('codDoc', ({ head }) => head.documentType),
  text('estab', ({ issuer }) => issuer.branchCode),
  text('ptoEmi', ({ issuer }) => issuer.issuePointCode),
  text('secuencial', ({ head }) => head.sequential),
  text('dirMatriz', ({ issuer }) => issuer.mainAddress),
  text('agenteRetencion', ({ issuer }) => issuer.withholdingAgent),
  text('contribuyenteRimpe', ({ issuer }) => issuer.rimpe && RIMPE[issuer.rimpe]),
]);

const totalTax = group<ComputedTax>('totalImpuesto', [
  text('codigo', (tax) => tax.code),
  text('codigoPorcentaje', (tax) => tax.rateCode),
  text('baseImponible', (tax) => tax.base),
  text('tarifa', (tax) => tax.rate),
  text('valor', (tax) => tax.amount),
]);

const payment = group<Payment>('pago', [
  text('formaPago', ({ method }) => method),
  text('total', ({ total }) => toMoney(total)),
  text('plazo', ({ term }) => term && new Decimal(term).toFixed()),
  text('unidadTiempo', ({ termUnit }) => termUnit),
]);

const saleInfo = group<WriteInput>('infoFactura', [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  text('contribuyenteEspecial', ({ issuer }) => issuer.specialTaxpayer),
  text('obligadoContabilidad', ({ issuer }) => (issuer.requiredAccounting ? 'SI' : 'NO')),
  text('tipoIdentificacionComprador', ({ body }) => body.buyer.idType),
  text('guiaRemision', ({ body }) => body.guiaRemision),
  text('razonSocialComprador', ({ body }) => body.buyer.name),
  text('identificacionComprador', ({ body }) => body.buyer.id),
  text('direccionComprador', ({ body }) => body.buyer.address),
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  text('totalDescuento', ({ totals }) => totals.discount),
  group('totalConImpuestos', [each(({ totals }) => totals.taxes, totalTax)]),
  text('propina', ({ totals }) => totals.tip),
  text('importeTotal', ({ totals }) => totals.total),
  text('moneda', () => 'DOLAR'),
  group('pagos', [each(({ body }) => body.payments, payment)]),
]);

const lineTax = group<ComputedTax>('impuesto', [
  text('codigo', (tax) => tax.code),
  text('codigoPorcentaje', (tax) => tax.rateCode),
  text('tarifa', (tax) => tax.rate),
  text('baseImponible', (tax) => tax.base),
  text('valor', (tax) => tax.amount),
]);

const detail = bare<NameValue>('detAdicional', { nombre: ({ name }) => name, valor: ({ value }) => value });

const line = group<{ item: Item; computed: ComputedLine }>('detalle', [
  text('codigoPrincipal', ({ item }) => item.mainCode),
  text('codigoAuxiliar', ({ item }) => item.auxiliaryCode),
  text('descripcion', ({ item }) => item.description),
  text('unidadMedida', ({ item }) => item.unit),
  text('cantidad', ({ item }) => toQuantity(item.quantity)),
  text('precioUnitario', ({ item }) => toQuantity(item.unitPrice)),
  text('descuento', ({ computed }) => computed.discount),
  text('precioTotalSinImpuesto', ({ computed }) => computed.net),
  group('detallesAdicionales', [each(({ item }) => item.additionalDetails ?? [], detail)]),
  group('impuestos', [each(({ computed }) => computed.taxes, lineTax)]),
]);

const additionalField = text<NameValue>('campoAdicional', ({ value }) => value, { nombre: ({ name }) => name });

/** The caller's fields, then those that the law asks for; their names are literal. */
function additionalInfo({ body, issuer, providerRuc }: WriteInput): NameValue[] {
  const fields = [...(body.additionalInfo ?? [])];
  // Ficha técnica 2.34, anexo 26: the RUC of whoever issues on behalf of others.
  if (providerRuc !== undefined) fields.push({ name: 'RUC Proveedor', value: providerRuc });
  // Ficha técnica 2.34, anexo 24: the number of the resolution.
  if (issuer.largeTaxpayer !== undefined) fields.push({ name: 'Gran Contribuyente', value: issuer.largeTaxpayer });
  return fields;
}

/** The order of SRI's schema. What a FacturaBody can say reads alike in 1.1.0 and 2.1.0: one table writes both. */
const factura = group<WriteInput>(
  'factura',
  [
    issuerInfo,
    saleInfo,
    group('detalles', [
      each(({ body, totals }) => body.items.map((item, index) => ({ item, computed: totals.lines[index]! })), line),
    ]),
    group('infoAdicional', [each(additionalInfo, additionalField)]),
  ],
  { id: () => 'comprobante', version: ({ version }) => version },
);

export const facturaVersions = ['2.1.0', '1.1.0'] as const;

/**
 * The factura as canonical XML, unsigned; encode it as UTF-8 and hash it as it stands. `body` has passed `checkFactura`
 * and `totals` are its own. The buyer's e-mail is not written: the schema has no place for it.
 * @throws when `version` is none of {@link facturaVersions}.
 */
export function writeFactura(input: WriteInput): string {
  if (!facturaVersions.some((version) => version === input.version)) {
    throw new Error(`there is no factura ${input.version}; these are written: ${facturaVersions.join(', ')}`);
  }
  return factura(input);
}
