import type { Authority } from './authorization.ts';
import {
  accessKeyIn,
  DOCUMENT_TYPES,
  hasRightCheckDigit,
  keyMismatch,
  readDocument,
  type TaxDocument,
} from './document.ts';
import { dayOf, guayaquilDay } from './guayaquil.ts';
import { type Message, messageOf } from './messages.ts';
import { type Schemas, VERSIONS } from './schema.ts';
import type { State } from './state.ts';
import { DOCTYPE, textAt } from './xml.ts';

/** One document, 320 kB (ficha técnica 2.34, size limits). */
const MAX_BYTES = 320 * 1024;

/** 129,600 minutes, as the text of message 65 says. */
const MAX_AGE_DAYS = 90;

export interface ReceptionParts {
  state: State;
  schemas: Schemas;
  authority: Authority;
  decisionDelayMs: number;
}

export interface Reception {
  accessKey?: string;
  /** Absent: RECIBIDA. */
  refusal?: Message;
}

/** A call of validarComprobante: checks in SRI's order, and what passes all of them is on record when this returns. */
export function receive(xml: Uint8Array, { state, schemas, authority, decisionDelayMs }: ReceptionParts): Reception {
  const receivedAt = Date.now();
  const accessKey = accessKeyIn(xml);
  const read = readable(xml, schemas);
  const refusal =
    'refusal' in read
      ? read.refusal
      : (registered(read.document, state, authority) ?? contentProblem(read.document, receivedAt));
  if (refusal === undefined && 'document' in read) {
    const { number, accessKey: key } = read.document;
    state.recordReception(key, { accessKey: key, number, xml, receivedAt, decideAt: receivedAt + decisionDelayMs });
  } else if (accessKey !== undefined) {
    state.recordReception(accessKey);
  }
  return { ...(accessKey !== undefined && { accessKey }), ...(refusal !== undefined && { refusal }) };
}

/** Size, well-formed XML, type and version, schema. */
function readable(xml: Uint8Array, schemas: Schemas): { document: TaxDocument } | { refusal: Message } {
  if (xml.length === 0) return { refusal: messageOf('49') };
  if (xml.length > MAX_BYTES) return { refusal: messageOf('26', `El archivo tiene ${xml.length} bytes`) };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(xml);
  } catch {
    return { refusal: notTheStructure('el archivo no está en UTF-8') };
  }
  const malformed = DOCTYPE.test(text) ? 'DOCTYPE is disallowed' : schemas.wellFormedProblem(xml);
  if (malformed !== undefined) return { refusal: notTheStructure(malformed) };
  const document = readDocument(text);
  const { root, documentType } = document;
  if (!Object.hasOwn(DOCUMENT_TYPES, root.localName))
    return { refusal: notTheStructure(`no se conoce '${root.localName}'`) };
  const version = root.getAttribute('version') ?? '';
  if (!VERSIONS[root.localName]?.includes(version)) return { refusal: messageOf('48', `${root.localName} ${version}`) };
  const problem =
    root.getAttribute('id') === 'comprobante' ? schemas.problem(xml, root) : `el atributo 'id' debe ser 'comprobante'`;
  if (problem !== undefined) return { refusal: notTheStructure(problem) };
  if (DOCUMENT_TYPES[root.localName] !== documentType)
    return { refusal: messageOf('47', `codDoc ${documentType} en ${root.localName}`) };
  return { document };
}

function notTheStructure(problem: string): Message {
  return messageOf('35', `Se encontró el siguiente error en la estructura del comprobante: ${problem}.`);
}

/** A key is taken for good once its document is authorized; a refused one may come back corrected. */
function registered({ accessKey, number }: TaxDocument, state: State, authority: Authority): Message | undefined {
  const stored = state.document(accessKey);
  if (stored !== undefined) {
    const decision = authority.decisionOf(stored);
    if (decision === undefined) return messageOf('70', `La clave de acceso ${accessKey} está en procesamiento`);
    if (decision.state === 'AUTORIZADO') return messageOf('43');
  }
  const other = state.keyOfNumber(number);
  return other === undefined || other === accessKey
    ? undefined
    : messageOf('45', `Registrado con la clave de acceso ${other}`);
}

function contentProblem(document: TaxDocument, receivedAt: number): Message | undefined {
  if (!hasRightCheckDigit(document.accessKey)) return messageOf('80', 'El dígito verificador no es correcto');
  const mismatch = keyMismatch(document);
  if (mismatch !== undefined) return messageOf('58', `La clave de acceso no coincide con ${mismatch}`);
  if (document.issueDate === undefined) return transportProblem(document);
  const day = dayOf(document.issueDate);
  if (day === undefined) return messageOf('67', `fechaEmision ${document.issueDate}`);
  const age = guayaquilDay(receivedAt) - day;
  if (age < 0) return messageOf('65', 'La fecha de emisión es posterior a la fecha del servidor');
  return age > MAX_AGE_DAYS
    ? messageOf('65', 'La fecha de emisión está fuera del rango de tolerancia [129600 minutos]')
    : undefined;
}

/** A guía has the day of its issue in its key alone, and goods leave no sooner. */
function transportProblem({ accessKey, root }: TaxDocument): Message | undefined {
  const start = dayOf(textAt(root, 'infoGuiaRemision/fechaIniTransporte'));
  const issued = dayOf(accessKey.slice(0, 8).replace(/(..)(..)/, '$1/$2/'));
  if (start !== undefined && issued !== undefined && start >= issued) return undefined;
  return messageOf('82', 'La fecha de inicio de transporte es anterior a la fecha de emisión');
}
