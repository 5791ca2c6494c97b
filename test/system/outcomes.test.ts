import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Document } from '../../domain/store/entities/document.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { keepHistory } from '../support/histories.ts';
import { sampleSale } from '../support/sales.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  await shop.post('/v1/webhooks', { url: stack.receiver.url });
});

afterEach(() => stack.sri.heal());

afterAll(() => stack.stop());

const waiting = { prefer: 'wait=30' };

/**
 * Each outcome of a document once, in the running whole. `UPDATE_HISTORIES=1` keeps the histories for
 * test/workflows/replay.test.ts: one that was kept is replaced only when its workflow is meant to change.
 */
describe('a document', () => {
  it('is authorized', async () => {
    const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
    expect(document.status).toBe('AUTHORIZED');
    await keepHistory(stack.temporal.client, 'authorized', document.accessKey);
  });

  it('is returned by SRI, rebuilt under the same key and number, and authorized', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    const returned = (await shop.sell({ autoSend: true }, waiting)).body.document;
    expect(returned.status).toBe('RETURNED');
    await keepHistory(stack.temporal.client, 'returned', returned.accessKey);
    const path = `/v1/documents/${returned.accessKey}`;
    const rebuilt = await shop.post(
      `${path}/rebuild`,
      sampleSale({ items: [{ ...sampleSale().items[0]!, description: 'Pan de yuca fresco' }] }),
    );
    expect(rebuilt.status).toBe(200);
    expect(rebuilt.body.document).toMatchObject({
      status: 'SIGNED',
      accessKey: returned.accessKey,
      sequential: returned.sequential,
    });
    expect((await shop.get(`${path}/xml`)).bytes.toString()).toContain('Pan de yuca fresco');
    expect((await shop.post(`${path}/send`, undefined, waiting)).body.document.status).toBe('RECEIVED');
    expect((await shop.get(`${path}/authorize`, waiting)).body.document.status).toBe('AUTHORIZED');
    await keepHistory(stack.temporal.client, 'returned-then-rebuilt', returned.accessKey);
  });

  it('is not authorized by SRI', async () => {
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', code: '52', times: 1 });
    const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
    expect(document.status).toBe('NOT_AUTHORIZED');
    const { events } = (await shop.get(`/v1/documents/${document.accessKey}/events`)).body;
    expect(events.at(-1)).toMatchObject({ toStatus: 'NOT_AUTHORIZED', detail: { messages: [{ identifier: '52' }] } });
    await keepHistory(stack.temporal.client, 'not-authorized', document.accessKey);
  });

  it('waits for SRI while it is down', async () => {
    await stack.sri.fault({ service: 'any', fault: 'down' });
    const sold = await shop.sell({ autoSend: true }, { prefer: 'wait=2' });
    expect(sold.status).toBe(201);
    expect(sold.body.document.status).toBe('PENDING_SEND');
    const { accessKey } = sold.body.document;
    await stack.sri.heal();
    await until(
      'the authorization',
      async () => (await shop.get(`/v1/documents/${accessKey}`)).body.document.status === 'AUTHORIZED',
    );
    expect(await stack.sri.document(accessKey)).toMatchObject({ acceptedReceptions: 1 });
    await keepHistory(stack.temporal.client, 'sri-down-then-back', accessKey);
  });

  it('is never sent twice when the answer to a send is lost', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'drop-after-accepting', times: 1 });
    const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
    expect(document.status).toBe('AUTHORIZED');
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1 });
  });

  it.each(['43', '70'])('is polled, not renumbered, when SRI says %s', async (code) => {
    await stack.sri.fault({ service: 'reception', fault: 'drop-after-accepting', times: 1 });
    await stack.sri.fault({ service: 'authorization', fault: 'empty-answer', times: 1 });
    await stack.sri.fault({ service: 'reception', fault: 'code', code, times: 1 });
    const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
    expect(document.status).toBe('AUTHORIZED');
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1 });
  });

  it.each(['43', '70'])('is offered again after a day when SRI has said %s of what it never got', async (code) => {
    await stack.sri.fault({ service: 'reception', fault: 'code', code, times: 1 });
    const { document } = (await shop.sell({ autoSend: true }, { prefer: 'wait=2' })).body;
    expect(document.status).toBe('RECEIVED');
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ receptions: 1, acceptedReceptions: 0 });

    const path = `/v1/documents/${document.accessKey}`;
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await stack.store.asSystem((em) =>
      em.nativeUpdate(Document, { accessKey: document.accessKey }, { receivedAt: yesterday }),
    );
    await until('the authorization', async () => {
      return (await shop.get(`${path}/authorize`, waiting)).body.document.status === 'AUTHORIZED';
    });
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1 });
    const { events } = (await shop.get(`${path}/events`)).body;
    expect(events.map(({ toStatus }) => toStatus).filter(Boolean)).toEqual([
      'CREATED',
      'SIGNED',
      'PENDING_SEND',
      'RECEIVED',
      'PENDING_SEND',
      'RECEIVED',
      'AUTHORIZED',
    ]);
  });

  it('is authorized, sent once, whatever SRI says wrongly on the way', async () => {
    const reception = [
      'drop-before',
      'drop-after-accepting',
      'cut-mid-answer',
      'http-500-html',
      'http-503',
      'soap-fault',
      'empty-answer',
      'garbage',
    ];
    const authorization = [
      ...reception.filter((fault) => fault !== 'drop-after-accepting'),
      'iso-8859-1',
      'escaped',
      'several',
    ];
    const faults = [
      ...reception.map((fault) => ({ service: 'reception' as const, fault })),
      ...authorization.map((fault) => ({ service: 'authorization' as const, fault })),
    ];
    const ended = await Promise.all(
      faults.map(async (fault) => {
        const { accessKey } = (await shop.sell()).body.document;
        await stack.sri.fault({ ...fault, times: 1, accessKey });
        await shop.post(`/v1/documents/${accessKey}/send`, undefined, { prefer: 'wait=0' });
        const path = `/v1/documents/${accessKey}`;
        const name = `${fault.service} ${fault.fault}`;
        await until(
          `the authorization after ${name}`,
          async () => (await shop.get(path)).body.document.status === 'AUTHORIZED',
        );
        return { name, ...(await stack.sri.document(accessKey)) };
      }),
    );
    expect(ended.filter(({ acceptedReceptions, state }) => acceptedReceptions !== 1 || state !== 'AUTORIZADO')).toEqual(
      [],
    );
  });
});
