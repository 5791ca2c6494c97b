import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Agent, errors } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SriSimulator, startSriSimulator } from '../../../dev/sri-simulator/index.ts';
import { createSriClient, type SriClient, type SriClientOptions, SriUnavailable } from '../../../domain/sri/client.ts';
import { facturaOf, newAuthority, signed, signerOf } from './signed-factura.ts';

const KEY = '1211202601176001321000110010010000001011234567811';
const XML = Buffer.from('<factura>Peña € ]]> \r\n</factura>');
const RECIBIDA =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ns2:validarComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.recepcion"><RespuestaRecepcionComprobante><estado>RECIBIDA</estado><comprobantes/></RespuestaRecepcionComprobante></ns2:validarComprobanteResponse></soap:Body></soap:Envelope>';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

function client(baseUrl: string, options: Omit<SriClientOptions, 'baseUrl'> = {}): SriClient {
  const made = createSriClient({ baseUrl, ...options });
  open.push(made);
  return made;
}

/** A server that is no simulator. */
async function serverOf(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function answering(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): Promise<SriClient> {
  const { url } = await serverOf((_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8', ...headers }).end(body);
  });
  return client(url);
}

async function failure(call: Promise<unknown>): Promise<SriUnavailable> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SriUnavailable);
  return error as SriUnavailable;
}

describe('against the simulator', () => {
  const authority = newAuthority();
  const signer = signerOf(authority);
  let simulator: SriSimulator;
  beforeAll(async () => {
    simulator = await startSriSimulator({ trusted: [authority.certificate] });
  });
  afterAll(() => simulator.stop());
  afterEach(() => fetch(`${simulator.controlUrl}/faults`, { method: 'DELETE' }));

  async function fault(entry: Record<string, unknown>): Promise<void> {
    const response = await fetch(`${simulator.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(entry) });
    expect(response.status).toBe(201);
  }

  it('sends a document and gets it back authorized, byte for byte', async () => {
    const sri = client(simulator.url);
    const { accessKey, xml } = facturaOf({ description: 'Ñ € 💡 ]]&gt; &#xD;' });
    const document = signed(xml, signer);
    expect(await sri.queryAuthorization(accessKey)).toEqual({ accessKey, authorizations: [] });
    expect(await sri.submit(document)).toEqual({ state: 'RECIBIDA', messages: [] });
    for (const dress of [undefined, 'iso-8859-1', 'escaped', 'several']) {
      if (dress !== undefined) await fault({ service: 'authorization', fault: dress, times: 1 });
      const { authorizations } = await sri.queryAuthorization(accessKey);
      expect(authorizations.at(-1)).toMatchObject({
        state: 'AUTORIZADO',
        number: accessKey,
        document: document.toString(),
      });
    }
    expect(await sri.submit(document)).toMatchObject({
      state: 'DEVUELTA',
      accessKey,
      messages: [{ identifier: '43' }],
    });
  });

  it.each<[string, object]>([
    ['down', { kind: 'network' }],
    ['drop-before', { kind: 'network', delivered: 'unknown' }],
    ['drop-after-accepting', { kind: 'network', delivered: 'unknown' }],
    ['cut-mid-answer', { kind: 'network', delivered: 'unknown' }],
    ['hang', { kind: 'timeout', delivered: 'unknown' }],
    ['slow', { kind: 'timeout', delivered: 'unknown' }],
    ['http-500-html', { kind: 'http', status: 500, delivered: 'unknown' }],
    ['http-503', { kind: 'http', status: 503, delivered: 'unknown' }],
    ['soap-fault', { kind: 'fault', status: 500, detail: 'soap:Server', delivered: 'unknown' }],
    ['empty-answer', { kind: 'unreadable', delivered: 'unknown' }],
    ['garbage', { kind: 'unreadable', delivered: 'unknown' }],
  ])('is told %s by both services', async (name, expected) => {
    await fault({ service: 'any', fault: name, ...(name === 'slow' && { ms: 60_000 }) });
    const patience = name === 'hang' || name === 'slow' ? 400 : 30_000;
    const sri = client(simulator.url, { receptionTimeoutMs: patience, authorizationTimeoutMs: patience });
    const { accessKey, xml } = facturaOf();
    const error = await failure(sri.submit(signed(xml, signer)));
    expect(error).toMatchObject(expected);
    expect(error.message).not.toMatch(/Peña|<factura/);
    expect(await failure(sri.queryAuthorization(accessKey))).toMatchObject(expected);
  });
});

describe('a call', () => {
  it('is SOAP 1.1 as the WSDLs have it, to the address below the base', async () => {
    const seen: { method: string | undefined; url: string | undefined; headers: unknown; body: string }[] = [];
    const { url } = await serverOf((request, response) => {
      void buffer(request).then((body) => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body: body.toString() });
        response.writeHead(200, { 'content-type': 'text/xml' }).end(RECIBIDA);
      });
    });
    const sri = client(`${url}//`);
    await sri.submit(XML);
    await failure(sri.queryAuthorization(KEY));
    const soap = (content: string) =>
      `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
    const headers = expect.objectContaining({ 'content-type': 'text/xml; charset=utf-8', soapaction: '""' }) as unknown;
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/comprobantes-electronicos-ws/RecepcionComprobantesOffline',
        headers,
        body: soap(
          `<ns:validarComprobante xmlns:ns="http://ec.gob.sri.ws.recepcion"><xml>${XML.toString('base64')}</xml></ns:validarComprobante>`,
        ),
      },
      {
        method: 'POST',
        url: '/comprobantes-electronicos-ws/AutorizacionComprobantesOffline',
        headers,
        body: soap(
          `<ns:autorizacionComprobante xmlns:ns="http://ec.gob.sri.ws.autorizacion"><claveAccesoComprobante>${KEY}</claveAccesoComprobante></ns:autorizacionComprobante>`,
        ),
      },
    ]);
  });

  it('asks about nothing but an access key', async () => {
    const sri = client('http://127.0.0.1:9');
    for (const key of ['', KEY.slice(1), `${KEY}1`, `${KEY.slice(1)}<`, KEY.replace('1', '１')]) {
      await expect(sri.queryAuthorization(key)).rejects.toThrow(RangeError);
    }
  });

  it('uses connections again', async () => {
    const { server, url } = await serverOf((request, response) => {
      void buffer(request).then(() => response.writeHead(200, { 'content-type': 'text/xml' }).end(RECIBIDA));
    });
    let connections = 0;
    server.on('connection', () => connections++);
    const sri = client(url);
    for (let call = 0; call < 20; call++) await sri.submit(XML);
    // A call can begin before the pool has the last one's connection back.
    expect(connections).toBeLessThan(5);
  });

  it('leaves the connections of its caller open', async () => {
    const { url } = await serverOf((_, response) => void response.writeHead(200).end(RECIBIDA));
    const dispatcher = new Agent();
    open.push({ close: () => dispatcher.close() });
    const sri = createSriClient({ baseUrl: url, dispatcher });
    await sri.close();
    expect(await sri.submit(XML)).toMatchObject({ state: 'RECIBIDA' });
  });
});

describe('an answer', () => {
  it.each([
    ['gzip', gzipSync(RECIBIDA)],
    ['x-gzip', gzipSync(RECIBIDA)],
    ['deflate', deflateSync(RECIBIDA)],
    ['br', brotliCompressSync(RECIBIDA)],
    ['identity', Buffer.from(RECIBIDA)],
    ['GZIP', gzipSync(RECIBIDA)],
  ])('in %s is read', async (encoding, body) => {
    const sri = await answering(body, { 'content-encoding': encoding });
    expect(await sri.submit(XML)).toEqual({ state: 'RECIBIDA', messages: [] });
  });

  it.each<[string, string | Buffer, Record<string, string>, object]>([
    ['of an unknown compression', RECIBIDA, { 'content-encoding': 'zip' }, { kind: 'unreadable' }],
    [
      'of broken compression',
      gzipSync(RECIBIDA).subarray(0, 40),
      { 'content-encoding': 'gzip' },
      { kind: 'unreadable' },
    ],
    [
      'that unpacks to 6 MB',
      gzipSync(Buffer.alloc(6 * 1024 * 1024, 32)),
      { 'content-encoding': 'gzip' },
      { kind: 'unreadable' },
    ],
    ['of 6 MB', RECIBIDA + ' '.repeat(6 * 1024 * 1024), {}, { kind: 'unreadable', detail: 'too large' }],
    [
      'that is a page',
      '<html><body>Mantenimiento</body></html>',
      { 'content-type': 'text/html' },
      { kind: 'unreadable' },
    ],
  ])('%s is none', async (_, body, headers, expected) => {
    const sri = await answering(body, headers);
    expect(await failure(sri.submit(XML))).toMatchObject({ delivered: 'unknown', ...expected });
  });

  it.each([301, 302, 404, 405, 429, 500, 502])('of status %i is none, whatever it says', async (status) => {
    const sri = await answering(RECIBIDA, { location: 'http://127.0.0.1:9/' }, status);
    expect(await failure(sri.submit(XML))).toMatchObject({ kind: 'http', status, delivered: 'unknown' });
  });

  it('about another key is none', async () => {
    const other = KEY.replace('1211', '1311');
    const sri = await answering(
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:autorizacionComprobanteResponse xmlns:n="x"><RespuestaAutorizacionComprobante><claveAccesoConsultada>${other}</claveAccesoConsultada><autorizaciones/></RespuestaAutorizacionComprobante></n:autorizacionComprobanteResponse></s:Body></s:Envelope>`,
    );
    expect(await failure(sri.queryAuthorization(KEY))).toMatchObject({ kind: 'unreadable' });
  });

  it('that is announced and never ends is cut off', async () => {
    const { url } = await serverOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.write(RECIBIDA.slice(0, 100));
    });
    const sri = client(url, { receptionTimeoutMs: 300 });
    expect(await failure(sri.submit(XML))).toMatchObject({ kind: 'timeout', delivered: 'unknown' });
  });
});

describe('whether SRI may hold the document', () => {
  it('no: nobody listens there', async () => {
    const tcp = createTcpServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    tcp.close();
    await once(tcp, 'close');
    const error = await failure(client(`http://127.0.0.1:${port}`).submit(XML));
    expect(error).toMatchObject({ kind: 'network', delivered: 'no', detail: 'ECONNREFUSED' });
  });

  /** A client whose connections fail before there are any. */
  function unconnectable(error: Error): SriClient {
    const dispatcher = new Agent({ connect: (_, callback) => callback(error, null) });
    open.push({ close: () => dispatcher.close() });
    return client('http://sri.invalid', { dispatcher });
  }
  const system = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

  it.each<[string, Error, object]>([
    ['no name', system('ENOTFOUND', 'getaddrinfo'), { kind: 'network', delivered: 'no' }],
    ['no route', system('EHOSTUNREACH', 'connect'), { kind: 'network', delivered: 'no' }],
    ['no answer to connecting', new errors.ConnectTimeoutError('slow'), { kind: 'timeout', delivered: 'no' }],
    [
      'none of its addresses',
      new AggregateError([system('ECONNREFUSED', 'connect'), system('ETIMEDOUT', 'connect')]),
      { delivered: 'no' },
    ],
    [
      'one address of unknown fate',
      new AggregateError([system('ECONNREFUSED', 'connect'), system('ECONNRESET', 'read')]),
      { delivered: 'unknown' },
    ],
    [
      'a wrong certificate',
      Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }),
      { kind: 'network', delivered: 'unknown' },
    ],
  ])('%s', async (_, error, expected) => {
    expect(await failure(unconnectable(error).submit(XML))).toMatchObject(expected);
  });

  it('unknown: the connection was reset after the request', async () => {
    const { url } = await serverOf((request) => {
      void buffer(request).then(() => request.socket.resetAndDestroy());
    });
    expect(await failure(client(url).submit(XML))).toMatchObject({ kind: 'network', delivered: 'unknown' });
  });

  it('unknown: the connection ended before the request was read', async () => {
    const { server, url } = await serverOf(() => {});
    server.on('connection', (socket) => socket.destroy());
    expect(await failure(client(url).submit(XML))).toMatchObject({ kind: 'network', delivered: 'unknown' });
  });
});

describe("the caller's signal", () => {
  const reason = new Error('the worker stops');

  it('given before the call, ends it before anything is sent', async () => {
    let calls = 0;
    const { url } = await serverOf(() => calls++);
    await expect(client(url).submit(XML, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toBe(0);
  });

  it('given during the call, ends it with its own reason', async () => {
    const stop = new AbortController();
    const { url } = await serverOf(() => stop.abort(reason));
    const sri = client(url);
    await expect(sri.submit(XML, { signal: stop.signal })).rejects.toBe(reason);
    await expect(sri.queryAuthorization(KEY, { signal: stop.signal })).rejects.toBe(reason);
  });

  it('given while the answer arrives, ends it too', async () => {
    const stop = new AbortController();
    const { url } = await serverOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.write(RECIBIDA.slice(0, 100), () => stop.abort(reason));
    });
    await expect(client(url).submit(XML, { signal: stop.signal })).rejects.toBe(reason);
  });

  it('that is never given changes nothing', async () => {
    const sri = await answering(RECIBIDA);
    expect(await sri.submit(XML, { signal: new AbortController().signal })).toMatchObject({ state: 'RECIBIDA' });
  });
});
