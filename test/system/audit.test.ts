import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditPlaces, findingsIn } from '../../dev/audit/audit.ts';
import { startSriSimulator } from '../../dev/sri-simulator/index.ts';
import { CHECK_NAMES } from '../../domain/admin/integrity.ts';
import { execute } from '../support/database.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { reconcile } from '../support/webhook-endpoints.ts';

let stack: Stack;
let shop: Shop;
let places: Required<AuditPlaces>;
const soon = () => new Date(Date.now() + 60_000);
const checksIn = async (where: AuditPlaces) => new Set((await findingsIn(where, soon())).map(({ check }) => check));

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  await shop.post('/v1/webhooks', { url: stack.receiver.url });
  const { address, namespace } = stack.temporal;
  places = {
    databaseUrl: stack.config.databaseUrl,
    temporal: { address, namespace },
    sriControl: stack.sri.url,
    mailboxDir: stack.mailbox.dir,
    webhooksDir: stack.receiver.dir,
  };
});

afterAll(() => stack.stop());

async function sellAll(count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let sale = 0; sale < count; sale++) {
    const { document } = (await shop.sell({ autoSend: true }, { prefer: 'wait=30' })).body;
    keys.push(document.accessKey);
  }
  return keys;
}

/** As the owner of the tables, whom no trigger holds back. */
const damage = (sql: string) => execute(stack.config.databaseUrl, `set session_replication_role = replica; ${sql}`);

describe('the audit', () => {
  let keys: string[];

  it('finds nothing where all is well, a raised counter and a rebuilt document among it', async () => {
    keys = await sellAll(3);
    const raised = await shop.patch(`/v1/issuers/${shop.issuerId}/sequentials/01`, {
      environment: 'sandbox',
      nextSequential: 10,
    });
    expect(raised.status).toBe(200);
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', times: 1 });
    const [refused] = await sellAll(1);
    const path = `/v1/documents/${refused}`;
    const { requestPayload } = (await shop.get(path)).body.document as unknown as { requestPayload: unknown };
    expect((await shop.post(`${path}/rebuild`, requestPayload)).status).toBe(200);
    expect((await shop.post(`${path}/send`, undefined, { prefer: 'wait=30' })).status).toBe(200);
    keys.push(refused!, ...(await sellAll(3)));
    const afterSweep = async () => {
      await reconcile(stack);
      return findingsIn(places, soon());
    };
    await expect.poll(afterSweep, { timeout: 60_000, interval: 500 }).toEqual([]);
  });

  it('finds what SRI, the mailbox and the receiver have lost, or have too much of', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'comprobante-audit-'));
    const other = await startSriSimulator({ trusted: [] });
    try {
      const elsewhere = { ...places, sriControl: other.controlUrl, mailboxDir: empty, webhooksDir: empty };
      expect(await checksIn(elsewhere)).toEqual(
        new Set([
          'SRI has what was sent',
          'SRI has decided what we say',
          'a mail that was sent has arrived',
          'a webhook that was delivered has arrived',
        ]),
      );
    } finally {
      await other.stop();
      rmSync(empty, { recursive: true });
    }
  });

  it('finds a workflow that somebody has ended', async () => {
    await stack.stopWorkers();
    const { accessKey } = (await shop.sell({}, { prefer: 'wait=0' })).body.document;
    const { workflow } = stack.temporal.client;
    // The sweep of each minute may fail: the next one does its work.
    const sweep = { workflowId: 'sweep', taskQueue: 'documents', args: [], workflowExecutionTimeout: '1s' } as const;
    await workflow.start('reconciliationWorkflow', sweep);
    await until('its end', async () => (await workflow.count(`ExecutionStatus = 'TimedOut'`)).count > 0);
    await workflow.getHandle(accessKey).terminate('for the test');
    await until('the list to know', async () => (await checksIn(places)).has('no workflow ends badly'));
    const ended = (await findingsIn(places, soon())).filter(({ check }) => check === 'no workflow ends badly');
    expect(ended.map(({ subject }) => subject)).toEqual([accessKey]);
    expect(await checksIn(places)).toEqual(
      new Set(['no workflow ends badly', 'a document moves on', 'a promise to Temporal is kept']),
    );
  });

  it('finds each kind of damage in the store', async () => {
    const [gap, events, status, incomplete, unmailed, unprinted] = keys;
    await damage(`
      update documents set sequential = '000000900' where access_key = '${gap}';
      delete from document_events where document_id = (select id from documents where access_key = '${events}')
        and to_status = 'RECEIVED';
      update documents set status = 'SIGNED' where access_key = '${status}';
      update documents set authorized_xml = null where access_key = '${incomplete}';
      delete from mails where document_id = (select id from documents where access_key = '${unmailed}');
      update mails set status = 'PENDING' where document_id = (select id from documents where access_key = '${gap}');
      delete from rides where document_id = (select id from documents where access_key = '${unprinted}');
      update documents set revision = 0 where access_key = '${incomplete}'`);
    const found = await checksIn(places);
    expect(CHECK_NAMES.filter((name) => !found.has(name))).toEqual([]);
    expect(found).toContain('SRI takes a document once');
    const named = async (check: string) =>
      (await findingsIn(places, soon())).filter((finding) => finding.check === check).map(({ subject }) => subject);
    expect(await named('events are in legal order')).toEqual([events]);
    expect(await named('an authorized document is complete')).toEqual([incomplete]);
  });

  it('finds a document that SRI has and we have not', async () => {
    await damage(`delete from documents where access_key = '${keys.at(-1)}'`);
    expect(await checksIn(places)).toContain('SRI knows no other document');
  });
});
