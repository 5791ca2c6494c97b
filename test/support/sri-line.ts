import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

type Service = 'reception' | 'authorization';

/** A call as it was seen on its way to SRI. */
export interface LineCall {
  service: Service;
  accessKey: string;
  /** The whole of it, as it was sent. */
  request: Buffer;
  /** Which of the connections it came on, and whether that had carried another call before. */
  connection: number;
  reused: boolean;
  /** What SRI answered: it had the whole request. */
  answer?: string;
  /** The whole answer was passed on. */
  heard: boolean;
}

/** Lengths in bytes; the head ends with its empty line. */
interface Measure {
  head: number;
  whole: number;
}

/** Where a call breaks off: so many bytes of that side still pass. */
export interface Place {
  of: 'request' | 'answer';
  bytes: number | ((measure: Measure) => number);
}

export interface Cut {
  place: Place;
  /** Both connections are reset, or closed as if all were well, or stay open with nothing passing any more. */
  how: 'reset' | 'close' | 'hang';
}

const half = (from: number, to: number) => (from + to) >> 1;

/** One place of each kind, in the order of a call. */
export const PLACES = {
  'before the first byte': { of: 'request', bytes: 0 },
  'in the request line': { of: 'request', bytes: 10 },
  'in the headers of the request': { of: 'request', bytes: ({ head }) => half(0, head) },
  'at the end of the headers of the request': { of: 'request', bytes: ({ head }) => head },
  'in the body of the request': { of: 'request', bytes: ({ head, whole }) => half(head, whole) },
  'one byte before the end of the request': { of: 'request', bytes: ({ whole }) => whole - 1 },
  'after the request': { of: 'answer', bytes: 0 },
  'in the status line': { of: 'answer', bytes: 10 },
  'in the headers of the answer': { of: 'answer', bytes: ({ head }) => half(0, head) },
  'at the end of the headers of the answer': { of: 'answer', bytes: ({ head }) => head },
  'in the body of the answer': { of: 'answer', bytes: ({ head, whole }) => half(head, whole) },
  'one byte before the end of the answer': { of: 'answer', bytes: ({ whole }) => whole - 1 },
} as const satisfies Record<string, Place>;

/** The way to SRI, byte by byte. Each call goes on to SRI over a connection of its own. */
export interface SriLine {
  url: string;
  /** Whether those who call may use a connection again; they may at first. */
  keepsConnections: boolean;
  /** Every call that has come, about one key or any. */
  calls(accessKey?: string): LineCall[];
  /** The next call of that kind about the key breaks off. @returns what resolves when it has */
  cut(accessKey: string, service: Service, cut: Cut): Promise<void>;
  /** The next calls of that service wait for each other, so that each of them is on another connection. */
  gather(service: Service, count: number): void;
  /** The next connection is reset before anything is read from it. */
  resetNext(): void;
  /** Nobody listens, until what is returned is called. */
  goAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** @param target base address of the SRI to which the line leads */
export async function openSriLine(target: string): Promise<SriLine> {
  const calls: LineCall[] = [];
  const cuts = new Map<string, Cut & { done: () => void }>();
  const sockets = new Set<Socket>();
  let connections = 0;
  let resets = 0;
  let gathering: { service: Service; missing: number; all: PromiseWithResolvers<void> } | undefined;

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    // A cut is no news to us.
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  }

  async function serve(near: Socket): Promise<void> {
    const connection = ++connections;
    let reused = false;
    let bytes = Buffer.alloc(0);
    for await (const chunk of near as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      const measure = measured(bytes);
      if (measure === undefined || bytes.length < measure.whole) continue;
      const request = bytes.subarray(0, measure.whole);
      bytes = bytes.subarray(measure.whole);
      await pass(near, { request, measure, connection, reused });
      reused = true;
    }
  }

  const server = createServer((near) => {
    keep(near);
    if (resets > 0) {
      resets--;
      near.resetAndDestroy();
      return;
    }
    // Whoever called has left, or was cut off.
    serve(near).catch(() => near.destroy());
  });
  const listen = async (port = 0) => void (await once(server.listen(port, '127.0.0.1'), 'listening'));
  await listen();
  const { port } = server.address() as AddressInfo;

  async function pass(
    near: Socket,
    {
      request,
      measure,
      connection,
      reused,
    }: { request: Buffer; measure: Measure; connection: number; reused: boolean },
  ): Promise<void> {
    const subject = subjectOf(request.toString('utf8', measure.head));
    const call: LineCall = { ...subject, request, connection, reused, heard: false };
    calls.push(call);
    if (gathering?.service === call.service) {
      const { all } = gathering;
      if (--gathering.missing === 0) {
        gathering = undefined;
        all.resolve();
      }
      await all.promise;
    }
    const name = `${call.service} ${call.accessKey}`;
    const cut = cuts.get(name);
    cuts.delete(name);
    const far = keep(connect(Number(new URL(target).port), '127.0.0.1'));
    if (cut?.place.of === 'request') {
      await written(far, request.subarray(0, bytesOf(cut.place, measure)));
      return breakOff(cut, near, far);
    }
    far.write(request);
    const answer = dressed(await answerOf(far), line.keepsConnections);
    call.answer = answer.toString();
    if (cut !== undefined) {
      await written(near, answer.subarray(0, bytesOf(cut.place, measured(answer)!)));
      return breakOff(cut, near, far);
    }
    await written(near, answer);
    call.heard = true;
    far.destroy();
    if (!line.keepsConnections) near.end();
  }

  function breakOff({ how, done }: Cut & { done: () => void }, near: Socket, far: Socket): void {
    for (const socket of [far, near]) {
      if (how === 'reset') socket.resetAndDestroy();
      if (how === 'close') socket.destroy();
    }
    done();
  }

  const line: SriLine = {
    url: `http://127.0.0.1:${port}`,
    keepsConnections: true,
    calls: (accessKey) => calls.filter((call) => accessKey === undefined || call.accessKey === accessKey),
    cut: (accessKey, service, cut) =>
      new Promise((done) => {
        cuts.set(`${service} ${accessKey}`, { ...cut, done });
      }),
    gather(service, count) {
      gathering = { service, missing: count, all: Promise.withResolvers() };
    },
    resetNext() {
      resets++;
    },
    async goAway() {
      server.close();
      return () => listen(port);
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return line;
}

/** Nothing before the head is whole; an answer without a length ends with its connection. */
function measured(message: Buffer): Measure | undefined {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = end + 4;
  const length = /^content-length: *(\d+)/im.exec(message.toString('latin1', 0, head))?.[1];
  return { head, whole: length === undefined ? message.length : head + Number(length) };
}

function bytesOf({ bytes }: Place, measure: Measure): number {
  return typeof bytes === 'number' ? bytes : bytes(measure);
}

function subjectOf(body: string): Pick<LineCall, 'service' | 'accessKey'> {
  const asked = /<claveAccesoComprobante>(\d+)</.exec(body)?.[1];
  if (asked !== undefined) return { service: 'authorization', accessKey: asked };
  const xml = Buffer.from(/<xml>([^<]*)</.exec(body)![1]!, 'base64').toString();
  return { service: 'reception', accessKey: /<claveAcceso>(\d+)</.exec(xml)![1]! };
}

/** Also when nobody is there to take it. */
function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => void socket.write(bytes, () => resolve()));
}

async function answerOf(far: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of far.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk]);
    const measure = measured(bytes);
    if (measure === undefined) continue;
    const head = bytes.toString('latin1', 0, measure.head);
    const isWhole = /^transfer-encoding: *chunked/im.test(head)
      ? bytes.toString('latin1').endsWith('\r\n0\r\n\r\n')
      : /^content-length:/im.test(head) && bytes.length >= measure.whole;
    if (isWhole) break;
  }
  return bytes;
}

/** What SRI says of its connections is true of those between the line and SRI only. */
function dressed(answer: Buffer, keepsConnections: boolean): Buffer {
  const end = answer.indexOf('\r\n\r\n') + 2;
  const head = answer.toString('latin1', 0, end).replaceAll(/^(?:connection|keep-alive):.*\r\n/gim, '');
  return Buffer.concat([
    Buffer.from(keepsConnections ? head : `${head}Connection: close\r\n`, 'latin1'),
    answer.subarray(end),
  ]);
}
