import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { arrivalsIn } from './arrivals.ts';

export interface WebhookReceiverOptions {
  /** Folder of what arrives; made when it is not there. */
  dir: string;
  /** Any free one unless given. */
  port?: number;
  /** The secret of a tenant's endpoint, once it is known: what it does not verify is answered 401. */
  secretOf?: (tenantId: string) => string | undefined;
}

/** One request, as its file holds it. */
interface ReceivedWebhook {
  receivedAt: string;
  headers: Record<string, string>;
  body: string;
  /** Whether the signature is the endpoint's; absent when the secret is not known. */
  verified?: boolean;
  /** What was answered. */
  answer: number | 'hang' | 'drop';
}

interface WebhookFault {
  /** How many of the next requests it is for. */
  times: number;
  /** A status, silence, or the end of the connection. */
  reply: number | 'hang' | 'drop';
  /** The Retry-After of the reply. */
  retryAfter?: string;
}

export interface WebhookReceiver {
  /** Where to send webhooks. */
  url: string;
  port: number;
  dir: string;
  /** Everything that has arrived in the folder, in order, earlier runs included. */
  received(): ReceivedWebhook[];
  /** Makes the next requests fail; faults asked for earlier come first. */
  failNext(fault: WebhookFault): void;
  stop(): Promise<void>;
}

const PATH = '/hooks';
const MAX_BODY_BYTES = 1_000_000;

/** A receiver on loopback, such as a tenant would run: keeps every request as a file, then answers 204. */
export async function startWebhookReceiver({
  dir,
  port = 0,
  secretOf,
}: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const arrivals = arrivalsIn(dir, 'json');
  const faults: WebhookFault[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== PATH) return void response.writeHead(404).end();
    const body = await bodyOf(request);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const verified = verify(headers, body, secretOf);
    const fault = faults.shift();
    const answer = fault?.reply ?? (verified === false ? 401 : 204);
    const webhook: ReceivedWebhook = {
      receivedAt: new Date().toISOString(),
      headers,
      body,
      ...(verified === undefined ? {} : { verified }),
      answer,
    };
    await arrivals.keep(`${JSON.stringify(webhook, undefined, 2)}\n`);
    if (answer === 'hang') return;
    if (answer === 'drop') return void request.socket.destroy();
    response.writeHead(answer, fault?.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }).end();
  }

  const server = createServer((request, response) => {
    // What cannot be read or kept is not confirmed.
    receive(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });

  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}${PATH}`,
    port: bound,
    dir,
    received: () =>
      readdirSync(dir)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
        .map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as ReceivedWebhook),
    failNext(fault) {
      for (let n = 0; n < fault.times; n++) faults.push(fault);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @throws when it is larger than the receiver takes. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function verify(
  headers: Record<string, string>,
  body: string,
  secretOf: WebhookReceiverOptions['secretOf'],
): boolean | undefined {
  try {
    const secret = secretOf?.((JSON.parse(body) as { tenantId: string }).tenantId);
    if (secret === undefined) return undefined;
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

const USAGE = `Receives webhooks, keeps each as a file and answers 204.

  node dev/webhook-receiver.ts --dir FOLDER [--port PORT] [--secret whsec_…]

  --dir     where the .json files go
  --port    where it listens on 127.0.0.1 (any free one unless given)
  --secret  the endpoint's secret: what it does not verify is answered 401`;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '0' },
      secret: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.dir === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
  } else {
    const { dir, port, secret } = values;
    const receiver = await startWebhookReceiver({ dir, port: Number(port), secretOf: () => secret });
    console.log(`Webhooks to ${receiver.url} arrive in ${receiver.dir}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void receiver.stop());
  }
}
