import { type AnswerBody, type Shop, until } from './shop.ts';

export type BatchView = AnswerBody['batch'];
export type ResultView = AnswerBody['results'][number];

/** Sends lines; what is no text becomes JSON. */
export async function postLines(shop: Shop, lines: readonly unknown[], headers: Record<string, string> = {}) {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return shop.post('/v1/batches', text, { 'content-type': 'application/x-ndjson', ...headers });
}

/** The same for lines that are accepted. */
export async function startBatch(shop: Shop, lines: readonly unknown[]): Promise<BatchView> {
  const { status, body, bytes } = await postLines(shop, lines);
  if (status !== 202) throw new Error(`the batch is answered ${status}: ${bytes.toString()}`);
  return body.batch;
}

export async function readBatch(shop: Shop, id: string): Promise<BatchView> {
  return (await shop.get(`/v1/batches/${id}`)).body.batch;
}

/** Waits until each line has its result. */
export async function finished(shop: Shop, { id }: { id: string }): Promise<BatchView> {
  return until('the end of a batch', async () => {
    const batch = await readBatch(shop, id);
    return batch.finishedAt !== null && batch;
  });
}

/** All results, page by page. */
export async function resultsOf(shop: Shop, { id }: { id: string }, query = 'limit=1000'): Promise<ResultView[]> {
  const results: ResultView[] = [];
  let cursor: string | null | undefined = '0';
  while (cursor) {
    const { body } = await shop.get(`/v1/batches/${id}/results?${query}&cursor=${cursor}`);
    results.push(...body.results);
    cursor = body.pagination.nextCursor;
  }
  return results;
}
