import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSriClient, type SriClient, SriUnavailable } from '../../../domain/sri/client.ts';
import { type Cut, type LineCall, openSriLine, PLACES, type SriLine } from '../../support/sri-line.ts';

const soap = (body: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`;
const ANSWERS = {
  reception: soap(
    '<n:validarComprobanteResponse xmlns:n="r"><RespuestaRecepcionComprobante><estado>RECIBIDA</estado></RespuestaRecepcionComprobante></n:validarComprobanteResponse>',
  ),
  authorization: soap(
    '<n:autorizacionComprobanteResponse xmlns:n="a"><RespuestaAutorizacionComprobante><autorizaciones/></RespuestaAutorizacionComprobante></n:autorizacionComprobanteResponse>',
  ),
};
type Service = keyof typeof ANSWERS;

/** How an answer says where it ends. */
const FRAMES: Record<string, (response: ServerResponse, answer: string) => void> = {
  'with its length': (response, answer) => response.setHeader('content-length', answer.length).end(answer),
  'in chunks': (response, answer) => {
    response.write(answer.slice(0, 100));
    response.end(answer.slice(100));
  },
  'until the connection ends': (response, answer) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.end(answer);
  },
};

let keys = 0;
const nextKey = () => String(++keys).padStart(49, '0');
const xmlOf = (key: string) => Buffer.from(`<factura><claveAcceso>${key}</claveAcceso></factura>`);

let frame = 'with its length';
const server = createServer((request, response) => {
  buffer(request).then(
    (body) => {
      const service = body.includes('<xml>') ? 'reception' : 'authorization';
      response.setHeader('content-type', 'text/xml');
      FRAMES[frame]!(response, ANSWERS[service]);
    },
    // It was cut on the way.
    () => {},
  );
});
let line: SriLine;
let sri: SriClient;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  line = await openSriLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

beforeEach(() => {
  sri = createSriClient({ baseUrl: line.url });
});

afterEach(() => sri.close());

afterAll(async () => {
  await line.close();
  server.close();
});

function ask(service: Service, key: string): Promise<unknown> {
  return service === 'reception' ? sri.submit(xmlOf(key)) : sri.queryAuthorization(key);
}

interface Broken {
  error: unknown;
  /** As it came to the line; once, or more often. */
  calls: LineCall[];
}

async function broken(service: Service, key: string, cut: Cut): Promise<Broken> {
  void line.cut(key, service, cut);
  const error = await ask(service, key).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, calls: line.calls(key) };
}

/** Whether the client says that SRI may have the call, which came once. */
function isLeftOpen({ error, calls }: Broken): boolean {
  return error instanceof SriUnavailable && error.delivered === 'unknown' && calls.length === 1;
}

/** How long a call about any key is, and its answer: the bytes after which it can break off. */
async function lengthsOf(service: Service): Promise<{ request: number; answer: number }> {
  const key = nextKey();
  await ask(service, key);
  const [call] = line.calls(key);
  return { request: call!.request.length, answer: call!.answer!.length };
}

/** Until those who called have their connections back. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}

describe('a call that is cut fails, SRI may have it, and it is not repeated by itself', () => {
  it.each([
    ['a fresh connection', false],
    ['one that is used again', true],
  ])('at every byte, on %s', async (_, keepsConnections) => {
    frame = 'with its length';
    line.keepsConnections = keepsConnections;
    const lengths = await lengthsOf('reception');
    const wrong: unknown[] = [];
    for (const of of ['request', 'answer'] as const) {
      for (let bytes = 0; bytes < lengths[of]; bytes++) {
        if (keepsConnections) await ask('reception', nextKey());
        await rest();
        const how = bytes % 2 === 0 ? 'reset' : 'close';
        const found = await broken('reception', nextKey(), { place: { of, bytes }, how });
        if (!isLeftOpen(found) || found.calls[0]!.reused !== keepsConnections) wrong.push({ of, bytes, how, found });
      }
    }
    expect(wrong).toEqual([]);
    expect(line.calls()).toHaveLength(keys);
  });

  it.each(['in chunks', 'until the connection ends'])('at every byte of an answer %s', async (name) => {
    frame = name;
    line.keepsConnections = false;
    const { answer } = await lengthsOf('reception');
    // The last bytes of chunks say that there are no more: the answer itself is whole before.
    const end = name === 'in chunks' ? answer - '\r\n0\r\n\r\n'.length : answer;
    const wrong: unknown[] = [];
    for (let bytes = 0; bytes < end; bytes++) {
      const found = await broken('reception', nextKey(), { place: { of: 'answer', bytes }, how: 'close' });
      if (!isLeftOpen(found)) wrong.push({ bytes, found });
    }
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(PLACES))('%s, when it asks for an authorization', async (_, place) => {
    frame = 'with its length';
    for (const keepsConnections of [false, true]) {
      line.keepsConnections = keepsConnections;
      for (const how of ['reset', 'close'] as const) {
        await ask('authorization', nextKey());
        await rest();
        const found = await broken('authorization', nextKey(), { place, how });
        expect(found).toMatchObject({ error: { delivered: 'unknown' }, calls: [{ reused: keepsConnections }] });
        expect(isLeftOpen(found)).toBe(true);
      }
    }
  });
});

describe('calls at one time', () => {
  it('come on connections of their own: none is lost with another', async () => {
    frame = 'with its length';
    line.keepsConnections = true;
    const lost = nextKey();
    const held = line.cut(lost, 'reception', { place: { of: 'answer', bytes: 0 }, how: 'hang' });
    const left = new AbortController();
    const waiting = sri.submit(xmlOf(lost), { signal: left.signal });
    await held;
    const others = Array.from({ length: 10 }, nextKey);
    await Promise.all(others.map((key) => sri.submit(xmlOf(key))));
    const [one] = line.calls(lost);
    const beside = others.flatMap((key) => line.calls(key)).filter(({ connection }) => connection === one!.connection);
    expect(beside).toEqual([]);
    left.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(line.calls(lost)).toHaveLength(1);
  });

  it('of which each finds its connection closed meanwhile fail, and are not repeated', async () => {
    const several = Array.from({ length: 10 }, nextKey);
    line.gather('reception', several.length);
    await Promise.all(several.map((key) => sri.submit(xmlOf(key))));
    await rest();
    const again = Array.from({ length: 10 }, nextKey);
    const outcomes = await Promise.all(
      again.map((key) => broken('reception', key, { place: { of: 'request', bytes: 0 }, how: 'close' })),
    );
    expect(outcomes.flatMap(({ calls }) => calls).map(({ reused }) => reused)).toEqual(again.map(() => true));
    expect(outcomes.every(isLeftOpen)).toBe(true);
  });
});
