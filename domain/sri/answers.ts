import { SriUnavailable } from './unavailable.ts';
import {
  child,
  childrenOf,
  decodeXml,
  MAX_XML_BYTES,
  NOT_XML,
  readXmlTree,
  type XmlElement,
  XmlRefused,
} from './xml-tree.ts';

/** One message of SRI, as given; `identifier` is the key of the error catalogue. */
export interface SriMessage {
  identifier: string;
  message: string;
  additionalInfo?: string;
  /** `ERROR`, `ADVERTENCIA`, `INFORMATIVO`, as given. */
  type: string;
}

/** What reception said of one document. */
export interface ReceptionAnswer {
  state: 'RECIBIDA' | 'DEVUELTA';
  /** As given; absent from RECIBIDA, and no key at all when SRI could not read the document. */
  accessKey?: string;
  messages: SriMessage[];
}

/** One `<autorizacion>` of an answer, or of a delivered file. */
export interface Authorization {
  /** `AUTORIZADO`, `NO AUTORIZADO`, or another word, spaces and underscores made one space. */
  state: string;
  number?: string;
  /** Text as given, usually ISO 8601 with −05:00. */
  date?: string;
  /** Text as given; its accent may arrive broken, so nothing may depend on it. */
  environment?: string;
  /** The exact text of `<comprobante>`; absent when there is none or when its exact text cannot be told. */
  document?: string;
  messages: SriMessage[];
}

/** What the authorization service knows of one access key. */
export interface AuthorizationAnswer {
  /** The key SRI was asked about, as it repeats it. */
  accessKey?: string;
  /** Empty while SRI has not decided, and equally for keys it does not know or no longer shows (over a month old). */
  authorizations: Authorization[];
}

export interface Settlement {
  outcome: 'AUTHORIZED' | 'NOT_AUTHORIZED' | 'PENDING';
  /** The one that decided; none while pending. */
  authorization?: Authorization;
}

/**
 * Reads the answer of validarComprobante.
 * @throws SriUnavailable `fault` or `unreadable`
 */
export function parseReception(bytes: Uint8Array, contentType?: string): ReceptionAnswer {
  const { response } = readResponse(bytes, contentType, 'validarComprobanteResponse');
  const result = child(response, 'RespuestaRecepcionComprobante');
  const state = wordOf(child(result, 'estado'));
  if (state !== 'RECIBIDA' && state !== 'DEVUELTA')
    throw new SriUnavailable('unreadable', { detail: 'no known state' });
  const documents = childrenOf(child(result, 'comprobantes'), 'comprobante');
  const accessKey = documents
    .map((document) => textOf(child(document, 'claveAcceso')))
    .find((key) => key !== undefined);
  return {
    state,
    ...(accessKey !== undefined && { accessKey }),
    messages: documents.flatMap((document) => messagesOf(document)),
  };
}

/**
 * Reads the answer of autorizacionComprobante. The nodes count, not `numeroComprobantes`.
 * @throws SriUnavailable `fault` or `unreadable`
 */
export function parseAuthorization(bytes: Uint8Array, contentType?: string): AuthorizationAnswer {
  const { response, lossy } = readResponse(bytes, contentType, 'autorizacionComprobanteResponse');
  const result = child(response, 'RespuestaAutorizacionComprobante');
  const accessKey = textOf(child(result, 'claveAccesoConsultada'));
  return {
    ...(accessKey !== undefined && { accessKey }),
    authorizations: childrenOf(child(result, 'autorizaciones'), 'autorizacion').map((node) =>
      authorizationOf(node, lossy),
    ),
  };
}

/** The fields of an `<autorizacion>` element; `lossy` when its text was decoded with losses. */
export function authorizationOf(node: XmlElement, lossy = false): Authorization {
  const document = documentOf(child(node, 'comprobante'), lossy);
  const number = textOf(child(node, 'numeroAutorizacion'));
  const date = textOf(child(node, 'fechaAutorizacion'));
  const environment = textOf(child(node, 'ambiente'));
  return {
    state: wordOf(child(node, 'estado')),
    ...(number !== undefined && { number }),
    ...(date !== undefined && { date }),
    ...(environment !== undefined && { environment }),
    ...(document !== undefined && { document }),
    messages: messagesOf(node),
  };
}

/**
 * Decides an answer. Several nodes can come back, an earlier refusal beside what followed it: AUTORIZADO wins wherever it stands,
 * else the newest speaks. RECHAZADO (the ficha's word) is NO AUTORIZADO (the service's word); every other state, EN PROCESO and
 * PPR among them, and no node at all mean that SRI has not decided.
 */
export function settle(answer: AuthorizationAnswer): Settlement {
  const authorized = newest(answer.authorizations.filter(({ state }) => state === 'AUTORIZADO'));
  if (authorized !== undefined) return { outcome: 'AUTHORIZED', authorization: authorized };
  const authorization = newest(answer.authorizations);
  if (authorization?.state !== 'NO AUTORIZADO' && authorization?.state !== 'RECHAZADO') return { outcome: 'PENDING' };
  return { outcome: 'NOT_AUTHORIZED', authorization };
}

/** The latest by date; one without a readable date is still being worked on, so it is newer; among equals the last. */
function newest(authorizations: readonly Authorization[]): Authorization | undefined {
  let best: Authorization | undefined;
  for (const candidate of authorizations) {
    if (best === undefined || instantOf(candidate) >= instantOf(best)) best = candidate;
  }
  return best;
}

function instantOf({ date = '' }: Authorization): number {
  // Only ISO 8601: Date.parse would take day/month/year for month/day/year.
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant;
}

function readResponse(
  bytes: Uint8Array,
  contentType: string | undefined,
  name: string,
): { response: XmlElement; lossy: boolean } {
  if (bytes.byteLength > MAX_XML_BYTES) throw new SriUnavailable('unreadable', { detail: 'too large' });
  const { text, lossy } = decodeXml(bytes, contentType);
  const envelope = treeOf(text);
  const body = envelope.name === 'Envelope' ? child(envelope, 'Body') : undefined;
  const fault = child(body, 'Fault');
  if (fault !== undefined) throw new SriUnavailable('fault', { detail: faultCodeOf(fault) });
  const response = child(body, name);
  if (response === undefined) throw new SriUnavailable('unreadable', { detail: `no ${name}` });
  return { response, lossy };
}

function treeOf(text: string): XmlElement {
  try {
    return readXmlTree(text);
  } catch (error) {
    if (error instanceof XmlRefused) throw new SriUnavailable('unreadable', { detail: error.message });
    throw error;
  }
}

/** SOAP 1.1 `faultcode`, or SOAP 1.2 `Code/Value`; only if it is a name, for the fault's text may quote the document. */
function faultCodeOf(fault: XmlElement): string {
  const code = textOf(child(fault, 'faultcode')) ?? textOf(child(child(fault, 'Code'), 'Value')) ?? '';
  return /^[\w.:-]{1,60}$/.test(code) ? code : 'no code';
}

/** `mensaje` holds an element of its own name, so the tree is walked by level. */
function messagesOf(parent: XmlElement): SriMessage[] {
  return childrenOf(child(parent, 'mensajes'), 'mensaje').map((node) => {
    const additionalInfo = textOf(child(node, 'informacionAdicional'));
    return {
      identifier: textOf(child(node, 'identificador')) ?? '',
      message: textOf(child(node, 'mensaje')) ?? '',
      ...(additionalInfo !== undefined && { additionalInfo }),
      type: textOf(child(node, 'tipo')) ?? '',
    };
  });
}

/**
 * Byte for byte what SRI holds, or nothing: markup inside, characters XML cannot hold or lost in decoding would make it another
 * document.
 */
function documentOf(node: XmlElement | undefined, lossy: boolean): string | undefined {
  if (node === undefined || node.children.length > 0 || node.text.trim() === '') return undefined;
  if (NOT_XML.test(node.text) || (lossy && node.text.includes('\uFFFD'))) return undefined;
  return node.text;
}

function wordOf(node: XmlElement | undefined): string {
  return (textOf(node) ?? '').replaceAll(/[\s_]+/g, ' ').toUpperCase();
}

const NOT_XML_EVERYWHERE = new RegExp(NOT_XML, 'gu');

/** Trimmed text, absent when empty; a character that could not be stored as XML becomes U+FFFD. */
function textOf(node: XmlElement | undefined): string | undefined {
  const text = node?.text.replaceAll(NOT_XML_EVERYWHERE, '\uFFFD').trim();
  return text === undefined || text === '' ? undefined : text;
}
