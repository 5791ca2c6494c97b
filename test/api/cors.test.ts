import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cors } from '../../api/middleware/cors.ts';

const TILL = 'https://till.example.com';
const servers: Server[] = [];
let closed: string;
let open: string;

async function serve(origins: string[]): Promise<string> {
  const app = new Koa();
  app.use(cors(origins));
  app.use((ctx) => {
    ctx.body = 'here';
  });
  const server = createServer((request, response) => void app.callback()(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  closed = await serve([]);
  open = await serve([TILL]);
});

afterAll(() => servers.forEach((server) => server.close()));

const preflight = (url: string, origin: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-issuer-id',
    },
  });

describe('scripts of other origins', () => {
  it('are let in by name only', async () => {
    for (const [url, origin] of [
      [closed, TILL],
      [open, 'https://till.example.com.evil.example'],
      [open, 'null'],
    ] as const) {
      for (const answer of [await fetch(url, { headers: { origin } }), await preflight(url, origin)]) {
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(await answer.text()).toBe('here');
      }
    }
  });

  it('may send what the API takes, and read what it answers', async () => {
    const asked = await preflight(open, TILL);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(TILL);
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization,x-issuer-id');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await fetch(open, { headers: { origin: TILL } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(TILL);
    expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit');
    expect(await answer.text()).toBe('here');
  });

  it('are kept apart by caches', async () => {
    expect((await fetch(open)).headers.get('vary')).toContain('Origin');
    expect((await fetch(closed)).headers.get('vary')).toBeNull();
  });
});
