import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentTypes } from '../../domain/format/document-types.ts';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { exampleOf } from '../../test/support/examples.ts';
import { ApiClient, ApiError } from '../start/api-client.ts';
import type { Random } from './random.ts';

/** A tenant as its tills know it. */
export interface Shop {
  apiKey: string;
  issuerId: string;
  tenantId: string;
  endpointId: string;
}

/** One sale and what its till was promised. */
export interface Sale {
  key: string;
  shop: Shop;
  documentType: string;
  body: object;
  askedAt: number;
  /** How often its till has asked. */
  requests: number;
  /** What its requests were answered with; more than one is a document too many. */
  accessKeys: Set<string>;
  /** The service will not have it, and says so. */
  refused?: string;
}

/** A till gives up on a request, never on a sale. */
const REQUEST_MS = 20_000;
const BACKOFF_MS = [300, 600, 1_200, 2_400, 4_000];
/** Of a hundred, so many lose an answer that they have had, and ask once more. */
const FORGETFUL = 10;
/** Clocks are up to ten minutes off; an instant that is further away is so for everybody. */
export const CLOCK_MARGIN_MS = 15 * 60_000;

/** The API for a shop; each call has its own time. */
export function callAs(api: string, { apiKey, issuerId }: Shop): ApiClient {
  return new ApiClient(api, AbortSignal.timeout(REQUEST_MS)).as(apiKey, issuerId);
}

/** The next sale of a till: of any type, to be sent at once. */
export function newSale(shop: Shop, random: Random): Sale {
  const { code, example } = random.pick(documentTypes);
  const day = new Date(Date.now() - CLOCK_MARGIN_MS);
  return {
    key: randomUUID(),
    shop,
    documentType: code,
    body: { ...exampleOf(example, day), issueDate: taxDateOf(day), autoSend: true },
    askedAt: Date.now(),
    requests: 0,
    accessKeys: new Set(),
  };
}

/** Asks with the same key until there is an answer, as a till that behaves does. */
export async function sell(api: string, sale: Sale, random: Random, signal: AbortSignal): Promise<void> {
  const wait = random.pick([0, 0, 0, 2, 15]);
  const asks = random.between(1, 100) <= FORGETFUL ? 2 : 1;
  for (let asked = 0; asked < asks && sale.refused === undefined; asked++) {
    for (let tries = 0; !signal.aborted; tries++) {
      sale.requests++;
      try {
        const { document } = await callAs(api, sale.shop).post<{ document: { accessKey: string } }>(
          '/v1/documents',
          sale.body,
          { 'Idempotency-Key': sale.key, Prefer: `wait=${wait}` },
        );
        sale.accessKeys.add(document.accessKey);
        break;
      } catch (error) {
        if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
          sale.refused = error.message;
          break;
        }
        await delay(error instanceof ApiError ? (error.retryAfterMs ?? backoff(tries)) : backoff(tries));
      }
    }
  }
}

function backoff(tries: number): number {
  return BACKOFF_MS[tries] ?? BACKOFF_MS.at(-1)!;
}
