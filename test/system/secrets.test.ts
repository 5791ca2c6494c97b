import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/database.ts';
import { mailsIn, openShop, P12_PASSWORD, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const BUYER = 'Rosa Élida Quishpe-Guamán';
const BUYER_MAIL = 'rosa.quishpe@example.com';

let stack: Stack;
let shop: Shop;
let secrets: Record<string, string>;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  const endpoint = await shop.post('/v1/webhooks', { url: stack.receiver.url });
  secrets = {
    "the buyer's name": BUYER,
    "the buyer's address": BUYER_MAIL,
    'the password of the P12': P12_PASSWORD,
    'the API key': shop.apiKey,
    "the webhook's secret": endpoint.body.secret,
    'the admin secret': stack.config.adminSecret,
    "the tenant's address": shop.email,
  };
});

afterAll(() => stack.stop());

describe('what nobody but its owner may read', () => {
  it('is in no log and in no history, after successes, refusals and failures on every way out', async () => {
    const buyer = { idType: '05', id: '0926687856', name: BUYER, email: BUYER_MAIL } as const;
    await stack.sri.fault({ service: 'reception', fault: 'http-500-html', times: 1 });
    stack.mailbox.failNext({ times: 1, reply: 451 });
    stack.receiver.failNext({ times: 1, reply: 500 });
    const sold = await shop.sell({ autoSend: true, buyer }, { prefer: 'wait=30' });
    expect(sold.body.document.status).toBe('AUTHORIZED');
    await shop.sell({ buyer: { ...buyer, id: '0926687857' } });
    await shop.post('/v1/documents', `{"buyer": {"name": "${BUYER}"`, { 'content-type': 'application/json' });
    await shop.get('/v1/issuers', { authorization: `Bearer ${shop.apiKey}x` });
    // The activities that fail without expecting it: the row they need is not what it should be.
    await execute(stack.config.databaseUrl, 'alter table rides rename to rides_gone');
    const unlucky = await shop.sell({ autoSend: true, buyer }, { prefer: 'wait=30' });
    await until(
      'a failure in a log',
      async () => /rides/.test(stack.logs()) || stack.logs().includes('TableNotFoundException'),
    );
    await execute(stack.config.databaseUrl, 'alter table rides_gone rename to rides');
    // One whose error quotes what it was to write, the buyer's address.
    await execute(
      stack.config.databaseUrl,
      "create function tell() returns trigger language plpgsql as $$ begin raise exception 'not %', new.recipient; end $$",
    );
    await execute(
      stack.config.databaseUrl,
      'create trigger tell before insert on mails for each row execute function tell()',
    );
    const refused = await shop.sell({ autoSend: true, buyer }, { prefer: 'wait=0' });
    await until('its failure in a log', async () => stack.logs().includes('P0001'));
    await execute(stack.config.databaseUrl, 'drop function tell cascade');
    for (const { accessKey } of [sold, unlucky, refused].map(({ body }) => body.document)) {
      await until('the mail', async () =>
        (await mailsIn(stack)).some(({ attachments }) => attachments[0]?.filename.startsWith(accessKey)),
      );
    }

    const histories = await everyHistory();
    expect(histories).toContain(sold.body.document.accessKey);
    const logs = stack.logs();
    expect(logs).toContain('/v1/documents');
    for (const [what, secret] of Object.entries(secrets)) {
      expect(histories.includes(secret), `${what} in a history`).toBe(false);
      expect(logs.includes(secret), `${what} in a log`).toBe(false);
    }
  });
});

/** All that Temporal keeps of all workflows, payloads as text. */
async function everyHistory(): Promise<string> {
  const { client } = stack.temporal;
  const parts: Buffer[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    // As bytes: payloads and names alike stand in them as they are.
    parts.push(Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish()));
  }
  return Buffer.concat(parts).toString();
}
