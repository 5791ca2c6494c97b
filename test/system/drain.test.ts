import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsIn } from '../../dev/audit/audit.ts';
import { freePort } from '../../dev/free-port.ts';
import { startMortalProgram } from '../support/mortal-program.ts';
import { sampleSale } from '../support/sales.ts';
import { call, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack({ decisionDelayMs: 1_000 });
  shop = await openShop(stack);
  await shop.post('/v1/webhooks', { url: stack.receiver.url });
});

afterAll(() => stack.stop());

/** Nothing is lost, doubled or stuck, once what is under way has ended. */
async function expectClean(): Promise<void> {
  const { config, temporal, mailbox, receiver, sri } = stack;
  const places = {
    databaseUrl: config.databaseUrl,
    temporal: { address: temporal.address, namespace: temporal.namespace },
    sriControl: sri.url,
    mailboxDir: mailbox.dir,
    webhooksDir: receiver.dir,
  };
  await until('the end of what is under way', async () => (await findingsIn(places, new Date())).length === 0);
}

it('an API that is asked to end answers whole what it has begun, and says before that it will take no more', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = await startMortalProgram(stack, 'api', { PORT: String(port), DRAIN_SECONDS: '1' });
  const dispatcher = new Agent({ connections: 8 });
  const asked: string[] = [];
  const answered = new Set<string>();
  const sell = async (apiUrl: string, ticket: string) => {
    const response = await request(`${apiUrl}/v1/documents`, {
      dispatcher,
      method: 'POST',
      headers: {
        authorization: `Bearer ${shop.apiKey}`,
        'x-issuer-id': shop.issuerId,
        'content-type': 'application/json',
        'idempotency-key': ticket,
        'x-request-id': ticket,
        prefer: 'wait=5',
      },
      body: JSON.stringify({ ...sampleSale(), autoSend: asked.length % 2 === 0 }),
    });
    const body = (await response.body.json()) as { document: { accessKey: string } };
    expect([200, 201]).toContain(response.statusCode);
    return body.document.accessKey;
  };
  /** Sells until nobody answers. */
  const till = async () => {
    for (;;) {
      const ticket = `till-${asked.length}`;
      asked.push(ticket);
      try {
        await sell(url, ticket);
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/);
        return;
      }
      answered.add(ticket);
    }
  };
  const tills = Array.from({ length: 8 }, till);
  await until('some sales', async () => answered.size >= 10);
  const ended = api.terminate();
  const ready = await until('the word that it takes no more', async () => {
    const told = await call(url, 'GET', '/readyz');
    return told.status === 503 && told;
  });
  expect(ready.body).toMatchObject({ checks: { database: 'ok', temporal: 'ok', running: 'error' } });
  expect(ready.headers.get('connection')).toBe('close');
  expect(await ended).toBe(0);
  await Promise.all(tills);
  await dispatcher.close();

  const begun = api
    .log()
    .map((line) => JSON.parse(line) as { msg: string; requestId?: string })
    .flatMap(({ msg, requestId }) => (msg === 'request' && requestId?.startsWith('till-') ? [requestId] : []));
  expect(begun.filter((ticket) => !answered.has(ticket))).toEqual([]);
  expect(begun).toHaveLength(answered.size);
  const before = await stack.store.lookUp('select id from documents', []);
  expect(before).toHaveLength(answered.size);
  await expectClean();
});

it('a worker that is asked to end ends what it has begun, and another goes on with the rest', async () => {
  await stack.stopWorkers();
  const worker = await startMortalProgram(stack, 'activities', { LOG_LEVEL: 'warn' });
  const sold = await Promise.all(Array.from({ length: 12 }, () => shop.sell({ autoSend: true }, { prefer: 'wait=0' })));
  const keys = sold.map(({ body }) => body.document.accessKey);
  const authorized = () =>
    stack.store.lookUp(
      `select id from documents where status = 'AUTHORIZED' and access_key = any(string_to_array(?, ','))`,
      [keys.join()],
    );
  await until('the first authorizations', async () => (await authorized()).length >= 3);
  expect(await worker.terminate()).toBe(0);
  await stack.startWorkers();
  await until('the end of all', async () => {
    const answers = await Promise.all(keys.map((key) => shop.get(`/v1/documents/${key}`)));
    return answers.every(
      ({ body: { document } }) => document.status === 'AUTHORIZED' && document.email.status === 'SENT',
    );
  });
  await expectClean();
  // Had it been cut, the server would have found out by a time that had run out.
  for (const key of keys) {
    const { events } = await stack.temporal.client.workflow.getHandle(key).fetchHistory();
    const failures = (events ?? []).map(({ activityTaskStartedEventAttributes: started }) => started?.lastFailure);
    expect(failures.filter((failure) => failure?.timeoutFailureInfo)).toEqual([]);
  }
});
