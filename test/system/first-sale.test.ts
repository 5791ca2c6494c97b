import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXml } from '../../domain/format/schema-check.ts';
import { hasPdftotext, pdfText } from '../domain/format/ride/pdf-text.ts';
import { isInstalled, runWithFiles } from '../domain/signing/fixtures.ts';
import { sampleSale } from '../support/sales.ts';
import { type DocumentView, mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** SRI's own, where the project's reference lies beside the checkout. */
const SCHEMA = fileURLToPath(new URL('../../../shared/reference/xsd/factura_V2.1.0.xsd', import.meta.url));

/** The certificate must come from the authority, whose it is to say; all three references count. */
const XMLSEC_VERIFY = [
  '--verify --enabled-key-data x509 --trusted-pem authority.pem',
  '--id-attr:Id http://www.w3.org/2000/09/xmldsig#:KeyInfo',
  '--id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties',
  '--id-attr:id factura',
].flatMap((options) => options.split(' '));

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

  it.skipIf(!hasPdftotext)('is on paper with its key, number, buyer, lines and totals', async () => {
    const { accessKey } = document;
    const paper = pdfText((await shop.get(`/v1/documents/${accessKey}/ride`)).bytes);
    const { buyer, items } = sampleSale();
    for (const text of [
      accessKey,
      '001-001-000000001',
      buyer.name,
      buyer.id,
      items[0]!.description,
      '5.00',
      '10.00',
      '1.50',
      '11.50',
    ]) {
      expect(paper).toContain(text);
    }
    expect(paper).toContain('SIN VALIDEZ TRIBUTARIA');
  });

  it('is signed as SRI and everybody else can check', async () => {
    const unsent = (await shop.sell()).body.document;
    const files = {
      'signed.xml': (await shop.get(`/v1/documents/${unsent.accessKey}/xml`)).bytes,
      'authority.pem': stack.authority.certificatePem,
    };
    if (existsSync(SCHEMA) && isInstalled('xmllint')) {
      const checked = runWithFiles('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, 'signed.xml'], files);
      expect(checked.stderr).toBe('signed.xml validates\n');
    }
    if (isInstalled('xmlsec1')) {
      const verified = runWithFiles('xmlsec1', [...XMLSEC_VERIFY, 'signed.xml'], files);
      expect(verified.stderr + verified.stdout).toContain('SignedInfo References (ok/all): 3/3');
      expect(verified.status).toBe(0);
    }
    expect(validateXml('01', '2.1.0', files['signed.xml'])).toEqual([]);
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
