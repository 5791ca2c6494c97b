import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ApiClient } from './api-client.ts';
import type { DemoContext } from './demo-tenant.ts';
import { findMail } from './mails.ts';
import { waitFor } from './patience.ts';
import { writePrivately } from './private-file.ts';
import { say } from './say.ts';
import type { WebhookReceiver } from '../webhook-receiver.ts';

const SALE = {
  documentType: '01',
  autoSend: true,
  buyer: {
    idType: '05',
    id: '1710034065',
    name: 'María Fernanda Núñez',
    email: 'maria@comprador.invalid',
    address: 'Calle Larga 5-24, Cuenca',
  },
  items: [
    {
      mainCode: 'CAFE-500',
      description: 'Café de Loja tostado, 500 g',
      quantity: '2',
      unitPrice: '4.50',
      taxes: [{ code: '2', rateCode: '4', rate: '15' }],
    },
    {
      mainCode: 'PAN-YUCA',
      description: 'Pan de yuca',
      quantity: '6',
      unitPrice: '0.35',
      taxes: [{ code: '2', rateCode: '0', rate: '0' }],
    },
  ],
  payments: [{ method: '01', total: '12.45' }],
};

/** What SRI and the mail server say in the end; nothing follows without a person. */
const FAILED = ['RETURNED', 'NOT_AUTHORIZED'];

interface DocumentView {
  accessKey: string;
  status: string;
  sequential: string;
  email: { status: string; error?: string };
}

export interface DemoDocument {
  accessKey: string;
  /** Files of the printed form and of SRI's authorized XML. */
  ridePath: string;
  xmlPath: string;
}

/**
 * Issues one factura and follows it to its end.
 * @throws unless SRI authorizes it, it is printed and mailed, and its webhook is accepted.
 */
export async function issueDocument(
  context: DemoContext,
  caller: ApiClient,
  receiver: WebhookReceiver,
): Promise<DemoDocument> {
  const { data, mailboxDir, signal } = context;
  say('issuing an invoice');
  const { document } = await caller.post<{ document: DocumentView }>('/v1/documents', SALE, {
    'Idempotency-Key': `demo-${randomUUID()}`,
    Prefer: 'wait=15',
  });
  const { accessKey } = document;
  const path = `/v1/documents/${accessKey}`;
  await reached(caller, path, 'its authorization', ({ status }) => status === 'AUTHORIZED', signal);
  say(`AUTHORIZED: ${accessKey}`);

  const ridePath = join(data.demo, `RIDE-${accessKey}.pdf`);
  const xmlPath = join(data.demo, `${accessKey}.xml`);
  const ride = await caller.download(`${path}/ride`);
  if (!ride.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('The RIDE is no PDF.');
  writePrivately(ridePath, ride);
  writePrivately(xmlPath, await caller.download(`${path}/xml`));
  say('printed');

  await reached(caller, path, 'its mail', ({ email }) => email.status === 'SENT', signal);
  if (mailboxDir !== undefined) {
    const mail = await findMail(mailboxDir, ({ attachments }) => {
      const names = attachments.map(({ filename = '' }) => filename);
      return ['.pdf', '.xml'].every((end) => names.some((name) => name.includes(accessKey) && name.endsWith(end)));
    });
    if (mail === undefined) throw new Error('The mail is said to be sent, but it is not in the mailbox.');
  }
  say('mailed');

  await waitFor(
    () =>
      receiver
        .received()
        .find(({ answer, verified, body }) => answer === 204 && verified !== false && body.includes(accessKey)),
    { what: 'its webhook', seconds: 60, signal },
  );
  say('webhook accepted');
  return { accessKey, ridePath, xmlPath };
}

async function reached(
  caller: ApiClient,
  path: string,
  what: string,
  done: (document: DocumentView) => boolean,
  signal: AbortSignal,
): Promise<void> {
  let last: DocumentView | undefined;
  await waitFor(
    async () => {
      last = (await caller.get<{ document: DocumentView }>(path)).document;
      return done(last) ? last : undefined;
    },
    {
      what,
      seconds: 120,
      signal,
      hopeless() {
        if (last !== undefined && FAILED.includes(last.status)) return `it is ${last.status}`;
        return last?.email.status === 'FAILED' ? `the mail failed: ${last.email.error}` : undefined;
      },
    },
  );
}
