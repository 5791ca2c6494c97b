import { elementsOf, parseXml, textAt } from './xml.ts';

/** What this program needs to know of a document, whatever its type. */
export interface TaxDocument {
  /** The exact text that was sent. */
  text: string;
  root: Element;
  accessKey: string;
  /** `1` tests, `2` production. */
  environment: string;
  ruc: string;
  documentType: string;
  /** What SRI allows once: RUC, type, establishment, point, sequential, environment. */
  number: string;
  /** dd/mm/yyyy; a guía de remisión has none outside its key. */
  issueDate?: string;
}

/** Document types by root element (ficha técnica 2.34, table 3). */
export const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  factura: '01',
  liquidacionCompra: '03',
  notaCredito: '04',
  notaDebito: '05',
  guiaRemision: '06',
  comprobanteRetencion: '07',
};

/** @throws BadXml */
export function readDocument(text: string): TaxDocument {
  const root = parseXml(text);
  const [header, details] = elementsOf(root);
  const field = (name: string) => textAt(header, name);
  const issueDate = textAt(details, 'fechaEmision');
  return {
    text,
    root,
    accessKey: field('claveAcceso'),
    environment: field('ambiente'),
    ruc: field('ruc'),
    documentType: field('codDoc'),
    number: ['ruc', 'codDoc', 'estab', 'ptoEmi', 'secuencial', 'ambiente'].map(field).join('-'),
    ...(issueDate !== '' && { issueDate }),
  };
}

/** The access key of bytes that need not be readable otherwise. */
export function accessKeyIn(bytes: Uint8Array): string | undefined {
  return /<claveAcceso>\s*(\d{49})\s*<\/claveAcceso>/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
}

/** Modulus 11 over the first 48 digits, weights 2 to 7 from the right (ficha técnica 2.34, access key). */
export function hasRightCheckDigit(accessKey: string): boolean {
  const digits = Array.from(accessKey, Number);
  const check = digits.pop();
  const weighted = digits.toReversed().map((digit, place) => digit * ((place % 6) + 2));
  const rest = 11 - (weighted.reduce((total, value) => total + value, 0) % 11);
  return check === (rest === 11 ? 0 : rest === 10 ? 1 : rest);
}

/** The first part of the key in which it differs from the document it stands in. */
export function keyMismatch({ accessKey, root, issueDate }: TaxDocument): string | undefined {
  const header = elementsOf(root)[0];
  const expected: [field: string, start: number, value: string][] = [
    ['codDoc', 8, textAt(header, 'codDoc')],
    ['ruc', 10, textAt(header, 'ruc')],
    ['ambiente', 23, textAt(header, 'ambiente')],
    ['estab', 24, textAt(header, 'estab')],
    ['ptoEmi', 27, textAt(header, 'ptoEmi')],
    ['secuencial', 30, textAt(header, 'secuencial')],
    ['tipoEmision', 47, textAt(header, 'tipoEmision')],
  ];
  if (issueDate !== undefined) expected.unshift(['fechaEmision', 0, issueDate.replaceAll('/', '')]);
  return expected.find(([, start, value]) => accessKey.slice(start, start + value.length) !== value)?.[0];
}
