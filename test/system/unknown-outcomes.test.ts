import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAuthorization } from '../../domain/sri/answers.ts';
import { buildGates, type Gates } from '../support/gates.ts';
import { startMortalWorker } from '../support/mortal-worker.ts';
import { sampleSale } from '../support/sales.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type LineCall, openSriLine, PLACES, type SriLine } from '../support/sri-line.ts';
import { type Stack, startStack } from '../support/stack.ts';

let line: SriLine;
let stack: Stack;
let shop: Shop;
let gates: Gates;

/** The three records that a worker makes of a document on its way. */
const RECORDS = {
  sending: { table: 'documents', before: 'update', when: 'old.send_started_at is distinct from new.send_started_at' },
  received: { table: 'documents', before: 'update', when: "old.status <> 'RECEIVED' and new.status = 'RECEIVED'" },
  authorized: { table: 'documents', before: 'update', when: "new.status = 'AUTHORIZED' and old.status = 'RECEIVED'" },
} as const;

beforeAll(async () => {
  stack = await startStack({
    // Nothing here is printed.
    env: { WORKER_QUEUES: 'documents,sri,delivery' },
    wayToSri: async (url) => (line = await openSriLine(url)).url,
  });
  shop = await openShop(stack);
  gates = await buildGates(stack.config.databaseUrl, RECORDS);
});

afterEach(() => stack.sri.heal());

afterAll(async () => {
  await stack.stop();
  await line.close();
  await gates.stop();
});

const SERVICES = ['reception', 'authorization'] as const;

async function signed(count: number): Promise<string[]> {
  const sold = await Promise.all(Array.from({ length: count }, () => shop.sell()));
  return sold.map(({ body }) => body.document.accessKey);
}

async function send(keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => shop.post(`/v1/documents/${key}/send`, undefined, { prefer: 'wait=0' })));
}

async function authorized(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const path = `/v1/documents/${key}`;
    await until(
      `the authorization of ${key}`,
      async () => (await shop.get(path)).body.document.status === 'AUTHORIZED',
    );
  }
}

/** Sends documents that nothing happens to: SRI answers, and so many connections are open afterwards. */
async function undisturbed(count: number): Promise<void> {
  const keys = await signed(count);
  line.gather('reception', count);
  await send(keys);
  await authorized(keys);
}

/** SRI said that it has decided nothing about the key. */
function isUnknown({ answer }: LineCall): boolean {
  const [head, body] = answer!.split('\r\n\r\n') as [string, string];
  expect(head).toContain('200');
  return parseAuthorization(Buffer.from(body)).authorizations.length === 0;
}

/**
 * What holds whatever became of the calls: after a reception whose answer was not heard there is no other before SRI has
 * said, since, that it knows nothing; every reception carried the same bytes; and in the end SRI has accepted one, and we
 * have recorded its decision once.
 */
async function expectAskedBeforeResent(key: string): Promise<LineCall[]> {
  const calls = line.calls(key);
  calls.forEach((call, at) => {
    if (call.service !== 'reception' || at === 0) return;
    const before = calls[at - 1]!;
    expect([before.service, before.heard, isUnknown(before)]).toEqual(['authorization', true, true]);
  });
  const receptions = calls.filter(({ service }) => service === 'reception');
  expect(new Set(receptions.map(({ request }) => request.toString('latin1').split('\r\n\r\n')[1])).size).toBe(1);
  expect(await stack.sri.document(key)).toMatchObject({ acceptedReceptions: 1, state: 'AUTORIZADO' });
  const { events } = (await shop.get(`/v1/documents/${key}/events`)).body;
  for (const status of ['RECEIVED', 'AUTHORIZED'])
    expect(events.filter(({ toStatus }) => toStatus === status)).toHaveLength(1);
  return calls;
}

/** When SRI has accepted a document and not decided of it, it answers as if it knew nothing. */
const UNDECIDED = ['after the request', 'in the body of the answer'];

const ROWS = SERVICES.map((service) =>
  Object.entries(PLACES).flatMap(([name, place]) => {
    const row = { name: `${service} ${name}`, service, place, undecided: false };
    const twice = service === 'reception' && UNDECIDED.includes(name);
    return twice ? [row, { ...row, name: `${row.name}, undecided`, undecided: true }] : [row];
  }),
);

/** Fewer at a time than would be an outage, and calls that are answered in between. */
const AT_A_TIME = 4;

const WAVES = ROWS.flatMap((rows) =>
  Array.from({ length: Math.ceil(rows.length / AT_A_TIME) }, (_, wave) =>
    rows.slice(wave * AT_A_TIME, (wave + 1) * AT_A_TIME),
  ),
);

describe('a document whose call to SRI is cut', () => {
  it.each([
    ['reset, on fresh connections', false, 'reset'],
    ['closed, on connections that are used again', true, 'close'],
  ] as const)('at any place (%s) is asked for before it is sent again', async (_, keepsConnections, how) => {
    line.keepsConnections = keepsConnections;
    for (const rows of WAVES) {
      const keys = await signed(rows.length);
      await undisturbed(AT_A_TIME);
      line.gather(rows[0]!.service, rows.length);
      const cuts = rows.map(({ service, place }, index) => line.cut(keys[index]!, service, { place, how }));
      for (const [index, { undecided }] of rows.entries()) {
        const fault = { service: 'authorization', fault: 'never-decides', times: 1, accessKey: keys[index]! } as const;
        if (undecided) await stack.sri.fault(fault);
      }
      await send(keys);
      await Promise.all(cuts);
      await authorized(keys);
      for (const [index, { name, service, place, undecided }] of rows.entries()) {
        const calls = await expectAskedBeforeResent(keys[index]!);
        const cut = calls.findIndex((call) => call.service === service && !call.heard);
        const receptions = calls.filter((call) => call.service === 'reception').length;
        const isResent = service === 'reception' && (place.of === 'request' || undecided);
        expect({ name, reused: calls[cut]!.reused, next: calls[cut + 1]?.service, receptions }).toEqual({
          name,
          reused: keepsConnections,
          next: 'authorization',
          receptions: isResent ? 2 : 1,
        });
      }
    }
  });

  it('and whose question is cut too, is asked for again, and not sent', async () => {
    line.keepsConnections = false;
    await undisturbed(1);
    const places = ['one byte before the end of the request', 'after the request'] as const;
    const keys = await signed(places.length);
    const cuts = keys.flatMap((key, index) => [
      line.cut(key, 'reception', { place: PLACES[places[index]!], how: 'reset' }),
      line.cut(key, 'authorization', { place: PLACES['in the body of the answer'], how: 'close' }),
    ]);
    await send(keys);
    await Promise.all(cuts);
    await authorized(keys);
    for (const key of keys) {
      const calls = await expectAskedBeforeResent(key);
      expect(calls.slice(0, 3).map(({ service, heard }) => [service, heard])).toEqual([
        ['reception', false],
        ['authorization', false],
        ['authorization', true],
      ]);
    }
  });

  it.each(['refused', 'reset'])('is sent once when the connection for it is %s', async (how) => {
    line.keepsConnections = false;
    await undisturbed(1);
    const [key] = (await signed(1)) as [string];
    const comeBack = how === 'refused' ? await line.goAway() : undefined;
    if (comeBack === undefined) line.resetNext();
    await send([key]);
    const path = `/v1/documents/${key}/events`;
    await until('the trouble', async () =>
      (await shop.get(path)).body.events.some(({ detail }) => detail?.['trouble'] === 'network'),
    );
    await comeBack?.();
    await authorized([key]);
    const calls = await expectAskedBeforeResent(key);
    expect(calls.map(({ service }) => service)).toEqual(['authorization', 'reception', 'authorization']);
  });
});

describe('a corrected document', () => {
  it('is not refused by the answer to what it was before, when that is all that SRI has', async () => {
    line.keepsConnections = false;
    await undisturbed(1);
    const [key] = (await signed(1)) as [string];
    const path = `/v1/documents/${key}`;
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', code: '52', times: 1, accessKey: key });
    await send([key]);
    await until('the refusal', async () => (await shop.get(path)).body.document.status === 'NOT_AUTHORIZED');
    const cut = line.cut(key, 'reception', { place: PLACES['in the body of the request'], how: 'reset' });
    // With another text: the same one, signed within the same second, would be the very document that SRI has refused.
    const corrected = sampleSale({ items: [{ ...sampleSale().items[0]!, description: 'Pan de yuca fresco' }] });
    const rebuilt = await shop.post(`${path}/rebuild`, { ...corrected, autoSend: true }, { prefer: 'wait=0' });
    expect(rebuilt.status).toBe(200);
    await cut;
    await authorized([key]);
    expect(line.calls(key).map(({ service }) => service)).toEqual([
      'reception',
      'authorization',
      'reception',
      'authorization',
      'reception',
      'authorization',
    ]);
    expect(await stack.sri.document(key)).toMatchObject({ acceptedReceptions: 2, state: 'AUTORIZADO' });
  });
});

describe('an authorized document', () => {
  it('is changed by no statement any more', async () => {
    const [key] = (await signed(1)) as [string];
    await send([key]);
    await authorized([key]);
    for (const change of ["status = 'RETURNED'", 'signed_xml = null', "authorized_xml = 'x'", 'revision = 2']) {
      const statement = stack.store.lookUp(`update documents set ${change} where access_key = ?`, [key]);
      await expect(statement, change).rejects.toThrow('an authorized document never changes');
    }
  });
});

describe('a worker that is killed while documents are on their way to SRI', () => {
  it('leaves nothing that the next sends twice', async () => {
    line.keepsConnections = true;
    await undisturbed(1);
    await stack.stopWorkers();
    const worker = await startMortalWorker(stack, ['documents', 'sri']);
    const [unrecorded, unsent, unanswered, heard, decided] = (await signed(5)) as [
      string,
      string,
      string,
      string,
      string,
    ];

    // In this order, since each gate stops whatever comes by.
    const openAuthorized = await gates.close('authorized', shop.tenantId);
    await send([decided]);
    await gates.waiting(1);
    const openReceived = await gates.close('received', shop.tenantId);
    await send([heard]);
    await gates.waiting(2);
    const held = [
      line.cut(unsent, 'reception', { place: PLACES['in the body of the request'], how: 'hang' }),
      line.cut(unanswered, 'reception', { place: PLACES['after the request'], how: 'hang' }),
    ];
    await send([unsent, unanswered]);
    await Promise.all(held);
    const openSending = await gates.close('sending', shop.tenantId);
    await send([unrecorded]);
    await gates.waiting(3);
    await worker.kill();
    await Promise.all([openAuthorized(), openReceived(), openSending()]);
    await stack.startWorkers();

    const keys = [unrecorded, unsent, unanswered, heard, decided];
    await authorized(keys);
    const receptions = await Promise.all(
      keys.map(async (key) => {
        const calls = await expectAskedBeforeResent(key);
        return calls.filter(({ service }) => service === 'reception').length;
      }),
    );
    expect(receptions).toEqual([1, 2, 1, 1, 1]);
  });
});
