import { afterAll, beforeAll, expect, it } from 'vitest';
import { TENANT_BOUNDS } from '../../api/admission.ts';
import { freePort } from '../../dev/free-port.ts';
import { buildGates, type Gates } from '../support/gates.ts';
import { startMortalProgram } from '../support/mortal-program.ts';
import { sampleSale } from '../support/sales.ts';
import { type Answer, call, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const FLOOD = 240;

let stack: Stack;
let shop: Shop;
let gates: Gates;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  gates = await buildGates(stack.config.databaseUrl, { write: { table: 'documents', before: 'insert', when: 'true' } });
});

afterAll(async () => {
  await gates.stop();
  await stack.stop();
});

it('what a locked database leaves no room for is refused at once, and what was taken is done once', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // It would die of the flood if it took it in.
  const api = await startMortalProgram(stack, 'api', {
    PORT: String(port),
    LOG_LEVEL: 'silent',
    NODE_OPTIONS: '--max-old-space-size=160',
  });
  const sell = (ticket: string, body: string): Promise<Answer> => {
    const who = { authorization: `Bearer ${shop.apiKey}`, 'x-issuer-id': shop.issuerId };
    const headers = { ...who, 'content-type': 'application/json', 'idempotency-key': ticket };
    return call(url, 'POST', '/v1/documents', { headers, body });
  };
  const sale = JSON.stringify(sampleSale());
  const large = sale.padEnd(500_000);
  const tickets = Array.from({ length: FLOOD }, (_, at) => `flood-${at}`);
  try {
    const open = await gates.close('write', shop.tenantId);
    let refused = 0;
    const flood = Promise.all(
      tickets.map(async (ticket) => {
        const answer = await sell(ticket, large);
        refused += Number(answer.status === 503);
        return answer;
      }),
    );
    flood.catch(() => undefined);
    await until('the refusal of what there is no room for', async () => refused >= FLOOD - TENANT_BOUNDS.working);
    // Whoever looks after it still gets in; a busy machine may take more than one question.
    const asAdmin = { headers: { authorization: `Bearer ${stack.config.adminSecret}` } };
    await until('its readiness', async () => (await call(url, 'GET', '/readyz')).status === 200);
    await until('administration', async () => (await call(url, 'GET', '/v1/admin/tenants', asAdmin)).status === 200);
    await open();

    const answers = await flood;
    const turnedAway = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(FLOOD - turnedAway.length);
    // The others have waited for a connection for as long as they may.
    expect(turnedAway.filter(({ body }) => body.code === 'SERVER_BUSY').length).toBeGreaterThan(0);
    for (const { headers } of turnedAway) {
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }

    const keys = new Set<string>();
    for (const [at, { status, body }] of answers.entries()) {
      if (status === 201) keys.add(body.document.accessKey);
      if (at % 10 > 0) continue;
      const again = await until(`the document of ${tickets[at]}`, async () => {
        const answer = await sell(tickets[at]!, sale);
        return answer.status !== 503 && answer;
      });
      expect(again.status).toBe(status === 201 ? 200 : 201);
      keys.add(again.body.document.accessKey);
    }
    const issued = await stack.store.lookUp<{ sequential: string }>('select sequential from documents', []);
    expect(issued.map(({ sequential }) => Number(sequential)).toSorted((a, b) => a - b)).toEqual(
      Array.from(keys, (_, at) => at + 1),
    );
  } finally {
    await api.kill();
  }
});
