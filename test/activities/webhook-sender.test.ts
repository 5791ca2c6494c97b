import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from '../../activities/webhook-sender.ts';
import { newWebhookSecret } from '../../domain/webhooks/secret.ts';
import { signatureHeaders } from '../../domain/webhooks/signature.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';

const secret = newWebhookSecret();
const dir = mkdtempSync(join(tmpdir(), 'webhooks-'));
const body = JSON.stringify({ type: 'DOCUMENT_AUTHORIZED', tenantId: 't1', data: { buyerName: 'María Ñandú €' } });
let receiver: WebhookReceiver;
let sender: WebhookSender;

beforeAll(async () => {
  receiver = await startWebhookReceiver({ dir, secretOf: () => secret });
  sender = createWebhookSender({ allowLoopback: true });
});
afterAll(async () => {
  await sender.close();
  await receiver.stop();
  rmSync(dir, { recursive: true });
});

const signed = (id: string) => signatureHeaders({ id, timestamp: new Date(), body, secrets: [secret] });
const send = (url: string, by: WebhookSender = sender) => by.send({ url, body, headers: signed('d1') });

function senderWith(options: Partial<WebhookSenderOptions>): WebhookSender {
  const made = createWebhookSender({ allowLoopback: true, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** Another receiver; the address of its `/hooks`. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
}

/** A receiver that speaks as badly as it likes. */
async function serveTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
}

describe('a webhook', () => {
  it('arrives as it was signed', async () => {
    const answer = await sender.send({ url: receiver.url, body, headers: signed('019abc') });
    expect(answer).toEqual({ outcome: 'accepted', status: 204, body: '', durationMs: expect.any(Number) });
    expect(receiver.received().at(-1)).toMatchObject({
      verified: true,
      body,
      headers: {
        'webhook-id': '019abc',
        'content-type': 'application/json',
        'user-agent': 'Comprobante-Webhooks/1.0',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      },
    });
  });

  it('is sent once an attempt, whatever becomes of it', async () => {
    const before = receiver.received().length;
    receiver.failNext({ times: 1, reply: 'drop' });
    expect(await send(receiver.url)).toMatchObject({ outcome: 'failed' });
    receiver.failNext({ times: 1, reply: 500 });
    expect(await send(receiver.url)).toMatchObject({ outcome: 'failed', status: 500 });
    expect(receiver.received()).toHaveLength(before + 2);
  });
});

describe('what a receiver answers', () => {
  it.each([200, 201, 202, 204, 299])('%i is acceptance', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    expect(await send(url)).toMatchObject({ outcome: 'accepted', status });
  });

  it.each([400, 401, 404, 429, 500, 502, 503])('%i is a failure', async (status) => {
    receiver.failNext({ times: 1, reply: status });
    const answer = await send(receiver.url);
    expect(answer).toMatchObject({ outcome: 'failed', status, error: `The receiver answered ${status}.` });
    expect(answer.retryAfterMs).toBeUndefined();
  });

  it('410 asks for no more', async () => {
    receiver.failNext({ times: 1, reply: 410 });
    expect(await send(receiver.url)).toMatchObject({ outcome: 'gone', status: 410 });
  });

  it.each([301, 302, 303, 307, 308])('%i is a failure, and nobody goes where it points', async (status) => {
    let visits = 0;
    const elsewhere = await serve((_, response) => {
      visits += 1;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(status, { location: elsewhere }).end());
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      status,
      error: `The receiver answered ${status}; redirects are not followed.`,
    });
    expect(visits).toBe(0);
  });

  it('is kept as text, accents included', async () => {
    const url = await serve((_, response) => response.end('{"recibido":"Ñandú €"}'));
    expect(await send(url)).toMatchObject({ body: '{"recibido":"Ñandú €"}' });
  });

  it('is kept to 64 kB, between two characters', async () => {
    const url = await serve((_, response) => response.end(`x${'ñ'.repeat(500_000)}`));
    const answer = await send(url);
    expect(answer).toMatchObject({ outcome: 'accepted', status: 200 });
    expect(answer.body).toBe(`x${'ñ'.repeat(32_767)}`);
  });

  it('is kept as far as it came when it breaks off', async () => {
    const url = await serveTcp((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.destroy()),
      );
    });
    expect(await send(url)).toMatchObject({ outcome: 'accepted', status: 200, body: 'half' });
  });
});

describe('Retry-After', () => {
  async function retryAfter(value: string, status = 429): Promise<number | undefined> {
    receiver.failNext({ times: 1, reply: status, retryAfter: value });
    return (await send(receiver.url)).retryAfterMs;
  }

  it('is honoured in seconds', async () => {
    expect(await retryAfter('120')).toBe(120_000);
    expect(await retryAfter('0', 503)).toBe(0);
  });

  it('is honoured as a date', async () => {
    const wait = await retryAfter(new Date(Date.now() + 3_600_000).toUTCString(), 503);
    expect(wait).toBeGreaterThan(3_500_000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
    expect(await retryAfter('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
  });

  it('is a day at most', async () => {
    expect(await retryAfter('999999999999')).toBe(86_400_000);
    expect(await retryAfter('Wed, 21 Oct 2189 07:28:00 GMT')).toBe(86_400_000);
  });

  it.each(['soon', '-5', '1.5', '2026-11-25', 'Never GMT'])('is ignored when it is %j', async (value) => {
    expect(await retryAfter(value)).toBeUndefined();
  });
});

describe('a receiver in trouble', () => {
  it('is too slow to answer', async () => {
    receiver.failNext({ times: 1, reply: 'hang' });
    expect(await send(receiver.url, senderWith({ timeoutMs: 300 }))).toMatchObject({
      outcome: 'failed',
      error: 'The receiver could not be reached: no answer within 0.3 seconds.',
    });
  });

  it('sends its answer a byte at a time: the status counts, the rest has the same deadline', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200).write('slow');
      const timer = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(timer));
    });
    const answer = await send(url, senderWith({ timeoutMs: 400 }));
    expect(answer).toMatchObject({ outcome: 'accepted', status: 200, body: expect.stringMatching(/^slow\.*$/) });
  });

  it('resets the connection', async () => {
    const url = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      error: 'The receiver could not be reached: ECONNRESET.',
    });
  });

  it('does not listen', async () => {
    const gone = await startWebhookReceiver({ dir });
    await gone.stop();
    expect(await send(gone.url)).toMatchObject({
      outcome: 'failed',
      error: 'The receiver could not be reached: ECONNREFUSED.',
    });
  });

  it('does not speak HTTP', async () => {
    const url = await serveTcp((socket) => socket.write('220 mail.example.com ESMTP\r\n'));
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      error: 'The receiver could not be reached: HTTPParserError.',
    });
  });

  it('sends more headers than we read', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end());
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('UND_ERR_HEADERS_OVERFLOW'),
    });
  });

  it('has a name that nobody knows', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
    expect(await send('https://nowhere.example.com/', senderWith({ resolve }))).toMatchObject({
      outcome: 'failed',
      error: 'The receiver could not be reached: ENOTFOUND.',
    });
  });
});

describe('where webhooks do not go', () => {
  const strict = createWebhookSender({ allowLoopback: false });
  afterEach(() => {
    expect(receiver.received().some(({ headers }) => headers['webhook-id'] === 'forbidden')).toBe(false);
  });
  afterAll(() => strict.close());

  it.each([
    '127.0.0.1',
    'localhost',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ])('not to this machine as %s', async (host) => {
    const url = `http://${host}:${receiver.port}/hooks`;
    expect(await strict.send({ url, body, headers: signed('forbidden') })).toMatchObject({
      outcome: 'refused',
      error: 'The URL must not point to a private or reserved address.',
    });
  });

  it.each([['10.0.0.1'], ['169.254.169.254'], ['127.0.0.1'], ['::1'], ['64:ff9b::7f00:1']])(
    'not to a name that leads to %s when the connection is made',
    async (address) => {
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      const url = `http://shop.example.com:${receiver.port}/hooks`;
      const answer = await senderWith({ allowLoopback: false, resolve }).send({
        url,
        body,
        headers: signed('forbidden'),
      });
      expect(answer).toMatchObject({
        outcome: 'refused',
        error: 'The host resolves to a private or reserved address.',
      });
      expect(answer.status).toBeUndefined();
    },
  );

  it('asks once and goes where it was told: a name server that answers otherwise a moment later is not asked', async () => {
    const addresses = ['127.0.0.1'];
    let questions = 0;
    const resolve = async () => {
      questions += 1;
      return [{ address: addresses.shift() ?? '169.254.169.254', family: 4 }];
    };
    const before = receiver.received().length;
    const answer = await send(`http://shop.example.com:${receiver.port}/hooks`, senderWith({ resolve }));
    expect([answer.outcome, questions, receiver.received().length]).toEqual(['accepted', 1, before + 1]);
  });

  it.each(['http://169.254.169.254/', 'http://metadata.google.internal/', 'http://[::1]/'])(
    'not where a redirect points: %s',
    async (location) => {
      const url = await serve((_, response) => response.writeHead(307, { location }).end());
      const hosts: string[] = [];
      const resolve = async (host: string) => {
        hosts.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      };
      const named = url.replace('127.0.0.1', 'shop.example.com');
      expect(await send(named, senderWith({ resolve }))).toMatchObject({ outcome: 'failed', status: 307 });
      expect(hosts).toEqual(['shop.example.com']);
    },
  );

  it('checks a name afresh at every attempt', async () => {
    const addresses = ['127.0.0.1', '10.0.0.1'];
    const made = senderWith({ resolve: async () => [{ address: addresses.shift()!, family: 4 }] });
    const url = `http://shop.example.com:${receiver.port}/hooks`;
    expect(await send(url, made)).toMatchObject({ outcome: 'accepted' });
    expect(await send(url, made)).toMatchObject({ outcome: 'refused' });
  });

  it.each(['https://user:secret@shop.example.com/', 'ftp://shop.example.com/', 'nonsense'])(
    'not to %s',
    async (url) => {
      const answer = await strict.send({ url, body, headers: {} });
      expect(answer.outcome).toBe('refused');
      expect(answer.error).not.toContain('secret');
    },
  );
});

describe('a caller that gives up', () => {
  it('ends the attempt with its own reason', async () => {
    const reason = new Error('worker is shutting down');
    const caller = new AbortController();
    const url = await serve(() => caller.abort(reason));
    await expect(sender.send({ url, body, headers: {}, signal: caller.signal })).rejects.toBe(reason);
  });

  it('before it began', async () => {
    const reason = new Error('cancelled');
    await expect(sender.send({ url: receiver.url, body, headers: {}, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
