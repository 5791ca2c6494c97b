import type { Message } from './messages.ts';
import { BadXml, cdata, elementAt, elementsOf, escapeXml, outsideCdata, parseXml } from './xml.ts';

export type Service = 'reception' | 'authorization';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

interface Operation {
  path: string;
  /** Name in the WSDL. */
  service: string;
  namespace: string;
  operation: string;
  argument: string;
  argumentType: string;
}

/** SRI's two services of the offline scheme, one operation each. */
export const OPERATIONS: Readonly<Record<Service, Operation>> = {
  reception: {
    path: '/comprobantes-electronicos-ws/RecepcionComprobantesOffline',
    service: 'RecepcionComprobantesOffline',
    namespace: 'http://ec.gob.sri.ws.recepcion',
    operation: 'validarComprobante',
    argument: 'xml',
    argumentType: 'base64Binary',
  },
  authorization: {
    path: '/comprobantes-electronicos-ws/AutorizacionComprobantesOffline',
    service: 'AutorizacionComprobantesOffline',
    namespace: 'http://ec.gob.sri.ws.autorizacion',
    operation: 'autorizacionComprobante',
    argument: 'claveAccesoComprobante',
    argumentType: 'string',
  },
};

/** A request that no operation answers; SOAP 1.1 blames the client. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/**
 * The one argument of a SOAP 1.1 request, empty when it is missing.
 * @throws BadRequest
 */
export function readArgument(service: Service, body: Buffer): string {
  const { namespace, operation, argument } = OPERATIONS[service];
  let envelope: Element;
  try {
    envelope = parseXml(body.toString());
  } catch (error) {
    throw error instanceof BadXml ? new BadRequest('Error reading XMLStreamReader') : error;
  }
  if (envelope.localName !== 'Envelope' || envelope.namespaceURI !== ENVELOPE)
    throw new BadRequest('not a SOAP 1.1 envelope');
  const [call] = elementsOf(elementAt(envelope, 'Body'));
  if (call?.localName !== operation || call.namespaceURI !== namespace) {
    throw new BadRequest(`Message part was not recognized; expected {${namespace}}${operation}`);
  }
  const [value] = elementsOf(call, argument);
  // elementFormDefault is unqualified: a namespace on the argument makes it another element.
  return value === undefined || (value.namespaceURI ?? '') !== '' ? '' : (value.textContent ?? '').trim();
}

export function soapFault(code: 'Client' | 'Server', text: string): string {
  return envelopeOf(
    `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${escapeXml(text)}</faultstring></soap:Fault>`,
  );
}

/** Reception's answer: RECIBIDA without messages, DEVUELTA with the first stage that refused. */
export function receptionAnswer(accessKey: string | undefined, refusal: Message | undefined): string {
  const documents =
    refusal === undefined
      ? '<comprobantes/>'
      : `<comprobantes><comprobante>${accessKey === undefined ? '' : element('claveAcceso', accessKey)}${messagesElement([refusal])}</comprobante></comprobantes>`;
  const state = refusal === undefined ? 'RECIBIDA' : 'DEVUELTA';
  return answer('reception', 'RespuestaRecepcionComprobante', `${element('estado', state)}${documents}`);
}

export interface AuthorizationNode {
  /** `AUTORIZADO`, `NO AUTORIZADO`, `RECHAZADO`. */
  state: string;
  /** ISO 8601 with offset. */
  date: string;
  accessKey: string;
  /** The exact text. */
  document: string;
  messages: Message[];
}

/** Authorization's answer; `escaped` writes the document as text in place of CDATA. */
export function authorizationAnswer(accessKey: string, nodes: readonly AuthorizationNode[], escaped = false): string {
  const authorizations = nodes.map(({ state, date, accessKey: key, document, messages }) =>
    [
      '<autorizacion>',
      element('estado', state),
      state === 'AUTORIZADO' ? element('numeroAutorizacion', key) : '',
      element('fechaAutorizacion', date),
      element('ambiente', key[23] === '2' ? 'PRODUCCIÓN' : 'PRUEBAS'),
      `<comprobante>${escaped ? escapeXml(document) : cdata(document)}</comprobante>`,
      messagesElement(messages),
      '</autorizacion>',
    ].join(''),
  );
  const list = nodes.length === 0 ? '<autorizaciones/>' : `<autorizaciones>${authorizations.join('')}</autorizaciones>`;
  return answer(
    'authorization',
    'RespuestaAutorizacionComprobante',
    `${element('claveAccesoConsultada', accessKey)}${element('numeroComprobantes', String(nodes.length))}${list}`,
  );
}

/** An answer's bytes in ISO 8859-1; what that alphabet lacks becomes a reference, which no CDATA section may hold. */
export function toLatin1(xml: string): Buffer {
  const parts = xml.split(/(<!\[CDATA\[[\s\S]*?\]\]>)/);
  const encoded = parts.map((part) =>
    part.replaceAll(/[\u{100}-\u{10FFFF}]/gu, (character) => {
      const reference = `&#${character.codePointAt(0)};`;
      return part.startsWith('<![CDATA[') ? outsideCdata(reference) : reference;
    }),
  );
  return Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${encoded.join('')}`, 'latin1');
}

function answer(service: Service, name: string, content: string): string {
  const { namespace, operation } = OPERATIONS[service];
  return envelopeOf(
    `<ns2:${operation}Response xmlns:ns2="${namespace}"><${name}>${content}</${name}></ns2:${operation}Response>`,
  );
}

function envelopeOf(body: string): string {
  return `<soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

/** `mensaje` is both the list's element and a field of it. */
function messagesElement(messages: readonly Message[]): string {
  if (messages.length === 0) return '<mensajes/>';
  const items = messages.map(({ identifier, message, additionalInfo, type }) => {
    const info = additionalInfo === undefined ? '' : element('informacionAdicional', additionalInfo);
    return `<mensaje>${element('identificador', identifier)}${element('mensaje', message)}${info}${element('tipo', type)}</mensaje>`;
  });
  return `<mensajes>${items.join('')}</mensajes>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}
