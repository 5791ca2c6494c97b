import type {
  ComputedLine,
  ComputedTax,
  DocumentBody,
  DocumentTotals,
  IssuerSnapshot,
  Item,
  NameValue,
  Payment,
  SaleTotals,
} from '../model/document.ts';
import { Decimal, toMoney, toQuantity } from '../model/money.ts';
import { bare, each, group, type Rule, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';

/** The elements that several types share, in the order of SRI's schemas. */

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

/**
 * Writes a document of a type: infoTributaria, `content` in the order of its schema, infoAdicional. The string is
 * canonical XML, unsigned; encode it as UTF-8 and hash it as it stands.
 */
export function documentWriter<Body extends DocumentBody, Totals extends DocumentTotals>(
  { root, versions }: Pick<DocumentTypeRow, 'root' | 'versions'>,
  content: readonly Rule<WriteInput<Body, Totals>>[],
): (input: WriteInput<Body, Totals>) => string {
  const write = group<WriteInput<Body, Totals>>(
    root,
    [issuerInfo, ...content, group('infoAdicional', [each(additionalInfo, additionalField)])],
    { id: () => 'comprobante', version: ({ version }) => version },
  );
  return (input) => {
    if (!versions.includes(input.version)) {
      throw new Error(`there is no ${root} ${input.version}; these are written: ${versions.join(', ')}`);
    }
    return write(input);
  };
}

export const specialTaxpayer = text<WriteInput>('contribuyenteEspecial', ({ issuer }) => issuer.specialTaxpayer);

export const requiredAccounting = text<WriteInput>('obligadoContabilidad', ({ issuer }) =>
  issuer.requiredAccounting ? 'SI' : 'NO',
);

export const payments = group<{ body: { payments: readonly Payment[] } }>('pagos', [
  each(
    ({ body }) => body.payments,
    group<Payment>('pago', [
      text('formaPago', ({ method }) => method),
      text('total', ({ total }) => toMoney(total)),
      text('plazo', ({ term }) => term && new Decimal(term).toFixed()),
      text('unidadTiempo', ({ termUnit }) => termUnit),
    ]),
  ),
]);

/** The taxes of a line. */
export const lineTaxes = group<{ taxes: readonly ComputedTax[] }>('impuestos', [
  each(
    ({ taxes }) => taxes,
    group<ComputedTax>('impuesto', [
      text('codigo', (tax) => tax.code),
      text('codigoPorcentaje', (tax) => tax.rateCode),
      text('tarifa', (tax) => tax.rate),
      text('baseImponible', (tax) => tax.base),
      text('valor', (tax) => tax.amount),
    ]),
  ),
]);

export const additionalDetails = group<Pick<Item, 'additionalDetails'>>('detallesAdicionales', [
  each(
    (item) => item.additionalDetails ?? [],
    bare<NameValue>('detAdicional', { nombre: ({ name }) => name, valor: ({ value }) => value }),
  ),
]);

/** The taxes of a whole sale. */
export const saleTaxes = group<{ totals: SaleTotals }>('totalConImpuestos', [
  each(
    ({ totals }) => totals.taxes,
    group<ComputedTax>('totalImpuesto', [
      text('codigo', (tax) => tax.code),
      text('codigoPorcentaje', (tax) => tax.rateCode),
      text('baseImponible', (tax) => tax.base),
      text('tarifa', (tax) => tax.rate),
      text('valor', (tax) => tax.amount),
    ]),
  ),
]);

/** Lines as they are written: what was said of each, and what was computed of it. */
export function linesOf({ body, totals }: { body: { items: readonly Item[] }; totals: SaleTotals }) {
  return body.items.map((item, index) => ({ ...item, ...totals.lines[index]! }));
}

/** The lines of a sale. */
export const saleLines = group<{ body: { items: readonly Item[] }; totals: SaleTotals }>('detalles', [
  each(
    linesOf,
    group<Item & ComputedLine>('detalle', [
      text('codigoPrincipal', ({ mainCode }) => mainCode),
      text('codigoAuxiliar', ({ auxiliaryCode }) => auxiliaryCode),
      text('descripcion', ({ description }) => description),
      text('unidadMedida', ({ unit }) => unit),
      text('cantidad', ({ quantity }) => toQuantity(quantity)),
      text('precioUnitario', ({ unitPrice }) => toQuantity(unitPrice)),
      text('precioSinSubsidio', ({ unsubsidizedPrice }) => unsubsidizedPrice && toQuantity(unsubsidizedPrice)),
      text('descuento', ({ discount }) => discount),
      text('precioTotalSinImpuesto', ({ net }) => net),
      additionalDetails,
      lineTaxes,
    ]),
  ),
]);
