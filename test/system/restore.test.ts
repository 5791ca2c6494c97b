import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findingsIn } from '../../dev/audit/audit.ts';
import { freePort } from '../../dev/free-port.ts';
import { type Mailbox, startMailbox } from '../../dev/mailbox.ts';
import { type RunningTemporal, startTemporal } from '../../dev/temporal-server.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { certificateScheduleId, RECONCILIATION } from '../../workflows/contract.ts';
import { finished, readBatch, startBatch } from '../support/batches.ts';
import { dumpDatabase, execute } from '../support/database.ts';
import { type MortalProgram, startMortalProgram } from '../support/mortal-program.ts';
import { companyRuc, startingAt } from '../support/promotions.ts';
import { sampleSale } from '../support/sales.ts';
import { call, mailsIn, openShop, P12_PASSWORD, registrationForm, type Shop, shopAt, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

const BUYER = 'maria@example.com';
const NEWCOMER = 'nueva@example.com';
const waiting = { prefer: 'wait=30' };

let folder: string;
let mailbox: Mailbox;
let receiver: WebhookReceiver;
/** The service before the disaster. */
let stack: Stack;
let shop: Shop;
let promoted: Shop;
let dump: { url: string; drop(): Promise<void> };
/** What is started from the dump. */
let temporal: RunningTemporal;
let connection: Connection;
let client: Client;
const programs: MortalProgram[] = [];

/** Documents, by what they waited for when the dump was made. */
const STAGES = {
  returned: 'RETURNED',
  polled: 'RECEIVED',
  unprinted: 'AUTHORIZED',
  signed: 'SIGNED',
  mailed: 'AUTHORIZED',
  sent: 'PENDING_SEND',
  created: 'CREATED',
  sentLater: 'CREATED',
} as const;
type Stage = keyof typeof STAGES;
const at = {} as Record<Stage, string>;
let batch: { id: string };
let replayPath: string;
/** Sold between the dump and the disaster. */
let lost: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comprobante-restore-'));
  mailbox = await startMailbox({ dir: join(folder, 'mails') });
  receiver = await startWebhookReceiver({ dir: join(folder, 'webhooks') });
  stack = await startStack({ env: { APP_ENV: 'production', SMTP_URL: mailbox.smtpUrl } });
  shop = await openShop({ ...stack, mailbox });
  promoted = await openShop({ ...stack, mailbox }, { email: 'real@example.com', ruc: companyRuc(1) });
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.kill()));
  await connection?.close();
  await temporal?.stop();
  await dump?.drop();
  await stack.stop();
  await Promise.all([mailbox.stop(), receiver.stop()]);
  rmSync(folder, { recursive: true });
});

async function statusOf(accessKey: string): Promise<string> {
  return (await shop.get(`/v1/documents/${accessKey}`)).body.document.status;
}

async function sold(sale: Parameters<Shop['sell']>[0] = {}, headers = waiting): Promise<string> {
  const { status, body } = await shop.sell(sale, headers);
  expect([200, 201, 202]).toContain(status);
  return body.document.accessKey;
}

async function send(accessKey: string, headers = waiting): Promise<void> {
  expect((await shop.post(`/v1/documents/${accessKey}/send`, undefined, headers)).status).toBeLessThan(300);
}

async function mailsTo(address: string): Promise<number> {
  return (await mailsIn({ mailbox })).filter(({ to }) => to === address).length;
}

/** A document that is mailed to nobody. */
function guia() {
  const file = new URL('../golden/guiaRemision/one-recipient.json', import.meta.url);
  const { body } = JSON.parse(readFileSync(file, 'utf8')) as { body: { carrier: object } };
  return { ...body, carrier: { ...body.carrier, email: undefined } };
}

const toldOf = (accessKey: string) => receiver.received().filter(({ body }) => body.includes(accessKey)).length;

describe('a backup of PostgreSQL', () => {
  it('is made with work in every stage', { timeout: 180_000 }, async () => {
    const { endpoint } = (await shop.post('/v1/webhooks', { url: receiver.url })).body;
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    at.returned = await sold({ autoSend: true });
    at.polled = await sold();
    await stack.sri.fault({ service: 'authorization', fault: 'never-decides', accessKey: at.polled });
    await send(at.polled, { prefer: 'wait=0' });
    await until('its reception', async () => (await statusOf(at.polled)) === 'RECEIVED');
    expect(
      (await shop.post(`/v1/issuers/${shop.issuerId}/document-types`, { documentType: '06' })).status,
    ).toBeLessThan(300);
    at.unprinted = (await shop.post('/v1/documents', { ...guia(), autoSend: true }, waiting)).body.document.accessKey;
    await until('its webhook', async () => toldOf(at.unprinted) > 0);
    at.signed = await sold();

    const from = new Date(Date.now() - 3_600_000);
    const lines = Array.from({ length: 250 }, () => ({ ...sampleSale(), autoSend: false }));
    await Promise.all([mailbox.stop(), receiver.stop()]);
    at.mailed = await sold({ autoSend: true });
    const p12 = stack.authority.issue({ ruc: companyRuc(2), commonName: 'NUEVA', password: P12_PASSWORD });
    const form = registrationForm(p12, { email: NEWCOMER, ruc: companyRuc(2) });
    expect((await call(stack.apiUrl, 'POST', '/v1/register', { body: form })).status).toBe(201);
    await stack.sri.fault({ service: 'any', fault: 'down' });
    at.sent = await sold({ autoSend: true }, { prefer: 'wait=1' });
    batch = await startBatch(shop, lines);
    await until('a part of the batch', async () => (await readBatch(shop, batch.id)).lines.issued > 0);
    await stack.stopWorkers();
    at.created = await sold({}, { prefer: 'wait=0' });
    at.sentLater = await sold({}, { prefer: 'wait=0' });
    const window = { from: from.toISOString(), to: new Date(Date.now() + 60_000).toISOString(), status: 'SUCCESS' };
    const { replay } = (await shop.post(`/v1/webhooks/${endpoint.id}/replay`, window)).body;
    expect([replay.status, replay.total]).toEqual(['RUNNING', 2]);
    replayPath = `/v1/webhooks/${endpoint.id}/replays/${replay.id}`;
    const offer = fetch(`${stack.apiUrl}/v1/tenants/promote`, {
      method: 'POST',
      headers: { authorization: `Bearer ${promoted.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(startingAt(promoted, 40)),
      signal: AbortSignal.timeout(1_000),
    });
    await expect(offer).rejects.toThrow();

    for (const [name, status] of Object.entries(STAGES)) expect(await statusOf(at[name as Stage]), name).toBe(status);
    expect((await readBatch(shop, batch.id)).lines.pending).toBeGreaterThan(0);
    dump = await dumpDatabase(inject('servers').postgresUrl, stack.config.databaseUrl);
  });

  it('is older than the disaster', { timeout: 180_000 }, async () => {
    // Of two documents nothing more happens; another is authorized, and one more is sold.
    for (const key of [at.sent, at.created]) await stack.temporal.client.workflow.getHandle(key).terminate();
    await stack.sri.heal();
    await stack.startWorkers();
    await finished(shop, batch);
    await until('the signature', async () => (await statusOf(at.sentLater)) === 'SIGNED');
    await send(at.sentLater);
    lost = await sold({ autoSend: true });
    for (const key of [at.sentLater, lost]) expect(await statusOf(key)).toBe('AUTHORIZED');
    await stack.stopWorkers();
  });

  it('is enough to start from, beside a Temporal that knows nothing', { timeout: 300_000 }, async () => {
    // An hour passes, and one document was not printed yet.
    const hour = (table: string, column: string) => `update ${table} set ${column} = ${column} - interval '1 hour';`;
    const replica = (sql: string) => execute(dump.url, `set session_replication_role = replica; ${sql}`);
    const unprint = `delete from rides r using documents d where d.id = r.document_id and d.access_key = '${at.unprinted}';`;
    await replica(
      ['documents', 'mails', 'webhook_deliveries'].map((table) => hour(table, 'updated_at')).join('') +
        hour('outbox', 'created_at') +
        unprint,
    );
    mailbox = await startMailbox({ dir: mailbox.dir, port: mailbox.port });
    receiver = await startWebhookReceiver({ dir: receiver.dir, port: receiver.port });
    temporal = await startTemporal({
      cli: inject('servers').temporalCli,
      namespace: 'restored',
      logFile: join(folder, 'temporal.log'),
    });
    connection = await Connection.connect({ address: temporal.address });
    client = new Client({ connection, namespace: temporal.namespace });

    const port = await freePort();
    const place = { config: { ...stack.config, databaseUrl: dump.url }, temporal };
    const settings = { APP_ENV: 'production', PUBLIC_URL: stack.config.publicUrl };
    programs.push(await startMortalProgram(place, 'activities', settings));
    programs.push(await startMortalProgram(place, 'api', { ...settings, PORT: String(port) }));
    const apiUrl = `http://127.0.0.1:${port}`;
    shop = shopAt(apiUrl, shop);
    promoted = shopAt(apiUrl, promoted);
    const sweep = client.schedule.getHandle(RECONCILIATION.scheduleId);
    const swept = (what: string, done: () => Promise<boolean>) =>
      until(what, async () => {
        if (await done()) return true;
        await sweep.trigger();
        await new Promise((resolve) => setTimeout(resolve, 500));
        return false;
      });

    await swept('what was on its way to SRI', async () => (await statusOf(at.sent)) === 'AUTHORIZED');
    await swept('what SRI had', async () => (await statusOf(at.polled)) === 'AUTHORIZED');
    for (const key of [at.created, at.sentLater]) {
      await swept('a signature', async () => (await statusOf(key)) === 'SIGNED');
      await send(key);
    }
    await send(at.signed);
    const { requestPayload } = (await shop.get(`/v1/documents/${at.returned}`)).body.document as unknown as {
      requestPayload: unknown;
    };
    expect((await shop.post(`/v1/documents/${at.returned}/rebuild`, requestPayload)).status).toBe(200);
    await send(at.returned);
    for (const [name, key] of Object.entries(at)) {
      await until(name, async () => (await statusOf(key)) === 'AUTHORIZED');
      expect((await stack.sri.document(key)).acceptedReceptions, name).toBe(1);
    }
    await swept('the batch', async () => (await readBatch(shop, batch.id)).finishedAt !== null);
    expect((await readBatch(shop, batch.id)).lines).toMatchObject({ issued: 250, refused: 0 });

    const printed = async () => (await shop.get(`/v1/documents/${at.unprinted}/ride`)).status === 200;
    await swept('the printed form', printed);
    await replica(unprint);
    await swept('the printed form, whose run has ended', printed);
    await swept('the mail to the buyer', async () => (await mailsTo(BUYER)) > 0);
    await swept('the mail to the newcomer', async () => (await mailsTo(NEWCOMER)) > 0);
    await swept('the webhook', async () => toldOf(at.mailed) > 0);
    await swept('the replay', async () => (await shop.get(replayPath)).body.replay.status === 'DONE');
    await swept('the webhook of the replay', async () => toldOf(at.unprinted) > 1);
    const promotion = await promoted.post('/v1/tenants/promote', startingAt(promoted, 40));
    expect([promotion.status, promotion.body.apiKeys.length]).toEqual([200, 1]);
    for (const { tenantId } of [shop, promoted]) {
      const schedule = client.schedule.getHandle(certificateScheduleId(tenantId));
      await swept('the certificate schedule', () =>
        schedule.describe().then(
          () => true,
          () => false,
        ),
      );
    }
  });

  it('needs its counters raised above what SRI has seen since', { timeout: 180_000 }, async () => {
    const again = (await shop.sell({ autoSend: true }, waiting)).body.document;
    expect([again.status, again.sequential]).toEqual(['RETURNED', lost.slice(30, 39)]);
    const raised = await shop.patch(`/v1/issuers/${shop.issuerId}/sequentials/01`, {
      environment: 'sandbox',
      nextSequential: Number(again.sequential) + 1_000,
    });
    expect(raised.status).toBe(200);
    expect((await shop.sell({ autoSend: true }, waiting)).body.document.status).toBe('AUTHORIZED');

    const places = {
      databaseUrl: dump.url,
      temporal,
      sriControl: stack.sri.url,
      mailboxDir: mailbox.dir,
      webhooksDir: receiver.dir,
    };
    await expect
      .poll(() => findingsIn(places, new Date(Date.now() + 60_000)), { timeout: 60_000, interval: 500 })
      .toEqual([{ check: 'SRI knows no other document', subject: lost, detail: 'not ours' }]);
  });
});
