import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mail } from '../../domain/store/entities/delivery.ts';
import { keepHistory } from '../support/histories.ts';
import { expectProblem } from '../support/problem.ts';
import { sampleBuyer } from '../support/sales.ts';
import { type DocumentView, mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const waiting = { prefer: 'wait=30' };

/** Sells, and waits until the document is authorized. */
async function sold(email: string): Promise<string> {
  const { document } = (await shop.sell({ autoSend: true, buyer: { ...sampleBuyer, email } }, waiting)).body;
  expect(document.status).toBe('AUTHORIZED');
  return document.accessKey;
}

async function emailOf(accessKey: string): Promise<DocumentView['email'] & { error?: string }> {
  return (await shop.get(`/v1/documents/${accessKey}`)).body.document.email;
}

async function mailed(accessKey: string, status: string): Promise<void> {
  await until(`the mail to be ${status}`, async () => (await emailOf(accessKey)).status === status);
}

const retry = (accessKey: string, query = '', headers: Record<string, string> = waiting) =>
  shop.post(`/v1/documents/${accessKey}/email-retry${query}`, undefined, headers);

async function mailsTo(address: string) {
  return (await mailsIn(stack)).filter(({ to }) => to === address);
}

describe('the mail of a document', () => {
  it('that has gone out is sent again by force, as another mail', async () => {
    const accessKey = await sold('fuerza@example.com');
    await mailed(accessKey, 'SENT');
    expectProblem(await retry(accessKey), 400, 'BAD_REQUEST');
    expectProblem(await retry(accessKey, '?force=false'), 400, 'BAD_REQUEST');
    expect(await mailsTo('fuerza@example.com')).toHaveLength(1);

    const again = await retry(accessKey, '?force=true');
    expect(again.status).toBe(200);
    const [first, second, ...more] = await mailsTo('fuerza@example.com');
    expect(more).toEqual([]);
    expect(again.body.result).toEqual({ sent: true, messageId: second!.messageId });
    expect(second!.messageId).not.toBe(first!.messageId);
    expect(second!.attachments.map(({ filename }) => filename)).toEqual(
      first!.attachments.map(({ filename }) => filename),
    );
    expect(await emailOf(accessKey)).toMatchObject({ status: 'SENT' });
    const { events } = (await shop.get(`/v1/documents/${accessKey}/events`)).body;
    expect(events.filter(({ eventType }) => eventType === 'EMAIL_SENT')).toHaveLength(2);
  });

  it('that was refused is sent again, as another mail', async () => {
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const accessKey = await sold('rechazo@example.com');
    await mailed(accessKey, 'FAILED');
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const refused = await retry(accessKey);
    expect(refused.status).toBe(200);
    expect(refused.body.result.sent).toBe(false);
    expect(await emailOf(accessKey)).toMatchObject({ status: 'FAILED', error: expect.any(String) });
    const taken = await retry(accessKey);
    expect(taken.body.result.sent).toBe(true);
    expect(taken.body.result.messageId).not.toBe(refused.body.result.messageId);
    expect(await emailOf(accessKey)).toEqual({ status: 'SENT', sentAt: expect.any(String) });
    expect(await mailsTo('rechazo@example.com')).toHaveLength(1);
  });

  it('that waits for its next attempt is tried now, the same mail, and not once more later', async () => {
    stack.mailbox.failNext({ times: 2, reply: 451 });
    const accessKey = await sold('espera@example.com');
    const mail = await until('the second attempt', async () => {
      const [row] = await stack.store.asSystem((em) => em.find(Mail, { recipient: 'espera@example.com' }));
      return row !== undefined && row.updatedAt.getTime() - row.createdAt.getTime() > 4_000 && !row.claimedBy && row;
    });
    const tried = await retry(accessKey);
    expect(tried.body.result).toMatchObject({ sent: true, messageId: expect.stringContaining(mail.id) });
    // The document's own workflow finds it sent at its next attempt, and ends.
    expect(await stack.temporal.client.workflow.getHandle(accessKey).result()).toBe('AUTHORIZED');
    expect(await mailsTo('espera@example.com')).toHaveLength(1);
  });

  it('goes out once however many ask at once', async () => {
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const accessKey = await sold('varios@example.com');
    await mailed(accessKey, 'FAILED');
    const answers = await Promise.all([retry(accessKey), retry(accessKey), retry(accessKey)]);
    expect(answers.some(({ body }) => body.result?.sent)).toBe(true);
    for (const { status, body } of answers)
      expect([status, body.code]).toEqual(status === 200 ? [200, undefined] : [400, 'BAD_REQUEST']);
    expect(await mailsTo('varios@example.com')).toHaveLength(1);
  });

  it('waits for its turn while another run is sending it', async () => {
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const accessKey = await sold('turno@example.com');
    await mailed(accessKey, 'FAILED');
    await stack.stopWorkers();
    const told = await retry(accessKey, '', { prefer: 'wait=0' });
    const mailId = /[\w-]{36}/.exec(told.body.result.messageId)![0];
    const claim = (claimedUntil: Date) =>
      stack.store.asSystem((em) => em.nativeUpdate(Mail, { id: mailId }, { claimedBy: v7(), claimedUntil }));
    await claim(new Date(Date.now() + 600_000));
    await stack.startWorkers();
    const run = stack.temporal.client.workflow.getHandle(`mail-retry/${mailId}`);
    await until('a second attempt', async () => {
      const { pendingActivities } = (await run.describe()).raw;
      return pendingActivities?.some(({ attempt }) => attempt! > 1);
    });
    expect(await mailsTo('turno@example.com')).toEqual([]);
    await claim(new Date(0));
    expect(await run.result()).toEqual({ attempted: 1, succeeded: 1, failed: 0 });
    expect(await mailsTo('turno@example.com')).toHaveLength(1);
  });

  it('is answered 202 when the caller does not wait, and is sent all the same', async () => {
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const accessKey = await sold('luego@example.com');
    await mailed(accessKey, 'FAILED');
    const told = await retry(accessKey, '', { prefer: 'wait=0' });
    expect(told.status).toBe(202);
    expect(told.headers.get('location')).toBe(`/v1/documents/${accessKey}`);
    expect(told.body.result.sent).toBe(false);
    await mailed(accessKey, 'SENT');
  });

  it('is not there before the document is authorized, nor for anybody else', async () => {
    const { accessKey } = (await shop.sell()).body.document;
    expectProblem(await retry(accessKey), 400, 'DOCUMENT_NOT_AUTHORIZED');
    expectProblem(await retry(accessKey, '?force=yes'), 400, 'VALIDATION_FAILED', 'force');
    const other = await openShop(stack, { email: 'otra@example.com', ruc: '0926687856001' });
    expectProblem(await other.post(`/v1/documents/${accessKey}/email-retry`), 404, 'NOT_FOUND');
    expect((await other.post('/v1/documents/email-retry')).body.result).toEqual({
      attempted: 0,
      succeeded: 0,
      failed: 0,
    });
  });
});

describe('the mails of an issuer that have not gone out', () => {
  it('are tried together, and counted', async () => {
    stack.mailbox.failNext({ times: 3, reply: 550 });
    const keys = await Promise.all(['a', 'b', 'c'].map((name) => sold(`lote-${name}@example.com`)));
    for (const accessKey of keys) await mailed(accessKey, 'FAILED');
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const first = await shop.post('/v1/documents/email-retry', undefined, waiting);
    expect(first.status).toBe(200);
    expect(first.body.result).toEqual({ attempted: 3, succeeded: 2, failed: 1 });
    const second = await shop.post('/v1/documents/email-retry', undefined, waiting);
    expect(second.body.result).toEqual({ attempted: 1, succeeded: 1, failed: 0 });
    expect((await shop.post('/v1/documents/email-retry', undefined, waiting)).body.result.attempted).toBe(0);
    for (const name of ['a', 'b', 'c']) expect(await mailsTo(`lote-${name}@example.com`)).toHaveLength(1);
    await keepHistory(stack.temporal.client, 'mail-retry', await batchOf(3));
  });
});

/** The id of the workflow that tried so many mails. */
function batchOf(count: number): Promise<string> {
  const { workflow } = stack.temporal.client;
  return until('the batch in the list of workflows', async () => {
    for await (const { workflowId } of workflow.list({ query: `WorkflowType = 'mailRetryWorkflow'` })) {
      const { staticSummary } = await workflow.getHandle(workflowId).describe();
      if ((await staticSummary()) === `Tries ${count} mails now`) return workflowId;
    }
    return undefined;
  });
}
