import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentTypes } from '../../domain/format/document-types.ts';
import { exampleOf } from '../../test/support/examples.ts';
import { type ApiClient, ApiError } from '../start/api-client.ts';

/** What has been done so far. */
export interface Tally {
  documents: number;
  requests: number;
  /** What did not go as it has to, in words, without buyers. */
  failures: string[];
}

export interface LoadOptions {
  api: ApiClient;
  issuerId: string;
  /** Documents a second. */
  rate: number;
  seconds: number;
  signal: AbortSignal;
}

/** More lives than these under way at once, and the service does not keep up. */
const MOST_AT_ONCE = 100;
const FACTURA = '01';
const ATTEMPTS = 60;
const RETRY_MS = 5_000;

interface OneDocument {
  document: { accessKey: string; status: string };
}

/** Has the issuer issue documents of all types in turn, each with a life of its own; resolves when all have been lived. */
export async function soak(options: LoadOptions, tally: Tally): Promise<void> {
  const { api, issuerId, rate, seconds, signal } = options;
  for (const { code: documentType } of documentTypes.filter(({ code }) => code !== FACTURA)) {
    await api.post(`/v1/issuers/${issuerId}/document-types`, { documentType });
  }
  const began = performance.now();
  const running = new Set<Promise<void>>();
  for (let number = 0; number < rate * seconds; number++) {
    await delay(Math.max(0, began + (number * 1_000) / rate - performance.now()), undefined, { signal });
    if (running.size >= MOST_AT_ONCE) {
      tally.failures.push(`${MOST_AT_ONCE} documents are under way: it does not keep up`);
      continue;
    }
    const life = live(api, number, tally)
      .catch((error: unknown) => void tally.failures.push(String(error)))
      .finally(() => running.delete(life));
    running.add(life);
  }
  await Promise.all(running);
}

/** From the sale to the files and lists in which whoever sold it looks for it. */
async function live(api: ApiClient, number: number, tally: Tally): Promise<void> {
  const type = documentTypes[number % documentTypes.length]!;
  /** On a machine that others use too, much may take its time: what is put off is asked for again. */
  const asked = async <T>(request: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      tally.requests++;
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 503 || attempt === ATTEMPTS) throw error;
        await delay(RETRY_MS);
      }
    }
  };
  const body = { ...exampleOf(type.example), autoSend: true };
  const headers = { 'Idempotency-Key': `soak-${randomUUID()}`, Prefer: 'wait=60' };
  let { document } = await asked(() => api.post<OneDocument>('/v1/documents', body, headers));
  const path = `/v1/documents/${document.accessKey}`;
  for (let look = 1; document.status !== 'AUTHORIZED'; look++) {
    if (look === ATTEMPTS) throw new Error(`${document.accessKey} is ${document.status} for minutes`);
    await delay(RETRY_MS);
    ({ document } = await asked(() => api.get<OneDocument>(path)));
  }
  tally.documents++;
  const ride = await asked(() => api.download(`${path}/ride`));
  if (!ride.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error(`the RIDE of ${document.accessKey} is no PDF`);
  await asked(() => api.download(`${path}/xml`));
  await asked(() => api.get(`${path}/events`));
  await asked(() => api.get(`/v1/documents?documentType=${type.code}&limit=50`));
  await asked(() => api.get('/v1/notifications?limit=20'));
}
