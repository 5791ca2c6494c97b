import { type Authorization, authorizationOf, type SriMessage } from './answers.ts';
import { child, NOT_XML, readXmlTree, type XmlElement, XmlRefused } from './xml-tree.ts';

/** What a delivered `<autorizacion>` file holds. */
export interface AuthorizedFile extends Authorization {
  document: string;
}

/**
 * The file that is legally delivered and kept for seven years: SRI's decision around the exact text of the document
 * (ficha técnica 2.34, authorization service). UTF-8, with declaration; every XML reader gives the same document back.
 * The access key is the authorization number where SRI gave none.
 * @throws RangeError when the authorization carries no document, or one that XML cannot hold
 */
export function authorizationEnvelope(authorization: Authorization, accessKey: string): string {
  const { state, number, date, document, messages } = authorization;
  if (document === undefined) throw new RangeError('An authorization without its document cannot be delivered');
  if (NOT_XML.test(document)) throw new RangeError('The document holds characters that XML cannot hold');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<autorizacion>',
    element('estado', state),
    element('numeroAutorizacion', number ?? accessKey),
    date === undefined ? '' : element('fechaAutorizacion', date),
    // The key tells the environment (its 24th digit); SRI's own word can arrive with a broken accent.
    element('ambiente', accessKey[23] === '2' ? 'PRODUCCIÓN' : 'PRUEBAS'),
    `<comprobante>${cdata(document)}</comprobante>`,
    messages.length === 0 ? '<mensajes/>' : `<mensajes>${messages.map(messageElement).join('')}</mensajes>`,
    '</autorizacion>',
  ].join('');
}

/**
 * Reads a delivered file, ours or another issuer's.
 * @throws XmlRefused when it is no `<autorizacion>` with a document
 */
export function readEnvelope(xml: string): AuthorizedFile {
  const root = readXmlTree(xml.replace(/^\uFEFF/, ''));
  if (root.name !== 'autorizacion') throw new XmlRefused('not an <autorizacion>');
  const authorization = authorizationOf(root);
  if (authorization.document === undefined) throw new XmlRefused('no document inside');
  return { ...authorization, document: authorization.document };
}

/**
 * The base64 of a document's `ds:SignatureValue`, without white space: it tells the bytes of one attempt from another's, whatever
 * happened to line ends on the way. Absent when the text is no signed document.
 */
export function signatureValueOf(xml: string): string | undefined {
  let root: XmlElement;
  try {
    root = readXmlTree(xml.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof XmlRefused) return undefined;
    throw error;
  }
  const value = child(child(root, 'Signature'), 'SignatureValue')?.text.replaceAll(/\s+/g, '');
  return value === '' ? undefined : value;
}

function messageElement({ identifier, message, additionalInfo, type }: SriMessage): string {
  const info = additionalInfo === undefined ? '' : element('informacionAdicional', additionalInfo);
  return `<mensaje>${element('identificador', identifier)}${element('mensaje', message)}${info}${element('tipo', type)}</mensaje>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeText(text)}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function escapeText(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (character) => ESCAPES[character]!);
}

/** A section ends at `]]>` and a reader turns its carriage returns into line feeds, so both are put between two sections. */
function cdata(text: string): string {
  const safe = text.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', ']]>&#13;<![CDATA[');
  return `<![CDATA[${safe}]]>`;
}
