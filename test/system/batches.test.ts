import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuePortion, type IssueOptions } from '../../domain/batches/issue.ts';
import { documentContextOf } from '../../domain/documents/context.ts';
import { Certificate, Issuer } from '../../domain/store/entities/issuer.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { RECONCILIATION } from '../../workflows/contract.ts';
import { finished, postLines, readBatch, resultsOf, startBatch } from '../support/batches.ts';
import { keepHistory } from '../support/histories.ts';
import { sampleSale } from '../support/sales.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const many = (count: number) => Array.from({ length: count }, () => sampleSale());
const set = (change: Partial<Tenant>) =>
  stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, change));
const nextNumber = async () => Number((await shop.sell()).body.document.sequential) + 1;

/** What each line came to: the outcome, or the code of its refusal. */
async function outcomes(batch: { id: string }): Promise<string[]> {
  await finished(shop, batch);
  return (await resultsOf(shop, batch)).map(({ outcome, problem }) => problem?.code ?? outcome);
}

/** Runs what finds the workers away, and lets them come back. */
async function withoutWorkers<T>(work: () => Promise<T>): Promise<T> {
  await stack.stopWorkers();
  try {
    return await work();
  } finally {
    await stack.startWorkers();
  }
}

describe('a batch', () => {
  it('gives each line the result that a request of its own would have had, and the next number to the next that is good', async () => {
    const first = await nextNumber();
    const wrong = { ...sampleSale(), tip: '99.00', plate: 'a\u0000\ud800' };
    const batch = await startBatch(shop, [
      sampleSale(),
      '{"documentType": "01"',
      '',
      wrong,
      { documentType: '99' },
      { ...sampleSale(), documentType: '04' },
      sampleSale(),
    ]);
    expect(await outcomes(batch)).toEqual([
      'ISSUED',
      'BAD_REQUEST',
      'BAD_REQUEST',
      'VALIDATION_FAILED',
      'DOCUMENT_TYPE_NOT_SUPPORTED',
      'VALIDATION_FAILED',
      'ISSUED',
    ]);
    const results = await resultsOf(shop, batch);
    const { instance: _, ...single } = (await shop.post('/v1/documents', wrong)).body as unknown as {
      instance: string;
    };
    expect(results[3]!.problem).toMatchObject(single);
    const documents = results.flatMap(({ document }) => document ?? []);
    expect(documents.map(({ sequential }) => Number(sequential))).toEqual([first, first + 1]);
    for (const { accessKey } of documents) {
      const { events } = (await shop.get(`/v1/documents/${accessKey}/events`)).body;
      expect(events.map(({ fromStatus, toStatus }) => [fromStatus, toStatus])).toEqual([
        [null, 'CREATED'],
        ['CREATED', 'SIGNED'],
      ]);
    }
    expect(await resultsOf(shop, batch, 'outcome=ISSUED&limit=1')).toEqual([results[0], results[6]]);
    await keepHistory(stack.temporal.client, 'batch', `batch/${batch.id}`);
  });

  it('sends what is to be sent, and can send the others later', async () => {
    const batch = await startBatch(shop, [{ ...sampleSale(), autoSend: true }, sampleSale()]);
    await finished(shop, batch);
    const statusOf = async (index: number) => (await resultsOf(shop, batch))[index]!.document!.status;
    await until('the authorization', async () => (await statusOf(0)) === 'AUTHORIZED');
    expect(await statusOf(1)).toBe('SIGNED');
    const { accessKey } = (await resultsOf(shop, batch))[1]!.document!;
    expect((await shop.post(`/v1/documents/${accessKey}/send`)).status).toBe(200);
    await until('the authorization', async () => (await statusOf(1)) === 'AUTHORIZED');
  });

  it('makes one document of what has one key, wherever it comes from', async () => {
    const sale = sampleSale();
    const sold = await shop.post('/v1/documents', sale, { 'idempotency-key': 'invoice-1' });
    const batch = await startBatch(shop, [
      { ...sale, idempotencyKey: 'invoice-1' },
      { ...sale, idempotencyKey: 'invoice-2' },
      { ...sale, idempotencyKey: 'invoice-2' },
      { ...sale, tip: '1.00', idempotencyKey: 'invoice-1' },
    ]);
    expect(await outcomes(batch)).toEqual(['ISSUED', 'ISSUED', 'ISSUED', 'CONFLICT']);
    const [first, second, third] = await resultsOf(shop, batch);
    expect([first!.replayed, second!.replayed, third!.replayed]).toEqual([true, false, true]);
    expect(first!.document!.accessKey).toBe(sold.body.document.accessKey);
    expect(third!.document).toEqual(second!.document);
  });

  it('cannot credit a document twice by two lines of one batch', async () => {
    await shop.post(`/v1/issuers/${shop.issuerId}/document-types`, { documentType: '04' });
    const { accessKey } = (await shop.sell({ autoSend: true }, { prefer: 'wait=30' })).body.document;
    const { buyer, items } = sampleSale();
    const { email: _, ...creditor } = buyer;
    const note = { documentType: '04', buyer: creditor, modifies: { accessKey }, reason: 'Devolución', items };
    expect(await outcomes(await startBatch(shop, [note, note]))).toEqual(['ISSUED', 'CREDIT_EXCEEDS_BALANCE']);
  });

  it('goes on with refusals when the quota ends in the middle, and uses no number for them', async () => {
    const first = await nextNumber();
    const [{ count }] = (await stack.store.lookUp('select document_count as count from tenants where id = ?', [
      shop.tenantId,
    ])) as [{ count: number }];
    await set({ documentQuota: count + 12 });
    const refused = Array.from({ length: 8 }, () => 'QUOTA_EXCEEDED');
    const batch = await startBatch(shop, many(20));
    expect(await outcomes(batch)).toEqual([...many(12).map(() => 'ISSUED'), ...refused]);
    await set({ documentQuota: 20_000 });
    expect((await shop.sell()).body.document.sequential).toBe(String(first + 12).padStart(9, '0'));
  });

  it('refuses each line while the account, the issuer or the certificate may issue nothing', async () => {
    const each = async (harm: () => Promise<unknown>, mend: () => Promise<unknown>) => {
      const batch = await withoutWorkers(async () => {
        const started = await startBatch(shop, many(2));
        await harm();
        return started;
      });
      try {
        await until('its end', async () => {
          const rows = await stack.store.lookUp('select 1 from batches where id = ? and finished_at is null', [
            batch.id,
          ]);
          return rows.length === 0;
        });
      } finally {
        await mend();
      }
      return outcomes(batch);
    };
    const { tenantId } = shop;
    const issuers = (change: Partial<Issuer>) =>
      stack.store.asSystem((em) => em.nativeUpdate(Issuer, { tenantId }, change));
    const certificates = (notAfter: Date) =>
      stack.store.asSystem((em) => em.nativeUpdate(Certificate, { tenantId }, { notAfter }));
    const suspended = await each(
      () => set({ status: 'SUSPENDED' }),
      () => set({ status: 'ACTIVE' }),
    );
    expect(suspended).toEqual(['ACCOUNT_SUSPENDED', 'ACCOUNT_SUSPENDED']);
    const disabled = await each(
      () => issuers({ active: false }),
      () => issuers({ active: true }),
    );
    expect(disabled).toEqual(['ISSUER_NOT_FOUND', 'ISSUER_NOT_FOUND']);
    const expired = await each(
      () => certificates(new Date(0)),
      () => certificates(new Date(Date.now() + 86_400_000)),
    );
    expect(expired).toEqual(['CERTIFICATE_EXPIRED', 'CERTIFICATE_EXPIRED']);
  });

  it('waits while it is paused, and goes on', async () => {
    const batch = await withoutWorkers(async () => {
      const started = await startBatch(shop, many(3));
      expect((await shop.post(`/v1/batches/${started.id}/pause`)).body.batch.status).toBe('PAUSED');
      return started;
    });
    await until('the end of its run', async () => {
      const { status } = await stack.temporal.client.workflow.getHandle(`batch/${batch.id}`).describe();
      return status.name === 'COMPLETED';
    });
    expect((await readBatch(shop, batch.id)).lines).toMatchObject({ pending: 3, issued: 0 });
    expect(await resultsOf(shop, batch, 'outcome=PENDING')).toHaveLength(3);
    expect((await shop.post(`/v1/batches/${batch.id}/pause`)).status).toBe(200);
    expect((await shop.post(`/v1/batches/${batch.id}/resume`)).body.batch.status).toBe('RUNNING');
    expect(await outcomes(batch)).toEqual(['ISSUED', 'ISSUED', 'ISSUED']);
    for (const verb of ['pause', 'resume', 'cancel']) {
      const late = await shop.post(`/v1/batches/${batch.id}/${verb}`);
      expect([late.status, late.body.code]).toEqual([409, 'CONFLICT']);
    }
  });

  it('may be paused and cancelled on its way: what is issued stays, and the rest never is', async () => {
    const batch = await startBatch(shop, many(500));
    await until('the first documents', async () => (await readBatch(shop, batch.id)).lines.issued > 0);
    const paused = await shop.post(`/v1/batches/${batch.id}/pause`);
    expect(paused.body.batch.status).toBe('PAUSED');
    const { issued } = paused.body.batch.lines;
    expect(issued).toBeLessThan(500);
    await until('the end of its run', async () => {
      const { status } = await stack.temporal.client.workflow.getHandle(`batch/${batch.id}`).describe();
      return status.name === 'COMPLETED';
    });
    expect((await readBatch(shop, batch.id)).lines.issued).toBe(issued);
    const cancelled = (await shop.post(`/v1/batches/${batch.id}/cancel`)).body.batch;
    expect(cancelled).toMatchObject({ status: 'CANCELLED', lines: { pending: 0, issued, cancelled: 500 - issued } });
    expect((await shop.post(`/v1/batches/${batch.id}/cancel`)).status).toBe(200);
    expect(await resultsOf(shop, batch, 'outcome=CANCELLED')).toHaveLength(500 - issued);
    const kept = await stack.store.lookUp('select 1 from batch_lines where batch_id = ? and request is not null', [
      batch.id,
    ]);
    expect(kept).toEqual([]);
  });

  it('is told of when it is completed', async () => {
    await shop.post('/v1/webhooks', { url: stack.receiver.url, eventTypes: ['BATCH_COMPLETED'] });
    const { id } = await startBatch(shop, [sampleSale(), '']);
    const received = await until('the webhook', async () =>
      stack.receiver.received().find(({ body }) => body.includes(id)),
    );
    const { type, data } = JSON.parse(received.body) as { type: string; data: object };
    expect([type, data]).toMatchObject([
      'BATCH_COMPLETED',
      { severity: 'WARNING', issuerId: shop.issuerId, metadata: { batchId: id, total: 2, issued: 1, refused: 1 } },
    ]);
  });

  it('is started by the reconciliation when its workflow is lost', async () => {
    const { client } = stack.temporal;
    const batch = await withoutWorkers(async () => {
      const started = await startBatch(shop, many(1));
      await client.workflow.getHandle(`batch/${started.id}`).terminate();
      return started;
    });
    await until('its end', async () => {
      await client.schedule.getHandle(RECONCILIATION.scheduleId).trigger();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return (await readBatch(shop, batch.id)).finishedAt !== null;
    });
    expect(await outcomes(batch)).toEqual(['ISSUED']);
  });

  it('is made once for one Idempotency-Key', async () => {
    const again = () => postLines(shop, many(1), { 'idempotency-key': 'december' });
    const [first, second] = [await again(), await again()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await postLines(shop, many(2), { 'idempotency-key': 'december' })).status).toBe(409);
  });
});

describe('what is no batch', () => {
  const type = 'application/x-ndjson';
  const send = (body: BodyInit | undefined, headers: Record<string, string> = {}) =>
    fetch(`${stack.apiUrl}/v1/batches`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${shop.apiKey}`,
        'x-issuer-id': shop.issuerId,
        'content-type': type,
        ...headers,
      },
      ...(body === undefined ? {} : { body, duplex: 'half' as const }),
    });
  const large = new Uint8Array(21 * 2 ** 20).fill(0x20);

  it.each<[string, () => BodyInit | undefined, Record<string, string>, number]>([
    ['has no line', () => undefined, {}, 400],
    ['has too many', () => '\n'.repeat(10_001), {}, 400],
    ['is not UTF-8', () => Buffer.from('{"name": "Ñ"}', 'latin1'), {}, 400],
    ['is too large', () => large, {}, 413],
    ['turns out to be too large', () => new Blob([large]).stream(), {}, 413],
    ['is compressed', () => 'x', { 'content-encoding': 'gzip' }, 415],
    ['is of another type', () => '{}', { 'content-type': 'application/json' }, 415],
  ])('is refused when it %s', async (_, body, headers, status) => {
    expect((await send(body(), headers)).status).toBe(status);
  });

  it('is one more than an issuer may have under way', async () => {
    const other = await openShop(stack, { email: 'otra@example.com', ruc: '1790012345001' });
    await withoutWorkers(async () => {
      for (let at = 0; at < 10; at++) await startBatch(other, ['']);
      expect((await postLines(other, [''])).body.code).toBe('CONFLICT');
    });
  });
});

describe('the lines of a portion', () => {
  const options: IssueOptions = {
    sign: async () => Buffer.from('<signed/>'),
    onSendable: async () => {},
    lastTry: false,
    onFailure: () => {},
  };
  const portion = (batchId: string, change: Partial<IssueOptions> = {}) =>
    issuePortion(
      documentContextOf(stack.config, stack.store, () => new Date()),
      batchId,
      { ...options, ...change },
    );

  it('are issued once, though two workers take them up at once', async () => {
    await withoutWorkers(async () => {
      const { id } = await startBatch(shop, many(30));
      await Promise.all([portion(id), portion(id)]);
      const documents = (await resultsOf(shop, { id })).map(({ document }) => document!.accessKey);
      expect(new Set(documents).size).toBe(30);
      const [made] = await stack.store.lookUp(
        `select document_count = (select count(*) from documents where tenant_id = t.id) as counted from tenants t where id = ?`,
        [shop.tenantId],
      );
      expect(made).toEqual({ counted: true });
    });
  });

  it('stop no other when one fails unexpectedly, however often it is tried', async () => {
    const first = await nextNumber();
    await withoutWorkers(async () => {
      const unlucky = { ...sampleSale(), additionalInfo: [{ name: 'unlucky', value: 'yes' }] };
      const { id } = await startBatch(shop, [sampleSale(), unlucky, sampleSale()]);
      const sign = async (xml: string) => {
        if (xml.includes('unlucky')) throw new TypeError('unlucky');
        return Buffer.from(xml);
      };
      await expect(portion(id, { sign })).rejects.toThrow('unlucky');
      const failures: number[] = [];
      await portion(id, { sign, lastTry: true, onFailure: (line) => failures.push(line) });
      expect(failures).toEqual([2]);
      const results = await resultsOf(shop, { id });
      expect(results.map(({ document, problem }) => document?.sequential ?? problem?.code)).toEqual([
        String(first).padStart(9, '0'),
        'INTERNAL_ERROR',
        String(first + 1).padStart(9, '0'),
      ]);
    });
  });
});
