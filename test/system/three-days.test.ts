import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';
import { skippedTime } from '../support/skipped-time.ts';
import { type Stack, startStack } from '../support/stack.ts';

let time: Awaited<ReturnType<typeof skippedTime>>;
let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  time = await skippedTime();
  stack = await startStack({ temporal: time });
  shop = await openShop(stack);
});

afterAll(async () => {
  await stack.stop();
  await time.close();
});

describe('when SRI is down for three days', () => {
  it('the document is authorized afterwards, sent once, in fewer than 80 history events', async () => {
    await stack.sri.fault({ service: 'any', fault: 'down' });
    const { document } = (await shop.sell({ autoSend: true }, { prefer: 'wait=1' })).body;
    expect(document.status).toBe('PENDING_SEND');
    await time.pass('72 hours');
    expect((await shop.get(`/v1/documents/${document.accessKey}`)).body.document.status).toBe('PENDING_SEND');

    await stack.sri.heal();
    const handle = time.client.workflow.getHandle(document.accessKey);
    expect(await handle.result()).toBe('AUTHORIZED');
    expect(await stack.sri.document(document.accessKey)).toMatchObject({ acceptedReceptions: 1, state: 'AUTORIZADO' });
    const { events } = await handle.fetchHistory();
    expect(events!.length).toBeLessThan(80);
    const outages = (await shop.get(`/v1/documents/${document.accessKey}/events`)).body.events.filter(
      ({ eventType }) => eventType === 'ERROR',
    );
    expect(outages).toHaveLength(1);
  });
});
