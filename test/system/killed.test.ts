import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../dev/start/patience.ts';
import { Store } from '../../domain/store/store.ts';
import { type Life, preparePremises, type Premises, startLife } from '../support/life.ts';
import { sampleSale } from '../support/sales.ts';
import { type Answer, call, type DocumentView } from '../support/shop.ts';
import { createSriControl } from '../support/sri-control.ts';

/** What kills the processes of `npm start` with it, whatever group they are in. */
const canTie = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
const { PENDING_ACTIVITY_STATE_STARTED } = proto.temporal.api.enums.v1.PendingActivityState;
const PATIENT = 300_000;

let premises: Premises;
let life: Life;

describe.skipIf(!canTie)('npm start, killed with everything that it runs and started again', () => {
  beforeAll(async () => {
    premises = preparePremises();
    life = await startLife(premises);
  }, PATIENT);

  afterAll(async () => {
    await life?.kill();
    premises.remove();
  }, PATIENT);

  it(
    'goes on with what was created, what was being created, and what SRI had received',
    { timeout: PATIENT },
    async () => {
      const signed = await created();
      expect(signed.status).toBe('SIGNED');
      const received = await created();
      await sri().fault({ service: 'authorization', fault: 'never-decides', accessKey: received.accessKey });
      expect((await post(`/v1/documents/${received.accessKey}/send`)).body.document.status).toBe('RECEIVED');
      // Some of these will be answered, some be under way, some perhaps never be.
      const tickets = ['1', '2', '3', '4', '5', '6'].map((number) => ({ 'idempotency-key': `till-7-${number}` }));
      const sell = (ticket: Record<string, string>) =>
        post('/v1/documents', { ...sampleSale(), autoSend: true }, { ...ticket, prefer: 'wait=0' });
      const asked = tickets.map(async (ticket) => ({ ticket, answer: await sell(ticket) }));
      const answered = await Promise.any(asked);
      expect(answered.answer.status).toBe(201);
      await life.kill();
      await Promise.allSettled(asked);

      life = await startLife(premises);
      expect((await read(signed.accessKey)).status).toBe('SIGNED');
      await post(`/v1/documents/${signed.accessKey}/send`);
      const repeated = new Map<string, Answer>();
      for (const ticket of tickets) repeated.set(ticket['idempotency-key'], await sell(ticket));
      expect([...repeated.values()].every(({ status }) => status === 200 || status === 201)).toBe(true);
      const found = repeated.get(answered.ticket['idempotency-key'])!;
      expect(found.status).toBe(200);
      expect(found.body.document.accessKey).toBe(answered.answer.body.document.accessKey);
      await expectEachOnce({ sold: 2 + tickets.length, lives: 2 });
    },
  );

  it('goes on with what was being printed, and what was being mailed and announced', { timeout: PATIENT }, async () => {
    const browser = life
      .processes()
      .find(({ command }) => /--remote-debugging-pipe/.test(command) && !/--type=/.test(command))!;
    const store = await Store.open({ databaseUrl: life.run.databaseUrl, poolSize: 1 });
    const em = store.orm.em.fork() as EntityManager;
    // The server goes before the transaction ends: there is nothing to close.
    await em.begin();
    // No webhook can be recorded as sent from here on,
    await em.execute('lock table webhook_attempts in share mode');
    process.kill(browser.pid, 'SIGSTOP');
    const mailed = await authorized();
    // nor the mail of this document, though its printed form can be kept.
    await em.execute('select id from documents where access_key = ? for no key update', [mailed.accessKey]);
    process.kill(browser.pid, 'SIGCONT');
    await until('its mail and its webhook', () => haveArrived(mailed.accessKey, 1));
    expect((await read(mailed.accessKey)).email.status).toBe('PENDING');
    process.kill(browser.pid, 'SIGSTOP');
    const printing = await authorized();
    await until('the start of the print', async () => (await activitiesOf(printing.accessKey)).includes('printRide'));
    expect(await activitiesOf(mailed.accessKey)).toContain('sendMail');
    await life.kill();

    life = await startLife(premises);
    await until('the second copy of either', () => haveArrived(mailed.accessKey, 2));
    await expectEachOnce({ sold: 10, lives: 3 });
  });
});

/**
 * Whatever was done twice on the way, SRI, the buyer and the tenant see each document once: what the test sold, and what
 * each life demonstrated.
 */
async function expectEachOnce({ sold, lives }: { sold: number; lives: number }): Promise<void> {
  const all = async () => (await get('/v1/documents?limit=100')).body.data;
  await until('the end of every document', async () => {
    for (const { status, email, accessKey } of await all()) {
      if (status !== 'AUTHORIZED' || email.status !== 'SENT') return false;
      if (!webhooksOf(accessKey).some(({ answer }) => answer === 204)) return false;
    }
    return nothingRuns();
  });
  const issued = await all();
  const numbers = issued.map(({ sequential }) => Number(sequential)).toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: sold + lives }, (_, index) => index + 1));
  for (const { accessKey } of issued) {
    expect(await sri().document(accessKey)).toMatchObject({ acceptedReceptions: 1 });
    expect([...new Set(await mailsOf(accessKey))]).toHaveLength(1);
    expect([...new Set(webhooksOf(accessKey).map(({ headers }) => headers['webhook-id']))]).toHaveLength(1);
    expect((await get(`/v1/documents/${accessKey}/ride`)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
  }
}

/** Patient, since the machine may be busy with other tests, and what a dead worker had begun is given up after 12 s only. */
async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  await waitFor(async () => (await ask()) || undefined, { what, seconds: 120, signal: new AbortController().signal });
}

function get(path: string): Promise<Answer> {
  return call(life.run.api, 'GET', path, { headers: identity() });
}

function post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
  return call(life.run.api, 'POST', path, { body, headers: { ...identity(), ...headers } });
}

function identity(): Record<string, string> {
  const { apiKey, issuerId } = life.run.demo;
  return { authorization: `Bearer ${apiKey}`, 'x-issuer-id': issuerId };
}

async function read(accessKey: string): Promise<DocumentView> {
  return (await get(`/v1/documents/${accessKey}`)).body.document;
}

async function created(): Promise<DocumentView> {
  return (await post('/v1/documents', sampleSale())).body.document;
}

async function authorized(): Promise<DocumentView> {
  const { document } = (await post('/v1/documents', { ...sampleSale(), autoSend: true }, { prefer: 'wait=60' })).body;
  expect(document.status).toBe('AUTHORIZED');
  return document;
}

function sri() {
  return createSriControl(life.run.sriControl!);
}

/** Whether so many copies of a document's mail, and of its webhook, have come. */
async function haveArrived(accessKey: string, copies: number): Promise<boolean> {
  return webhooksOf(accessKey).length >= copies && (await mailsOf(accessKey)).length >= copies;
}

/** The Message-ID of every copy of a document's mail. */
async function mailsOf(accessKey: string): Promise<string[]> {
  const dir = life.run.mailboxDir!;
  const names = readdirSync(dir).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(names.map((name) => simpleParser(readFileSync(join(dir, name)))));
  return mails
    .filter(({ attachments }) => attachments.some(({ filename = '' }) => filename.includes(accessKey)))
    .map(({ messageId }) => messageId!);
}

/** What the receiver kept of every delivery of the webhook that says a document is authorized. */
function webhooksOf(accessKey: string): { headers: Record<string, string>; answer: number }[] {
  const dir = join(premises.data, 'webhooks');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')))
    .filter(({ body }) => {
      const { type, data } = JSON.parse(body);
      // It names those that were authorized shortly before, too.
      return type === 'DOCUMENT_AUTHORIZED' && data.metadata.documents.at(-1).accessKey === accessKey;
    });
}

async function inTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: life.run.temporalAddress });
  try {
    return await work(new Client({ connection, namespace: life.run.temporalNamespace }));
  } finally {
    await connection.close();
  }
}

/** The activities of a document that a worker has begun and not ended. */
function activitiesOf(accessKey: string): Promise<string[]> {
  return inTemporal(async (client) => {
    const { raw } = await client.workflow.getHandle(accessKey).describe();
    return (raw.pendingActivities ?? [])
      .filter(({ state }) => state === PENDING_ACTIVITY_STATE_STARTED)
      .map(({ activityType }) => activityType?.name ?? '');
  });
}

function nothingRuns(): Promise<boolean> {
  const running = `ExecutionStatus = 'Running' AND WorkflowType IN ('documentWorkflow', 'webhookWorkflow')`;
  return inTemporal(async (client) => (await client.workflow.count(running)).count === 0);
}
