import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXml } from '../../domain/format/schema-check.ts';
import { hasPdftotext, pdfText } from '../domain/format/ride/pdf-text.ts';
import { isInstalled, runWithFiles } from '../domain/signing/fixtures.ts';
import { expectStatus } from '../support/api-call.ts';
import type { Document, FacturaIn } from '../support/api-client.ts';
import { sampleSale } from '../support/sales.ts';
import { mailsIn, openShop, type Shop, until } from '../support/shop.ts';
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
  const made = await shop.client.createWebhook({ body: { url: stack.receiver.url } });
  webhookSecret = expectStatus(made, 201).body.secret;
});

afterAll(() => stack.stop());

describe('a sale', () => {
  let document: Document;

  it('becomes an authorized document in one call', async () => {
    const sold = await shop.client.createDocument({
      headers: { Prefer: 'wait=30', 'Idempotency-Key': 'till-1' },
      body: { ...(sampleSale() as FacturaIn), autoSend: true },
    });
    document = expectStatus(sold, 201).body.document;
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
      const answer = await shop.client.getRide({ params: document });
      return answer.status === 200 && answer;
    });
    expect(ride.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(ride.body as Uint8Array)
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it.skipIf(!hasPdftotext)('is on paper with its key, number, buyer, lines and totals', async () => {
    const { accessKey } = document;
    const { body } = expectStatus(await shop.client.getRide({ params: { accessKey } }), 200);
    const paper = pdfText(Buffer.from(body));
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
    const made = await shop.client.createDocument({ body: sampleSale() as FacturaIn });
    const { document: unsent } = expectStatus(made, 201).body;
    const files = {
      'signed.xml': Buffer.from(expectStatus(await shop.client.getXml({ params: unsent }), 200).body),
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
    const xml = expectStatus(await shop.client.getXml({ params: { accessKey } }), 200);
    const ride = expectStatus(await shop.client.getRide({ params: { accessKey } }), 200);
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([`${accessKey}.xml`, `RIDE-${accessKey}.pdf`]);
    expect(mail.attachments[0]!.content.equals(xml.body)).toBe(true);
    expect(mail.attachments[1]!.content.equals(ride.body)).toBe(true);
    const { body } = expectStatus(await shop.client.getDocument({ params: { accessKey } }), 200);
    expect(body.document.email.status).toBe('SENT');
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
    const { events } = expectStatus(await shop.client.listDocumentEvents({ params: document }), 200).body;
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
