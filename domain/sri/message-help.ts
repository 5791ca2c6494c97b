import type { SriMessage } from './answers.ts';
import { canonical, explain, type Language, type Next } from './error-catalogue.ts';

/** What a caller can do about one message. */
export interface MessageHelp {
  cause: string;
  remedy: string;
  next: Next;
  /** Where in the JSON to look; empty where the message does not tell. */
  fields: string[];
}

/** Cause, remedy and place of what SRI said; nothing for numbers that its table does not list. */
export function helpFor(message: SriMessage, language: Language): MessageHelp | undefined {
  const explanation = explain(message.identifier, language);
  if (explanation === undefined) return undefined;
  const { cause, remedy, next } = explanation;
  return { cause, remedy, next, fields: fieldsOf(message) };
}

/** The messages with the help that there is for each. */
export function withHelp<Message extends SriMessage>(
  messages: readonly Message[],
  language: Language,
): (Message & { help?: MessageHelp })[] {
  return messages.map((message) => {
    const help = helpFor(message, language);
    return help === undefined ? message : { ...message, help };
  });
}

const STRUCTURE = '35';
const DIFFERENCES = '52';

/** By message number, where the number alone tells. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  59: ['buyer.id'],
  62: ['buyer.id'],
  65: ['issueDate'],
  69: ['buyer.id'],
};

function fieldsOf({ identifier, additionalInfo = '' }: SriMessage): string[] {
  const number = canonical(identifier);
  if (number === STRUCTURE) return named(additionalInfo);
  if (number === DIFFERENCES) return differing(additionalInfo);
  return [...(FIELDS[number] ?? [])];
}

/**
 * Elements of SRI's schemas → the caller's JSON. What a reimbursement, a retención or a guía has of its own is
 * not here yet: for those SRI's text has to do.
 */
const ELEMENTS: Readonly<Record<string, string>> = {
  fechaEmision: 'issueDate',
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
  infoAdicional: 'additionalInfo',
  campoAdicional: 'additionalInfo',
};

/** The elements that SRI's validator names, as in `#AnonType_direccionComprador` or `element 'detalles'`. */
function named(text: string): string[] {
  const words = text.match(/[A-Za-z]+/g) ?? [];
  return unique(words.flatMap((word) => (Object.hasOwn(ELEMENTS, word) ? [ELEMENTS[word]!] : [])));
}

const SUMS: readonly (readonly [RegExp, string])[] = [
  [/descuento/i, 'items[].discount'],
  [/\b(iva|ice|irbpnr|impuestos?|tarifa|base)\b/i, 'items[].taxes'],
  [/\b(pagos?|formas? de pago)\b/i, 'payments'],
  [/propina/i, 'tip'],
  [/total/i, 'totals'],
];

/** Which sums differ; the lines, when SRI does not say. */
function differing(text: string): string[] {
  const fields = SUMS.flatMap(([pattern, field]) => (pattern.test(text) ? [field] : []));
  return fields.length === 0 ? ['items'] : fields;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
