import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsIn } from '../../dev/audit/audit.ts';
import { freePort } from '../../dev/free-port.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { finished, startBatch } from '../support/batches.ts';
import { type MortalProgram, startMortalProgram } from '../support/mortal-program.ts';
import { type PreviousRelease, unpackPreviousRelease } from '../support/previous-release.ts';
import { sampleSale } from '../support/sales.ts';
import { mailsIn, openShop, type Shop, shopAt, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** The version in progress, in this process: its schema, its API, and later its workers. */
let stack: Stack;
let previous: PreviousRelease;
let worker: MortalProgram;
let api: MortalProgram;
/** The same shop at the API of the previous release, and at the new one. */
let shop: Shop;
let shopAtNew: Shop;
let apiUrl: string;

const waiting = { prefer: 'wait=30' };

beforeAll(async () => {
  previous = unpackPreviousRelease();
  stack = await startStack();
  await stack.stopWorkers();
  const port = await freePort();
  apiUrl = `http://127.0.0.1:${port}`;
  [worker, api] = await Promise.all([
    startMortalProgram(stack, 'activities', {}, previous.root),
    startMortalProgram(stack, 'api', { PORT: String(port) }, previous.root),
  ]);
});

afterAll(async () => {
  await Promise.all([worker?.kill(), api?.kill()]);
  await stack.stop();
  previous.remove();
});

async function statusOf(accessKey: string): Promise<string> {
  return (await shopAtNew.get(`/v1/documents/${accessKey}`)).body.document.status;
}

/** Sells, and returns the access key. */
async function sold(at: Shop, autoSend: boolean, prefer = 'wait=30'): Promise<string> {
  const { status, body } = await at.sell({ autoSend }, { prefer });
  expect([200, 201, 202]).toContain(status);
  return body.document.accessKey;
}

describe('the previous release', () => {
  it('works on the new schema', async () => {
    const versionOf = async (url: string) => (await (await fetch(`${url}/health`)).json()) as { version: string };
    expect(await versionOf(apiUrl)).toMatchObject({ version: previous.version });
    expect(await versionOf(stack.apiUrl)).toMatchObject({ version: packageJson.version });
    expect(packageJson.version).not.toBe(previous.version);

    shop = await openShop({ ...stack, apiUrl });
    shopAtNew = shopAt(stack.apiUrl, shop);
    expect((await shop.post('/v1/webhooks', { url: stack.receiver.url })).status).toBe(201);
    const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
    expect(document.status).toBe('AUTHORIZED');
    await until('the mail', async () =>
      (await mailsIn(stack)).some(({ subject }) => subject.includes('001-001-000000001')),
    );
    await until('the webhook', async () => stack.receiver.received().length > 0);
    const { data } = (await shop.get('/v1/documents')).body;
    expect(data.map(({ accessKey }) => accessKey)).toEqual([document.accessKey]);
  });
});

describe('a rolling upgrade', () => {
  it('leaves no document behind, at whichever stage it is', { timeout: 180_000 }, async () => {
    // Under the previous release alone: one of each stage.
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    const returned = await sold(shop, true);
    const signed = await sold(shop, false);
    const polled = await sold(shop, false);
    await stack.sri.fault({ service: 'authorization', fault: 'never-decides', accessKey: polled });
    await shop.post(`/v1/documents/${polled}/send`, undefined, { prefer: 'wait=0' });
    await until('its reception', async () => (await statusOf(polled)) === 'RECEIVED');
    stack.mailbox.failNext({ times: 1, reply: 451 });
    stack.receiver.failNext({ times: 1, reply: 500 });
    const toldLater = await sold(shop, true);
    const batch = await startBatch(
      shop,
      Array.from({ length: 300 }, () => ({ ...sampleSale(), autoSend: false })),
    );
    expect((await Promise.all([returned, signed, polled, toldLater].map(statusOf))).toSorted()).toEqual([
      'AUTHORIZED',
      'RECEIVED',
      'RETURNED',
      'SIGNED',
    ]);

    // Both together.
    await stack.startWorkers();
    const both = await Promise.all([1, 2, 3, 4, 5, 6].map((sale) => sold(sale % 2 ? shop : shopAtNew, true)));
    await until('their authorization', async () => {
      const statuses = await Promise.all(both.map(statusOf));
      return statuses.every((status) => status === 'AUTHORIZED');
    });
    await stack.sri.fault({ service: 'any', fault: 'down' });
    const sending = await sold(shop, true, 'wait=1');
    const sendingToo = await sold(shopAtNew, true, 'wait=1');
    await until('both to be on their way', async () => {
      const statuses = await Promise.all([sending, sendingToo].map(statusOf));
      return statuses.every((status) => status === 'PENDING_SEND');
    });

    // The new version alone.
    expect(await Promise.all([worker.terminate(), api.terminate()])).toEqual([0, 0]);
    await stack.sri.heal();
    expect((await shopAtNew.post(`/v1/documents/${signed}/send`, undefined, waiting)).status).toBeLessThan(300);
    const path = `/v1/documents/${returned}`;
    const { requestPayload } = (await shopAtNew.get(path)).body.document as unknown as { requestPayload: unknown };
    expect((await shopAtNew.post(`${path}/rebuild`, requestPayload)).status).toBe(200);
    expect((await shopAtNew.post(`${path}/send`, undefined, waiting)).status).toBeLessThan(300);
    const all = [returned, signed, polled, toldLater, ...both, sending, sendingToo];
    await until('everything', async () => {
      const statuses = await Promise.all(all.map(statusOf));
      return statuses.every((status) => status === 'AUTHORIZED');
    });
    expect((await finished(shopAtNew, batch)).lines).toMatchObject({ issued: 300, refused: 0 });

    const { address, namespace } = stack.temporal;
    const places = {
      databaseUrl: stack.config.databaseUrl,
      temporal: { address, namespace },
      sriControl: stack.sri.url,
      mailboxDir: stack.mailbox.dir,
      webhooksDir: stack.receiver.dir,
    };
    await expect
      .poll(() => findingsIn(places, new Date(Date.now() + 60_000)), { timeout: 60_000, interval: 500 })
      .toEqual([]);
    for (const accessKey of all) {
      const { acceptedReceptions } = await stack.sri.document(accessKey);
      expect(acceptedReceptions, accessKey).toBe(1);
    }
  });
});

describe('a run that only the new version can go on with', () => {
  it('is left alone by workers of the previous release, which may still be there', { timeout: 120_000 }, async () => {
    await stack.sri.fault({ service: 'reception', fault: 'http-503' });
    const keys = await Promise.all([1, 2, 3, 4, 5].map(() => sold(shopAtNew, true, 'wait=0')));
    const all = async (is: (accessKey: string) => Promise<boolean>) => (await Promise.all(keys.map(is))).every(Boolean);
    await until('them to wait for the end of the outage', () =>
      all(async (key) => (await shopAtNew.get(`/v1/documents/${key}`)).body.document.waitingForSri !== undefined),
    );

    await stack.stopWorkers();
    worker = await startMortalProgram(stack, 'activities', {}, previous.root);
    await stack.sri.heal();
    const runs = keys.map((key) => stack.temporal.client.workflow.getHandle(key));
    await Promise.all(runs.map((run) => run.signal('nudge')));
    await until('the previous release to have tried', async () => {
      const histories = await Promise.all(runs.map((run) => run.fetchHistory()));
      return histories.every(({ events }) => events?.some((event) => event.workflowTaskFailedEventAttributes));
    });
    expect(new Set(await Promise.all(keys.map(statusOf)))).toEqual(new Set(['PENDING_SEND']));

    await stack.startWorkers();
    expect(await worker.terminate()).toBe(0);
    await until('their authorization', () => all(async (key) => (await statusOf(key)) === 'AUTHORIZED'));
    for (const key of keys) expect(await stack.sri.document(key)).toMatchObject({ acceptedReceptions: 1 });
  });
});
