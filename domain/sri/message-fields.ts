import type { DocumentType } from '../model/document.ts';
import type { SriMessage } from './answers.ts';
import { canonical } from './error-catalogue.ts';

/** Elements of SRI's schemas → the caller's JSON. */
type Paths = Readonly<Record<string, string>>;

const STRUCTURE = '35';
const DIFFERENCES = '52';

const DEBIT_NOTE = '05';
const GUIA = '06';
const RETENCION = '07';

const PARTIES: Readonly<Record<DocumentType, string>> = {
  '01': 'buyer',
  '03': 'supplier',
  '04': 'buyer',
  [DEBIT_NOTE]: 'buyer',
  [GUIA]: 'carrier',
  [RETENCION]: 'subject',
};

/** By message number, where the number and the type alone tell. */
const FIELDS: Readonly<Record<string, (documentType: DocumentType) => string | undefined>> = {
  59: ofParty,
  62: ofParty,
  64: (type) => ofSupport(type, 'documentType'),
  65: () => 'issueDate',
  68: (type) => ofSupport(type, 'number'),
  69: ofParty,
  82: () => 'startDate',
};

/** Where in the JSON of such a document to look; empty where the message does not tell. */
export function fieldsOf({ identifier, additionalInfo = '' }: SriMessage, documentType: DocumentType): string[] {
  const number = canonical(identifier);
  if (number === STRUCTURE) return named(additionalInfo, ELEMENTS[documentType] ?? SALE);
  if (number === DIFFERENCES) return differing(additionalInfo, documentType);
  const field = FIELDS[number]?.(documentType);
  return field === undefined ? [] : [field];
}

function ofParty(documentType: DocumentType): string {
  return `${PARTIES[documentType]}.id`;
}

/** Notes say it by the key of the document as well: theirs is the whole of `modifies`. */
function ofSupport(documentType: DocumentType, name: string): string | undefined {
  if (documentType === RETENCION) return `supportDocuments[].${name}`;
  if (documentType === GUIA) return `recipients[].support.${name}`;
  return documentType === '04' || documentType === DEBIT_NOTE ? 'modifies' : undefined;
}

/** Of all types. */
const COMMON: Paths = {
  fechaEmision: 'issueDate',
  infoAdicional: 'additionalInfo',
  campoAdicional: 'additionalInfo',
};

const reimbursed = (path: string): Paths => ({
  tipoIdentificacionProveedorReembolso: `${path}.supplier.idType`,
  identificacionProveedorReembolso: `${path}.supplier.id`,
  codPaisPagoProveedorReembolso: `${path}.supplier.country`,
  tipoProveedorReembolso: `${path}.supplier.type`,
  codDocReembolso: `${path}.documentType`,
  estabDocReembolso: `${path}.number`,
  ptoEmiDocReembolso: `${path}.number`,
  secuencialDocReembolso: `${path}.number`,
  fechaEmisionDocReembolso: `${path}.issueDate`,
  numeroautorizacionDocReemb: `${path}.authorization`,
  numeroAutorizacionDocReemb: `${path}.authorization`,
  tarifaReembolso: `${path}.taxes[].rate`,
  baseImponibleReembolso: `${path}.taxes[].taxableBase`,
  impuestoReembolso: `${path}.taxes[].taxAmount`,
});

const SALE: Paths = {
  ...COMMON,
  ...reimbursed('reimbursements[]'),
  tipoIdentificacionComprador: 'buyer.idType',
  identificacionComprador: 'buyer.id',
  razonSocialComprador: 'buyer.name',
  direccionComprador: 'buyer.address',
  tipoIdentificacionProveedor: 'supplier.idType',
  identificacionProveedor: 'supplier.id',
  razonSocialProveedor: 'supplier.name',
  direccionProveedor: 'supplier.address',
  codDocModificado: 'modifies',
  numDocModificado: 'modifies',
  motivo: 'reason',
  guiaRemision: 'guiaRemision',
  detalles: 'items',
  codigoPrincipal: 'items[].mainCode',
  codigoInterno: 'items[].mainCode',
  codigoAuxiliar: 'items[].auxiliaryCode',
  codigoAdicional: 'items[].auxiliaryCode',
  descripcion: 'items[].description',
  unidadMedida: 'items[].unit',
  cantidad: 'items[].quantity',
  precioUnitario: 'items[].unitPrice',
  descuento: 'items[].discount',
  impuestos: 'items[].taxes',
  codigoPorcentaje: 'items[].taxes[].rateCode',
  tarifa: 'items[].taxes[].rate',
  baseImponible: 'items[].taxes[].taxableBase',
  detAdicional: 'items[].additionalDetails',
  pagos: 'payments',
  formaPago: 'payments[].method',
  plazo: 'payments[].term',
  unidadTiempo: 'payments[].termUnit',
  propina: 'tip',
  totalSinImpuestos: 'totals.subtotal',
  totalDescuento: 'totals.discount',
  importeTotal: 'totals.total',
};

/** The types that have little or no lines in common with a sale. */
const ELEMENTS: Readonly<Partial<Record<DocumentType, Paths>>> = {
  [DEBIT_NOTE]: {
    ...COMMON,
    tipoIdentificacionComprador: 'buyer.idType',
    identificacionComprador: 'buyer.id',
    razonSocialComprador: 'buyer.name',
    codDocModificado: 'modifies',
    numDocModificado: 'modifies',
    fechaEmisionDocSustento: 'modifies',
    motivos: 'reasons',
    razon: 'reasons[].reason',
    valor: 'reasons[].amount',
    impuestos: 'taxes',
    codigoPorcentaje: 'taxes[].rateCode',
    tarifa: 'taxes[].rate',
    baseImponible: 'taxes[].taxableBase',
    pagos: 'payments',
    formaPago: 'payments[].method',
    plazo: 'payments[].term',
    unidadTiempo: 'payments[].termUnit',
    totalSinImpuestos: 'totals.subtotal',
    valorTotal: 'totals.total',
  },
  [GUIA]: {
    ...COMMON,
    razonSocialTransportista: 'carrier.name',
    tipoIdentificacionTransportista: 'carrier.idType',
    rucTransportista: 'carrier.id',
    dirPartida: 'startAddress',
    fechaIniTransporte: 'startDate',
    fechaFinTransporte: 'endDate',
    placa: 'plate',
    destinatarios: 'recipients',
    identificacionDestinatario: 'recipients[].id',
    razonSocialDestinatario: 'recipients[].name',
    dirDestinatario: 'recipients[].address',
    motivoTraslado: 'recipients[].reason',
    docAduaneroUnico: 'recipients[].customsDocument',
    codEstabDestino: 'recipients[].branchCode',
    ruta: 'recipients[].route',
    codDocSustento: 'recipients[].support.documentType',
    numDocSustento: 'recipients[].support.number',
    numAutDocSustento: 'recipients[].support.authorization',
    fechaEmisionDocSustento: 'recipients[].support.issueDate',
    detalles: 'recipients[].items',
    codigoInterno: 'recipients[].items[].mainCode',
    codigoAdicional: 'recipients[].items[].auxiliaryCode',
    descripcion: 'recipients[].items[].description',
    cantidad: 'recipients[].items[].quantity',
    detAdicional: 'recipients[].items[].additionalDetails',
  },
  [RETENCION]: {
    ...COMMON,
    ...reimbursed('supportDocuments[].reimbursements[]'),
    tipoIdentificacionSujetoRetenido: 'subject.idType',
    tipoSujetoRetenido: 'subjectType',
    parteRel: 'relatedParty',
    razonSocialSujetoRetenido: 'subject.name',
    identificacionSujetoRetenido: 'subject.id',
    periodoFiscal: 'fiscalPeriod',
    docsSustento: 'supportDocuments',
    codSustento: 'supportDocuments[].supportType',
    codDocSustento: 'supportDocuments[].documentType',
    numDocSustento: 'supportDocuments[].number',
    fechaEmisionDocSustento: 'supportDocuments[].issueDate',
    fechaRegistroContable: 'supportDocuments[].accountingDate',
    numAutDocSustento: 'supportDocuments[].authorization',
    pagoLocExt: 'supportDocuments[].foreignPayment',
    tipoRegi: 'supportDocuments[].foreignPayment.regime',
    paisEfecPago: 'supportDocuments[].foreignPayment.country',
    aplicConvDobTrib: 'supportDocuments[].foreignPayment.treaty',
    pagExtSujRetNorLeg: 'supportDocuments[].foreignPayment.subjectToWithholding',
    pagoRegFis: 'supportDocuments[].foreignPayment.preferentialRegime',
    totalSinImpuestos: 'supportDocuments[].subtotal',
    impuestosDocSustento: 'supportDocuments[].taxes',
    codImpuestoDocSustento: 'supportDocuments[].taxes[].code',
    codigoPorcentaje: 'supportDocuments[].taxes[].rateCode',
    tarifa: 'supportDocuments[].taxes[].rate',
    valorImpuesto: 'supportDocuments[].taxes[].taxAmount',
    retenciones: 'supportDocuments[].retentions',
    codigoRetencion: 'supportDocuments[].retentions[].code',
    porcentajeRetener: 'supportDocuments[].retentions[].rate',
    valorRetenido: 'supportDocuments[].retentions[].amount',
    dividendos: 'supportDocuments[].retentions[].dividend',
    compraCajBanano: 'supportDocuments[].retentions[].bananas',
    pagos: 'supportDocuments[].payments',
    formaPago: 'supportDocuments[].payments[].method',
  },
};

/** The elements that SRI's validator names, as in `#AnonType_direccionComprador` or `element 'detalles'`. */
function named(text: string, elements: Paths): string[] {
  const words = text.match(/[A-Za-z]+/g) ?? [];
  return unique(words.flatMap((word) => (Object.hasOwn(elements, word) ? [elements[word]!] : [])));
}

const SUMS: readonly (readonly [RegExp, string])[] = [
  [/descuento/i, 'items[].discount'],
  [/\b(iva|ice|irbpnr|impuestos?|tarifa|base)\b/i, 'items[].taxes'],
  [/\b(pagos?|formas? de pago)\b/i, 'payments'],
  [/propina/i, 'tip'],
  [/total/i, 'totals'],
];

const DEBIT_SUMS: typeof SUMS = [
  [/\b(iva|ice|irbpnr|impuestos?|tarifa|base)\b/i, 'taxes'],
  [/\b(pagos?|formas? de pago)\b/i, 'payments'],
  [/total/i, 'totals'],
];

const RETENTION_SUMS: typeof SUMS = [
  [/reten/i, 'supportDocuments[].retentions'],
  [/\b(pagos?|formas? de pago)\b/i, 'supportDocuments[].payments'],
];

/** Which sums differ; the lines, when SRI does not say. */
function differing(text: string, documentType: DocumentType): string[] {
  const [sums, lines] = sumsOf(documentType);
  const fields = sums.flatMap(([pattern, field]) => (pattern.test(text) ? [field] : []));
  return fields.length === 0 ? [lines] : fields;
}

function sumsOf(documentType: DocumentType): [typeof SUMS, string] {
  if (documentType === RETENCION) return [RETENTION_SUMS, 'supportDocuments'];
  return documentType === DEBIT_NOTE ? [DEBIT_SUMS, 'reasons'] : [SUMS, 'items'];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
