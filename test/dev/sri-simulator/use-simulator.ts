import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type SriSimulator, startSriSimulator } from '../../../dev/sri-simulator/index.ts';
import {
  type Authorization,
  type AuthorizationAnswer,
  parseAuthorization,
  parseReception,
  type ReceptionAnswer,
} from '../../../domain/sri/answers.ts';
import { newAuthority, signerOf } from '../../domain/sri/signed-factura.ts';

/** The authority that the simulator of a test file trusts, and a taxpayer it has certified. */
export const authority = newAuthority();
export const signer = signerOf(authority);

export const PATHS = {
  reception: '/comprobantes-electronicos-ws/RecepcionComprobantesOffline',
  authorization: '/comprobantes-electronicos-ws/AutorizacionComprobantesOffline',
} as const;

/** A SOAP call whose body is written by hand. */
export async function call(
  base: string,
  service: keyof typeof PATHS,
  content: string,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const body = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${content}</S:Body></S:Envelope>`;
  const headers = { 'content-type': 'text/xml;charset=UTF-8', soapaction: '""' };
  return fetch(base + PATHS[service], { method: 'POST', headers, body, signal });
}

export function validar(xml: string | Buffer): string {
  const base64 = Buffer.from(xml).toString('base64');
  return `<n:validarComprobante xmlns:n="http://ec.gob.sri.ws.recepcion"><xml>${base64}</xml></n:validarComprobante>`;
}

export function autorizacion(accessKey: string): string {
  return `<n:autorizacionComprobante xmlns:n="http://ec.gob.sri.ws.autorizacion"><claveAccesoComprobante>${accessKey}</claveAccesoComprobante></n:autorizacionComprobante>`;
}

export async function submit(base: string, xml: string | Buffer): Promise<ReceptionAnswer> {
  const response = await call(base, 'reception', validar(xml));
  return parseReception(await response.bytes(), response.headers.get('content-type') ?? '');
}

export async function query(base: string, accessKey: string): Promise<AuthorizationAnswer> {
  const response = await call(base, 'authorization', autorizacion(accessKey));
  return parseAuthorization(await response.bytes(), response.headers.get('content-type') ?? '');
}

/** One simulator for a test file, and the calls to it; no fault outlives its test. */
export function useSimulator() {
  let simulator: SriSimulator;
  beforeAll(async () => {
    simulator = await startSriSimulator({ trusted: [authority.certificate] });
  });
  afterEach(() => control('DELETE', '/faults'));
  afterAll(() => simulator.stop());

  async function control(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`${simulator.controlUrl}${path}`, { method, ...init });
    const answer = await response.text();
    return { status: response.status, body: (answer === '' ? {} : JSON.parse(answer)) as Record<string, unknown> };
  }

  return {
    base: () => simulator.url,
    control,
    call: (service: keyof typeof PATHS, content: string, signal?: AbortSignal) =>
      call(simulator.url, service, content, signal),
    submit: (xml: string | Buffer) => submit(simulator.url, xml),
    query: (accessKey: string) => query(simulator.url, accessKey),
    /** The one decision of a document that is sent and asked about. */
    async decided(xml: Buffer, accessKey: string): Promise<Authorization> {
      expect(await submit(simulator.url, xml)).toMatchObject({ state: 'RECIBIDA', messages: [] });
      const { authorizations } = await query(simulator.url, accessKey);
      expect(authorizations).toHaveLength(1);
      return authorizations[0]!;
    },
    async fault(entry: Record<string, unknown>): Promise<void> {
      expect((await control('POST', '/faults', entry)).status).toBe(201);
    },
    /** What the control address tells of a key. */
    tally: async (accessKey: string) => (await control('GET', `/documents/${accessKey}`)).body,
  };
}
