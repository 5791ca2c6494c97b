import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Document, Ride } from '../../domain/store/entities/document.ts';
import { coloredPoints, hasPdftotext, imagesOf, pageSizes, pdfText } from '../domain/format/ride/pdf-text.ts';
import { formOf } from '../support/branches.ts';
import { keepHistory } from '../support/histories.ts';
import { png } from '../support/pictures.ts';
import { expectProblem } from '../support/problem.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const waiting = { prefer: 'wait=60' };

/** The path of a factura that is authorized. */
async function sold(): Promise<string> {
  const { document } = (await shop.sell({ autoSend: true }, waiting)).body;
  expect(document.status).toBe('AUTHORIZED');
  return `/v1/documents/${document.accessKey}`;
}

/** The page of a new sale, without what is of that sale alone. */
async function printed(format: string): Promise<Buffer> {
  const answer = await shop.get(`${await sold()}/ride?format=${format}`, waiting);
  expect(answer.status).toBe(200);
  return answer.bytes;
}

describe.skipIf(!hasPdftotext)('the look of an issuer', () => {
  it('is that of the day of printing, on page and ticket', async () => {
    const before = await printed('a4');
    expect([imagesOf(before), coloredPoints(before)]).toEqual([[], 0]);
    const path = `/v1/issuers/${shop.issuerId}`;
    const plain = (await shop.get(path)).body.issuer;
    expect(plain.color).toBeNull();
    const colored = await shop.patch(path, { color: '#0B4F9C' });
    expect(colored.body.issuer).toEqual({ ...plain, color: '#0B4F9C' });
    // The head of a table, 184 mm by 4, has some 1,800 of them.
    expect(coloredPoints(await printed('a4'))).toBeGreaterThan(1_000);
    await shop.patch(`${path}/logo`, formOf({}, { logo: png(400, 100) }));
    expect(imagesOf(await printed('a4'))).toHaveLength(1);
    const ticket = await printed('ticket');
    expect([imagesOf(ticket).length, coloredPoints(ticket)]).toEqual([1, 0]);
    expect((await shop.patch(path, { color: null })).body.issuer).toEqual(plain);
  });

  it('changes nothing of what is printed already', async () => {
    const path = await sold();
    const before = (await shop.get(`${path}/ride`, waiting)).bytes;
    await shop.patch(`/v1/issuers/${shop.issuerId}`, { color: '#7A0019' });
    expect((await shop.get(`${path}/ride`)).bytes.equals(before)).toBe(true);
  });
});

describe('a ticket', () => {
  it('is printed once, when it is first asked for, and kept', async () => {
    const path = await sold();
    const accessKey = path.split('/').at(-1)!;
    const kept = () =>
      stack.store.asSystem(async (em) => {
        const { id } = await em.findOneOrFail(Document, { accessKey });
        return em.count(Ride, { documentId: id, format: 'ticket' });
      });
    expect(await kept()).toBe(0);
    const answers = await Promise.all([1, 2, 3].map(() => shop.get(`${path}/ride?format=ticket`, waiting)));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="TICKET-${accessKey}.pdf"`);
      expect(answer.bytes.equals(answers[0]!.bytes)).toBe(true);
    }
    expect(await kept()).toBe(1);
    if (!hasPdftotext) return;
    const [paper, ...others] = pageSizes(answers[0]!.bytes);
    expect([paper!.width > 79 && paper!.width < 81, others]).toEqual([true, []]);
    const text = pdfText(answers[0]!.bytes);
    for (const said of ['FACTURA', 'RUC Proveedor', 'VALOR TOTAL', 'SIN VALIDEZ TRIBUTARIA', 'PRUEBAS / NORMAL']) {
      expect(text).toContain(said);
    }
    expect(text.replaceAll(/\s/g, '')).toContain(accessKey);
    const page = await shop.get(`${path}/ride`, waiting);
    expect(pageSizes(page.bytes)[0]!.width).toBeCloseTo(210, 0);
    expect(page.headers.get('content-disposition')).toBe(`attachment; filename="RIDE-${accessKey}.pdf"`);
    await keepHistory(stack.temporal.client, 'ticket-printed', accessKey);
  });

  it('is printed although the mail waits', async () => {
    stack.mailbox.failNext({ times: 100, reply: 451 });
    const path = await sold();
    const answer = await shop.get(`${path}/ride?format=ticket`, waiting);
    expect(answer.status).toBe(200);
    expect((await shop.get(path)).body.document.email.status).toBe('PENDING');
  });

  it('that is not ready in time is said so, and is printed all the same', async () => {
    const path = await sold();
    await stack.stopWorkers();
    const early = await shop.get(`${path}/ride?format=ticket`, { prefer: 'wait=0' });
    expectProblem(early, 503, 'RIDE_NOT_READY');
    await stack.startWorkers();
    await until('the ticket', async () => (await shop.get(`${path}/ride?format=ticket`, waiting)).status === 200);
  });

  it('is of an authorized factura alone, on paper that there is', async () => {
    const { document } = (await shop.sell()).body;
    const path = `/v1/documents/${document.accessKey}/ride`;
    expectProblem(await shop.get(`${path}?format=ticket`), 400, 'DOCUMENT_NOT_AUTHORIZED');
    expectProblem(await shop.get(`${path}?format=a5`), 400, 'VALIDATION_FAILED', 'format');
  });
});
