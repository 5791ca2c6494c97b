import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DocumentView, mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;
let webhookSecret: string;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  const made = await shop.post('/v1/webhooks', { url: stack.receiver.url });
  expect(made.status).toBe(201);
  webhookSecret = made.body.secret;
});

afterAll(() => stack.stop());

describe('a sale', () => {
  let document: DocumentView;

  it('becomes an authorized document in one call', async () => {
    const sold = await shop.sell({ autoSend: true }, { prefer: 'wait=30', 'idempotency-key': 'till-1' });
    expect(sold.status).toBe(201);
    document = sold.body.document;
    expect(document).toMatchObject({ status: 'AUTHORIZED', sequential: '000000001', total: '11.50' });
    expect(document.authorizationNumber).toBe(document.accessKey);
    expect(await stack.sri.document(document.accessKey)).toMatchObject({
      receptions: 1,
      acceptedReceptions: 1,
      state: 'AUTORIZADO',
    });
  });

  it('has a printed form', async () => {
    const ride = await until('the RIDE', async () => {
      const answer = await shop.get(`/v1/documents/${document.accessKey}/ride`);
      return answer.status === 200 && answer;
    });
    expect(ride.headers.get('content-type')).toBe('application/pdf');
    expect(ride.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('reaches the buyer with both files', async () => {
    const mail = await until('the mail', async () =>
      (await mailsIn(stack)).find(({ to }) => to === 'maria@example.com'),
    );
    const { accessKey } = document;
    const xml = await shop.get(`/v1/documents/${accessKey}/xml`);
    const ride = await shop.get(`/v1/documents/${accessKey}/ride`);
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([`${accessKey}.xml`, `RIDE-${accessKey}.pdf`]);
    expect(mail.attachments[0]!.content.equals(xml.bytes)).toBe(true);
    expect(mail.attachments[1]!.content.equals(ride.bytes)).toBe(true);
    expect((await shop.get(`/v1/documents/${accessKey}`)).body.document.email.status).toBe('SENT');
  });

  it("reaches the tenant's webhook, signed as Standard Webhooks has it", async () => {
    const [webhook] = await until('the webhook', async () => {
      const all = stack.receiver.received();
      return all.length > 0 && all;
    });
    const event = new Webhook(webhookSecret).verify(webhook!.body, webhook!.headers) as {
      type: string;
      data: { metadata: { documents: unknown[] } };
    };
    expect(event.type).toBe('DOCUMENT_AUTHORIZED');
    expect(event.data.metadata.documents).toMatchObject([{ accessKey: document.accessKey, total: '11.50' }]);
  });

  it('tells its story', async () => {
    const { events } = (await shop.get(`/v1/documents/${document.accessKey}/events`)).body;
    expect(events.map(({ eventType, toStatus }) => [eventType, toStatus])).toEqual([
      ['CREATED', 'CREATED'],
      ['STATUS_CHANGED', 'SIGNED'],
      ['STATUS_CHANGED', 'PENDING_SEND'],
      ['SENT', 'RECEIVED'],
      ['STATUS_CHANGED', 'AUTHORIZED'],
      ['EMAIL_SENT', null],
    ]);
  });

  it('costs Temporal at most 12 workflow tasks and 50 events, webhooks aside', async () => {
    const handle = stack.temporal.client.workflow.getHandle(document.accessKey);
    await handle.result();
    const { events } = await handle.fetchHistory();
    const tasks = events!.filter((event) => event.workflowTaskCompletedEventAttributes);
    const ofChildren = events!.filter(
      (event) =>
        event.startChildWorkflowExecutionInitiatedEventAttributes ??
        event.childWorkflowExecutionStartedEventAttributes ??
        event.childWorkflowExecutionCompletedEventAttributes,
    );
    expect(tasks.length).toBeLessThanOrEqual(12);
    expect(events!.length - ofChildren.length).toBeLessThanOrEqual(50);
  });
});
