import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Authority, earlierRefusal } from './authorization.ts';
import { accessKeyIn } from './document.ts';
import type { ActiveFault, FaultName, Faults } from './faults.ts';
import { type Listener, listen, readBody, send } from './http.ts';
import { messageOf } from './messages.ts';
import { receive, type ReceptionParts } from './reception.ts';
import {
  authorizationAnswer,
  BadRequest,
  OPERATIONS,
  readArgument,
  receptionAnswer,
  type Service,
  soapFault,
  toLatin1,
} from './soap.ts';
import { wsdlOf } from './wsdl.ts';

/** Well above a document of 320 kB in base64, so that it is SRI's own check that refuses a larger one. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

const XML = 'text/xml;charset=UTF-8';
const HTML = 'text/html;charset=UTF-8';
const DEFAULT_SLOW_MS = 1_000;

export interface ServiceParts extends ReceptionParts {
  faults: Faults;
}

/** SRI's two services on one port. */
export async function serve(port: number, parts: ServiceParts): Promise<Listener> {
  const { faults } = parts;
  const stopping = new AbortController();
  const listener = await listen(port, async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const service = (['reception', 'authorization'] as const).find((name) => OPERATIONS[name].path === pathname);
    if (service === undefined) return send(response, 404, HTML, '<html><body>404 Not Found</body></html>');
    if (request.method === 'GET' && search.toLowerCase() === '?wsdl') {
      return send(response, 200, XML, wsdlOf(service, `${listener.url}${pathname}`));
    }
    if (request.method !== 'POST') return send(response, 405, XML, soapFault('Client', 'only POST'));
    await answerCall(service, request, response, parts, stopping.signal);
  });
  listener.server.on('connection', (socket: Socket) => {
    if (faults.take({}, 'connection') !== undefined) socket.resetAndDestroy();
  });
  return {
    ...listener,
    async close() {
      stopping.abort();
      await listener.close();
    },
  };
}

async function answerCall(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServiceParts,
  stopping: AbortSignal,
): Promise<void> {
  const { faults, state } = parts;
  const reset = () => void request.socket.resetAndDestroy();
  if (faults.take({ service }, 'connection') !== undefined) return reset();
  const body = await readBody(request, MAX_REQUEST_BYTES);
  if (body === undefined) return reset();
  let argument: string;
  try {
    if (!/^text\/xml\b/i.test(request.headers['content-type'] ?? ''))
      throw new BadRequest('Content-Type must be text/xml');
    argument = readArgument(service, body);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    return send(response, 500, XML, soapFault('Client', error.message));
  }

  const document = service === 'reception' ? Buffer.from(argument, 'base64') : undefined;
  const accessKey = document === undefined ? argument : accessKeyIn(document);
  const call = { service, ...(accessKey !== undefined && { accessKey }) };
  if (faults.take(call, 'connection') !== undefined) return reset();
  const fault = faults.take(call, 'answer');
  const instead = fault === undefined ? undefined : INSTEAD[fault.fault];
  if (fault !== undefined && instead !== undefined) {
    if (document !== undefined && accessKey !== undefined) state.recordReception(accessKey);
    return instead(response, fault, accessKey);
  }

  const answer =
    document === undefined ? authorize(argument, parts.authority, fault) : answerReception(document, parts);
  await deliver(answer, fault, request.socket, response, stopping);
}

/** An answer on its way, and what happens to it there. */
async function deliver(
  answer: string,
  fault: ActiveFault | undefined,
  socket: Socket,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  switch (fault?.fault) {
    case 'drop-after-accepting':
      socket.resetAndDestroy();
      return;
    case 'cut-mid-answer':
      response.writeHead(200, { 'content-type': XML, 'content-length': Buffer.byteLength(answer) });
      response.write(answer.slice(0, answer.length / 2), () => socket.destroy());
      return;
    case 'slow':
      try {
        await delay(fault.ms ?? DEFAULT_SLOW_MS, undefined, { signal: stopping });
      } catch {
        return;
      }
      return send(response, 200, XML, answer);
    case 'iso-8859-1':
      return send(response, 200, 'text/xml;charset=ISO-8859-1', toLatin1(answer));
    default:
      return send(response, 200, XML, answer);
  }
}

function answerReception(document: Buffer, parts: ReceptionParts): string {
  const { accessKey, refusal } = receive(document, parts);
  return receptionAnswer(accessKey, refusal);
}

function authorize(accessKey: string, authority: Authority, fault: ActiveFault | undefined): string {
  const nodes = fault?.fault === 'never-decides' ? [] : authority.authorizations(accessKey);
  const [decided] = nodes;
  if (fault?.fault === 'several' && decided?.state === 'AUTORIZADO') nodes.unshift(earlierRefusal(decided));
  return authorizationAnswer(accessKey, nodes, fault?.fault === 'escaped');
}

/** What a call meets that is counted and then not worked on. */
const INSTEAD: Partial<
  Record<FaultName, (response: ServerResponse, fault: ActiveFault, accessKey: string | undefined) => void>
> = {
  hang: () => {},
  'http-500-html': (response) => send(response, 500, HTML, '<html><body>500 Internal Server Error</body></html>'),
  'http-503': (response) => send(response, 503, HTML, '<html><body>503 Service Unavailable</body></html>'),
  'soap-fault': (response) => send(response, 500, XML, soapFault('Server', 'Fault occurred while processing.')),
  'empty-answer': (response) => send(response, 200, XML, ''),
  garbage: (response) => send(response, 200, XML, Buffer.from([0x00, 0xff, 0x3c, 0x26, 0x3c, 0xfe])),
  code: (response, { code = '50' }, accessKey) => send(response, 200, XML, receptionAnswer(accessKey, messageOf(code))),
};
