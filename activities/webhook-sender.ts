import { performance } from 'node:perf_hooks';
import { Agent, type Dispatcher, request } from 'undici';
import { assertWebhookUrl } from '../domain/webhooks/url.ts';
import { AddressRefused, guardedLookup, type Resolve } from './address-guard.ts';

export interface WebhookSenderOptions {
  /** This very machine may receive: the embedded default only. */
  allowLoopback: boolean;
  /** Milliseconds for one whole attempt, connection and answer included. */
  timeoutMs?: number;
  /** How host names are resolved; by the system unless given. */
  resolve?: Resolve;
}

interface WebhookRequest {
  url: string;
  /** JSON text, sent as it is. */
  body: string;
  headers: Record<string, string>;
  /** Ends the attempt; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

interface WebhookAnswer {
  /** `gone`: the receiver asks for no more (410); `refused`: we do not send there. */
  outcome: 'accepted' | 'failed' | 'gone' | 'refused';
  status?: number;
  /** A sentence without secrets; absent when accepted. */
  error?: string;
  /** Beginning of what the receiver answered. */
  body?: string;
  durationMs: number;
  /** When the receiver asks to be asked again, at most a day. */
  retryAfterMs?: number;
}

export interface WebhookSender {
  /** One attempt. Whatever the receiver does is an answer; nothing is thrown but the signal's reason. */
  send(webhook: WebhookRequest): Promise<WebhookAnswer>;
  /** Ends once running attempts have. */
  close(): Promise<void>;
}

type Verdict = Omit<WebhookAnswer, 'durationMs'>;

const MAX_ANSWER_BYTES = 64 * 1_024;
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Posts webhooks to addresses that strangers chose: public ones only, never redirected, bounded in time and size. */
export function createWebhookSender({
  allowLoopback,
  timeoutMs = 15_000,
  resolve,
}: WebhookSenderOptions): WebhookSender {
  const dispatcher = new Agent({
    // No connection is kept: each attempt resolves and checks its address, and none fails on one that has gone stale.
    pipelining: 0,
    allowH2: false,
    maxHeaderSize: 16 * 1_024,
    connect: { lookup: guardedLookup(allowLoopback, resolve), timeout: Math.min(10_000, timeoutMs) },
  });

  async function attempt({ url, body, headers, signal }: WebhookRequest): Promise<Verdict> {
    const wrong = assertWebhookUrl(url, { sandbox: true, allowLoopback });
    if (wrong !== undefined) return { outcome: 'refused', error: wrong };
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const response = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Comprobante-Webhooks/1.0' },
        body,
        signal: signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]),
      });
      return { ...verdictOf(response), body: await beginningOf(response.body) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AddressRefused) return { outcome: 'refused', error: error.message };
      const reason = deadline.signal.aborted ? `no answer within ${timeoutMs / 1_000} seconds` : codeOf(error);
      return { outcome: 'failed', error: `The receiver could not be reached: ${reason}.` };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async send(webhook) {
      const start = performance.now();
      const verdict = await attempt(webhook);
      return { ...verdict, durationMs: Math.round(performance.now() - start) };
    },
    close: () => dispatcher.close(),
  };
}

/** The status alone decides (Standard Webhooks 1.0.0, "Delivery"). */
function verdictOf({ statusCode: status, headers }: Dispatcher.ResponseData): Verdict {
  if (status >= 200 && status < 300) return { outcome: 'accepted', status };
  if (status === 410) return { outcome: 'gone', status, error: 'The receiver answered 410: it wants no more.' };
  const note = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const retryAfterMs = retryAfterOf(headers['retry-after']);
  return {
    outcome: 'failed',
    status,
    error: `The receiver answered ${status}${note}.`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Seconds, or a date as HTTP writes it (RFC 9110, sections 10.2.3 and 5.6.7); anything else is no wish. */
function retryAfterOf(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  const wait = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : value.endsWith(' GMT')
      ? Date.parse(value) - Date.now()
      : NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}

/** Leaving the loop ends the connection. An answer that breaks off keeps its verdict: the status had arrived. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let room = MAX_ANSWER_BYTES;
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk.subarray(0, room), { stream: true });
      room -= chunk.length;
      if (room <= 0) break;
    }
  } catch {
    // What has arrived is kept.
  }
  return text;
}

/** Such as ENOTFOUND, ECONNRESET, CERT_HAS_EXPIRED or HTTPParserError; other people's messages may hold anything. */
function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return [code, name].find((word) => word !== undefined && /^\w{1,60}$/.test(word)) ?? 'unknown trouble';
}
