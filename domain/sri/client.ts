import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import { type AuthorizationAnswer, parseAuthorization, parseReception, type ReceptionAnswer } from './answers.ts';
import { SriUnavailable } from './unavailable.ts';
import { MAX_XML_BYTES } from './xml-tree.ts';

export { SriUnavailable } from './unavailable.ts';

export interface SriClientOptions {
  /** Scheme and host of one of SRI's environments, such as `https://celcer.sri.gob.ec`. */
  baseUrl: string;
  /** Milliseconds for one whole call, connection included. */
  receptionTimeoutMs?: number;
  authorizationTimeoutMs?: number;
  /** Connections to use in place of the client's own; stays the caller's to close. */
  dispatcher?: Dispatcher;
}

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface SriClient {
  /** That is asked, as `sriHost` has it. */
  readonly host: string;
  /**
   * Sends a signed document (validarComprobante), byte for byte.
   * @throws SriUnavailable when there is no usable answer; its `delivered` tells whether SRI may hold the document
   */
  submit(xml: Uint8Array, options?: CallOptions): Promise<ReceptionAnswer>;
  /**
   * Asks what SRI decided of a key (autorizacionComprobante).
   * @throws SriUnavailable when there is no usable answer
   */
  queryAuthorization(accessKey: string, options?: CallOptions): Promise<AuthorizationAnswer>;
  /** Closes the client's own connections once running calls have ended. */
  close(): Promise<void>;
}

/** By what an environment of SRI is told from the other, such as `celcer.sri.gob.ec`. */
export function sriHost(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** A client of one environment's two services: SOAP 1.1, document/literal, soapAction "" (SRI's WSDLs). */
export function createSriClient(options: SriClientOptions): SriClient {
  const { baseUrl, receptionTimeoutMs = 30_000, authorizationTimeoutMs = 30_000 } = options;
  const services = `${baseUrl.replace(/\/+$/, '')}/comprobantes-electronicos-ws`;
  const own =
    options.dispatcher === undefined
      ? new Agent({
          // More than one worker's activities at a time, so that no call spends its time waiting for a connection.
          connections: 64,
          keepAliveTimeout: 10_000,
          // Below a call's own limit, so that an unreachable SRI is told from a silent one.
          connect: { timeout: Math.min(10_000, receptionTimeoutMs / 2, authorizationTimeoutMs / 2) },
          maxResponseSize: MAX_XML_BYTES,
        })
      : undefined;
  const dispatcher = options.dispatcher ?? own!;

  return {
    host: sriHost(baseUrl),

    async submit(xml, { signal } = {}) {
      const content = `<ns:validarComprobante xmlns:ns="http://ec.gob.sri.ws.recepcion"><xml>${Buffer.from(xml).toString('base64')}</xml></ns:validarComprobante>`;
      const url = `${services}/RecepcionComprobantesOffline`;
      return call({ dispatcher, url, content, timeoutMs: receptionTimeoutMs, signal }, parseReception);
    },

    async queryAuthorization(accessKey, { signal } = {}) {
      if (!/^\d{49}$/.test(accessKey)) throw new RangeError('An access key has 49 digits');
      const content = `<ns:autorizacionComprobante xmlns:ns="http://ec.gob.sri.ws.autorizacion"><claveAccesoComprobante>${accessKey}</claveAccesoComprobante></ns:autorizacionComprobante>`;
      const url = `${services}/AutorizacionComprobantesOffline`;
      const answer = await call(
        { dispatcher, url, content, timeoutMs: authorizationTimeoutMs, signal },
        parseAuthorization,
      );
      if (answer.accessKey !== undefined && answer.accessKey !== accessKey) {
        throw new SriUnavailable('unreadable', { detail: 'the answer is about another key' });
      }
      return answer;
    },

    async close() {
      await own?.close();
    },
  };
}

interface SoapCall {
  dispatcher: Dispatcher;
  url: string;
  /** The one element of the body. */
  content: string;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

async function call<T>(soap: SoapCall, parse: (bytes: Uint8Array, contentType?: string) => T): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), soap.timeoutMs);
  try {
    const { status, contentType, bytes } = await exchange(soap, deadline.signal);
    if (status === 200) return parse(bytes, contentType);
    throw refusalOf(status, () => parse(bytes, contentType));
  } catch (error) {
    // The caller's own wish to stop is no statement about SRI.
    soap.signal?.throwIfAborted();
    if (error instanceof SriUnavailable) throw error;
    throw deadline.signal.aborted ? new SriUnavailable('timeout') : connectionFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(
  { dispatcher, url, content, signal }: SoapCall,
  deadline: AbortSignal,
): Promise<{ status: number; contentType: string; bytes: Uint8Array }> {
  const response = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', soapaction: '""' },
    body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_XML_BYTES)
      throw new SriUnavailable('unreadable', { status: response.statusCode, detail: 'too large' });
    chunks.push(chunk);
  }
  const bytes = await decompressed(Buffer.concat(chunks), String(response.headers['content-encoding'] ?? ''));
  return { status: response.statusCode, contentType: String(response.headers['content-type'] ?? ''), bytes };
}

const DECOMPRESSORS = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Compression is never asked for, but a proxy before SRI may apply it all the same. */
async function decompressed(bytes: Buffer, encoding: string): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return bytes;
  const decompress = DECOMPRESSORS.get(name);
  if (decompress === undefined) throw new SriUnavailable('unreadable', { detail: 'unknown content encoding' });
  try {
    return await decompress(bytes, { maxOutputLength: MAX_XML_BYTES });
  } catch {
    throw new SriUnavailable('unreadable', { detail: 'broken or oversized compression' });
  }
}

/** Any status but 200: a SOAP fault if the body is one, else just the status. SOAP 1.1 sends faults with 500. */
function refusalOf(status: number, parse: () => unknown): SriUnavailable {
  try {
    parse();
  } catch (error) {
    if (error instanceof SriUnavailable && error.kind === 'fault') {
      return new SriUnavailable('fault', { status, ...(error.detail !== undefined && { detail: error.detail }) });
    }
  }
  return new SriUnavailable('http', { status });
}

/** Codes of undici's own errors that mean time ran out. */
const TIMEOUT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

function connectionFailure(error: unknown): SriUnavailable {
  const { code = 'unknown' } = error as { code?: string };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new SriUnavailable('unreadable', { detail: 'too large' });
  return new SriUnavailable(TIMEOUT_CODES.has(code) ? 'timeout' : 'network', {
    delivered: failedToConnect(error) ? 'no' : 'unknown',
    detail: code,
  });
}

/** Whether there was never a connection: the system calls that make one failed, for each address that was tried. */
function failedToConnect(error: unknown): boolean {
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every((one) => failedToConnect(one));
  const { code, syscall } = error as { code?: string; syscall?: string };
  return code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
}
