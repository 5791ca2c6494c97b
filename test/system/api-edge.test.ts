import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentProcess } from '../../api/document-process.ts';
import { routes } from '../../api/routes.ts';
import { type RunningApi, startApi } from '../../api/server.ts';
import { createTenantProcess } from '../../api/tenant-process.ts';
import { freePort } from '../../dev/free-port.ts';
import { Sealer } from '../../domain/store/sealing.ts';
import { sampleSale } from '../support/sales.ts';
import { type Answer, call, openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^https:\/\/comprobante\.example\/problems\/[a-z-]+$/),
    instance: expect.any(String),
  });
}

describe('the edge', () => {
  it('answers a problem to what it does not know', async () => {
    expectProblem(await call(stack.apiUrl, 'GET', '/v1/nothing?token=secret'), 404, 'NOT_FOUND');
    const wrong = await call(stack.apiUrl, 'DELETE', '/v1/documents');
    expectProblem(wrong, 405, 'METHOD_NOT_ALLOWED');
    expect(wrong.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']);
    // No document is called so.
    const literal = await shop.get('/v1/documents/validate');
    expectProblem(literal, 405, 'METHOD_NOT_ALLOWED');
    expect(literal.headers.get('allow')).toBe('POST, OPTIONS');
    const options = await call(stack.apiUrl, 'OPTIONS', '/v1/register');
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('POST, OPTIONS');
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
    expectProblem(
      await call(stack.apiUrl, 'GET', '/health', { headers: { accept: 'text/html' } }),
      406,
      'NOT_ACCEPTABLE',
    );
  });

  it('answers a problem to what it cannot read as a request', async () => {
    const large = await call(stack.apiUrl, 'GET', `/v1/documents?cursor=secret${'x'.repeat(20_000)}`);
    expect(large).toMatchObject({ status: 431, body: { status: 431, code: 'HEADERS_TOO_LARGE' } });
    expect(large.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.stringify(large.body)).not.toContain('secret');
    const { hostname, port } = new URL(stack.apiUrl);
    const socket = connect(Number(port), hostname);
    socket.end('Buenos días\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('tells people in their language, and caches that it does', async () => {
    const spanish = await call(stack.apiUrl, 'GET', '/v1/nothing', {
      headers: { 'accept-language': 'es-EC,en;q=0.5' },
    });
    expect(spanish.body.title).toBe('No existe');
    expect(spanish.headers.get('content-language')).toBe('es');
    expect(spanish.headers.get('vary')).toContain('Accept-Language');
    const french = await call(stack.apiUrl, 'GET', '/v1/nothing', { headers: { 'accept-language': 'fr' } });
    expect([french.body.title, french.headers.get('content-language')]).toEqual(['Not found', 'en']);
  });

  it('explains the messages of SRI in the language that is asked for', async () => {
    const meaning = async (language: string) => {
      const answer = await fetch(`${stack.apiUrl}/v1/catalogs/sri-messages`, {
        headers: { 'accept-language': language },
      });
      expect(answer.headers.get('vary')).toContain('Accept-Language');
      const { data } = (await answer.json()) as { data: { identifier: string; meaning: string; next: string }[] };
      return data.find(({ identifier }) => identifier === '45');
    };
    expect(await meaning('es')).toMatchObject({ meaning: 'Secuencial registrado', next: 'new-document' });
    expect(await meaning('en')).toMatchObject({ meaning: 'Sequential already registered', next: 'new-document' });
  });

  it('tells what a code means on a day, and who says so', async () => {
    const goods = async (date: string) => {
      const answer = await fetch(`${stack.apiUrl}/v1/catalogs/retention-codes?date=${date}`);
      const { source, data } = (await answer.json()) as { source: string; data: { code: string; rates: string[] }[] };
      expect(source).toContain('NAC-DGERCGC26-00000009');
      return data.find(({ code }) => code === '312')!.rates;
    };
    expect([await goods('28/02/2026'), await goods('01/03/2026')]).toEqual([['1.75'], ['2']]);
  });

  it('answers HEAD wherever it answers GET', async () => {
    const url = `${stack.apiUrl}/v1/catalogs/id-types`;
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String((await (await fetch(url)).arrayBuffer()).byteLength));
  });

  it('repeats no query of a request', async () => {
    const answer = await call(stack.apiUrl, 'GET', '/v1/nothing?token=secret');
    expect(answer.body).toMatchObject({ instance: '/v1/nothing' });
    expect(stack.logs()).not.toContain('token=secret');
  });

  it('gives each request an id, and takes a sane one', async () => {
    const id = async (given?: string) =>
      (
        await call(stack.apiUrl, 'GET', '/livez', { headers: given === undefined ? {} : { 'x-request-id': given } })
      ).headers.get('x-request-id');
    expect(await id('till-7.4711')).toBe('till-7.4711');
    expect(await id()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id('a b')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells browsers to keep out', async () => {
    const { headers } = await call(stack.apiUrl, 'GET', '/livez');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('logs a line a request that names the route, not the document', async () => {
    const { accessKey } = (await shop.sell({}, { 'x-request-id': 'logged-sale' })).body.document;
    await shop.get(`/v1/documents/${accessKey}`, { 'x-request-id': 'logged-look' });
    const lines = stack
      .logs()
      .split('\n')
      .filter((line) => line.includes('logged-'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ method: 'POST', route: '/v1/documents', status: 201, tenantId: shop.tenantId }),
      expect.objectContaining({
        method: 'GET',
        route: '/v1/documents/:accessKey',
        status: 200,
        ms: expect.any(Number),
      }),
    ]);
    for (const secret of [shop.apiKey, 'María José', 'maria@example.com']) expect(stack.logs()).not.toContain(secret);
  });
});

describe('the service', () => {
  it('tells how it is', async () => {
    expect((await call(stack.apiUrl, 'GET', '/health')).body).toEqual({
      status: 'ok',
      uptime: expect.any(Number),
      version: expect.any(String),
    });
    expect((await call(stack.apiUrl, 'GET', '/livez')).body).toEqual({ status: 'ok' });
    expect((await call(stack.apiUrl, 'GET', '/readyz')).body).toEqual({
      status: 'ok',
      checks: { database: 'ok', migrations: 'ok', temporal: 'ok', running: 'ok' },
    });
  });

  it('describes itself to programs and people', async () => {
    const document = (await call(stack.apiUrl, 'GET', '/openapi.json')).body as unknown as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toBe('3.1.1');
    expect(Object.values(document.paths).flatMap((item) => Object.keys(item as object))).toHaveLength(routes.length);
    const page = await call(stack.apiUrl, 'GET', '/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/style-src 'sha256-/);
    const problem = await fetch(`${stack.apiUrl}/problems/not-found`, { redirect: 'manual' });
    expect([problem.status, problem.headers.get('location')]).toEqual([303, '/docs#problem-not-found']);
    expectProblem(await call(stack.apiUrl, 'GET', '/problems/constructor'), 404, 'NOT_FOUND');
  });
});

/** Another API on the same database. */
function startAnother(client: Client): Promise<RunningApi> {
  const { config, store } = stack;
  const process = createDocumentProcess({ client });
  const tenantProcess = createTenantProcess({ client });
  const sealer = new Sealer(config.encryptionKeys);
  const deps = { config, store, sealer, process, tenantProcess, log: pino({ level: 'silent' }) };
  return startApi(deps, { host: '127.0.0.1', port: 0 });
}

describe('without Temporal', () => {
  let api: RunningApi;

  beforeAll(async () => {
    // Never closed: a call that is being retried would throw on a closed connection.
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    api = await startAnother(new Client({ connection }));
  });

  afterAll(() => api.close());

  it('a sale answers 503, and its repetition finds the document', async () => {
    const headers = {
      authorization: `Bearer ${shop.apiKey}`,
      'x-issuer-id': shop.issuerId,
      'idempotency-key': 'while-temporal-is-away',
    };
    const away = await call(api.url, 'POST', '/v1/documents', { body: sampleSale(), headers });
    expectProblem(away, 503, 'SERVICE_UNAVAILABLE');
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    const told = await call(api.url, 'POST', '/v1/documents', {
      body: sampleSale(),
      headers: { ...headers, prefer: 'wait=0' },
    });
    expectProblem(told, 503, 'SERVICE_UNAVAILABLE');
    const back = await call(stack.apiUrl, 'POST', '/v1/documents', { body: sampleSale(), headers });
    expect(back.status).toBe(200);
    expect(back.body.document.status).toBe('SIGNED');
  });

  it('it is alive, and not ready', async () => {
    expect((await call(api.url, 'GET', '/health')).status).toBe(200);
    const ready = await call(api.url, 'GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ status: 'error', checks: { database: 'ok', temporal: 'error' } });
  });
});

describe('the end', () => {
  it('lets a request finish, and takes no other', async () => {
    const { temporal } = stack;
    const api = await startAnother(temporal.client);
    await stack.sri.fault({ service: 'reception', fault: 'down' });
    const headers = { authorization: `Bearer ${shop.apiKey}`, 'x-issuer-id': shop.issuerId, prefer: 'wait=2' };
    const held = call(api.url, 'POST', '/v1/documents', { body: { ...sampleSale(), autoSend: true }, headers });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const closed = api.close();
    expect((await held).status).toBe(201);
    await closed;
    await stack.sri.heal();
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow();
  });
});
