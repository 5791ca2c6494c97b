import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createMailTransport,
  MailError,
  type MailTransport,
  type OutgoingMail,
} from '../../activities/mail-transport.ts';
import { ConfigError } from '../../domain/config.ts';
import { documentMail } from '../../domain/format/mail/mails.ts';
import { type Mailbox, startMailbox } from '../../dev/mailbox.ts';

let dir: string;
let mailbox: Mailbox;
let transport: MailTransport;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mails-'));
  mailbox = await startMailbox({ dir });
  transport = createMailTransport({ smtpUrl: mailbox.smtpUrl, from: 'Facturación Ñandú <facturas@example.ec>' });
});
afterEach(async () => {
  transport.close();
  await mailbox.stop();
  rmSync(dir, { recursive: true });
});

const mail: OutgoingMail = {
  to: 'maria@example.ec',
  messageId: '<019abc00-0000-7000-8000-000000000001@example.ec>',
  date: new Date('2026-11-25T15:20:30Z'),
  subject: 'Factura 001-001-000000123 de Panadería Ñandú',
  html: '<p>Hola, María</p>',
  text: 'Hola, María\n',
  attachments: [
    // Bytes of every value, line ends of every kind, a line that is a dot.
    {
      filename: 'RIDE-123.pdf',
      content: Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256)),
      contentType: 'application/pdf',
    },
    { filename: '123.xml', content: Buffer.from('<a>Ñandú\r\n.\r\nx\ny\r</a>\n'), contentType: 'application/xml' },
  ],
};

const files = () => readdirSync(dir).toSorted();
const raw = () => files().map((name) => readFileSync(join(dir, name)));
const parsed = () => Promise.all(raw().map((bytes) => simpleParser(bytes)));

/** How a send fails. */
async function failureOf(sending: Promise<void>): Promise<MailError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MailError);
  return error as MailError;
}

describe('a mail', () => {
  it('arrives whole: head, accents, both texts, attachments byte for byte', async () => {
    await transport.send(mail);
    const [arrived] = await parsed();
    expect(arrived).toMatchObject({
      messageId: mail.messageId,
      date: mail.date,
      subject: mail.subject,
      from: { value: [{ name: 'Facturación Ñandú', address: 'facturas@example.ec' }] },
      to: { value: [{ address: 'maria@example.ec' }] },
      text: 'Hola, María\n',
      html: '<p>Hola, María</p>',
    });
    expect(arrived!.headers.get('auto-submitted')).toBe('auto-generated');
    expect(arrived!.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['RIDE-123.pdf', 'application/pdf'],
      ['123.xml', 'application/xml'],
    ]);
    for (const [index, { content }] of arrived!.attachments.entries()) {
      expect(content.equals(mail.attachments[index]!.content)).toBe(true);
    }
  });

  it.each(['es', 'en'] as const)('of a document reads the same at the other end, in %s', async (language) => {
    const rendered = documentMail({
      language,
      issuerName: 'Panadería Ñandú & Hijos S.A.',
      documentName: 'Factura',
      documentNumber: '001-001-000000123',
      buyerName: 'María José Muñoz',
      total: '115.00',
      accessKey: '2511202601179001234500110010010000001231234567811',
      authorizationDate: '2026-11-25T10:20:30-05:00',
      environment: 'sandbox',
    });
    await transport.send({ ...mail, ...rendered });
    const [arrived] = await parsed();
    expect(arrived).toMatchObject({ subject: rendered.subject, text: rendered.text });
    expect((arrived!.html as string).trim()).toBe(rendered.html.trim());
  });

  it('has the same bytes when it is sent again, and other ones when it is another', async () => {
    await transport.send(mail);
    await transport.send(mail);
    await transport.send({ ...mail, messageId: '<other@example.ec>' });
    const [first, again, other] = raw();
    expect(again!.equals(first!)).toBe(true);
    expect(other!.equals(first!)).toBe(false);
  });

  it('cannot be given more headers or recipients through its subject', async () => {
    await transport.send({ ...mail, subject: 'Factura\r\nBcc: spy@example.ec\r\n\r\nbody\0' });
    const [arrived] = await parsed();
    expect(arrived!.subject).toBe('Factura Bcc: spy@example.ec body');
    expect(arrived!.bcc).toBeUndefined();
  });

  it.each([
    '',
    'nobody',
    'a@example.ec,b@example.ec',
    'Name <a@example.ec>',
    'a@example.ec\r\nRCPT TO:<spy@example.ec>',
    'a b@example.ec',
    'a@b@example.ec',
    `${'a'.repeat(320)}@example.ec`,
  ])('is not sent to %j', async (to) => {
    const error = await failureOf(transport.send({ ...mail, to }));
    expect(error).toMatchObject({ permanent: true, message: 'The recipient is not a mail address.' });
    expect(files()).toEqual([]);
  });

  it('goes to an accented domain', async () => {
    await transport.send({ ...mail, to: 'maria@ñandú.ec' });
    expect(files()).toHaveLength(1);
  });
});

describe('a mail server that does not take a mail', () => {
  it.each([
    { reply: 550, permanent: true, says: 'The mail server refused the recipient: 550.' },
    { reply: 553, permanent: true, says: 'The mail server refused the recipient: 553.' },
    { reply: 450, permanent: false, says: 'The mail server put off the recipient: 450.' },
    { reply: 530, permanent: false, says: 'The mail server refused the recipient: 530.' },
    { reply: 554, at: 'data' as const, permanent: true, says: 'The mail server refused the mail: 554.' },
    { reply: 451, at: 'data' as const, permanent: false, says: 'The mail server put off the mail: 451.' },
  ])('answers $reply: $says', async ({ permanent, says, ...fault }) => {
    mailbox.failNext({ times: 1, ...fault });
    expect(await failureOf(transport.send(mail))).toMatchObject({ permanent, message: says });
    expect(files()).toEqual([]);
    await transport.send(mail);
    expect(files()).toHaveLength(1);
  });

  it('drops the connection before it has the mail', async () => {
    mailbox.failNext({ times: 1, reply: 'drop' });
    const error = await failureOf(transport.send(mail));
    expect(error).toMatchObject({
      permanent: false,
      message: 'The connection to the mail server failed: ECONNECTION.',
    });
    await transport.send(mail);
    expect(files()).toHaveLength(1);
  });

  it('drops the connection when it has the mail: the second copy is the same mail', async () => {
    mailbox.failNext({ times: 1, reply: 'drop-after-data' });
    expect(await failureOf(transport.send(mail))).toMatchObject({ permanent: false });
    await transport.send(mail);
    const [first, second, ...more] = raw();
    expect(more).toEqual([]);
    expect(second!.equals(first!)).toBe(true);
  });

  it('has closed a connection that was kept: the mail goes over another', async () => {
    await transport.send(mail);
    mailbox.failNext({ times: 1, reply: 'drop' });
    await transport.send(mail);
    expect(files()).toHaveLength(2);
  });

  it('is not there', async () => {
    await mailbox.stop();
    const error = await failureOf(transport.send(mail));
    expect(error).toMatchObject({
      permanent: false,
      message: 'The connection to the mail server failed: ECONNREFUSED.',
    });
    mailbox = await startMailbox({ dir });
  });
});

/** A mail server that answers each command with what `script` has for its first word. */
async function scriptedServer(greeting: string | undefined, script: Record<string, string> = {}): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    if (greeting !== undefined) socket.write(`${greeting}\r\n`);
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        socket.write(`${script[line.split(/[ :]/)[0]!.toUpperCase()] ?? '250 fine'}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureAt(smtpUrl: string, timeoutMs?: number): Promise<MailError> {
  const other = createMailTransport({
    smtpUrl,
    from: 'facturas@example.ec',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  onTestFinished(() => other.close());
  return failureOf(other.send(mail));
}

describe('a mail server with its own words', () => {
  it('has its codes repeated and nothing else', async () => {
    const host = await scriptedServer('220 hi', { RCPT: '550 5.1.1 <maria@example.ec>: no such user' });
    const error = await failureAt(`smtp://${host}`);
    expect(error).toMatchObject({ permanent: true, message: 'The mail server refused the recipient: 550 5.1.1.' });
  });

  it('refuses our password: not the fault of the mail', async () => {
    const host = await scriptedServer('220 hi', { EHLO: '250-hi\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 wrong' });
    const error = await failureAt(`smtp://user:swordfish@${host}`);
    expect(error).toMatchObject({ permanent: false, message: 'The mail server refused our credentials: 535 5.7.8.' });
  });

  it('refuses our sender: not the fault of the mail', async () => {
    const host = await scriptedServer('220 hi', { MAIL: '550 5.7.1 not you' });
    expect(await failureAt(`smtp://${host}`)).toMatchObject({
      permanent: false,
      message: 'The mail server refused the sender: 550 5.7.1.',
    });
  });

  it('turns us away at the door', async () => {
    const host = await scriptedServer('554 5.7.1 go away');
    expect(await failureAt(`smtp://${host}`)).toMatchObject({
      permanent: false,
      message: 'The mail server refused the connection: 554 5.7.1.',
    });
  });

  it('says nothing within the time of a mail', async () => {
    const host = await scriptedServer(undefined);
    expect(await failureAt(`smtp://${host}`, 300)).toMatchObject({
      permanent: false,
      message: 'The mail server took more than 0.3 seconds.',
    });
  });

  it('says nothing while the worker is to end: the mail is given up, for another to send', async () => {
    const other = createMailTransport({ smtpUrl: `smtp://${await scriptedServer(undefined)}`, from: 'f@example.ec' });
    onTestFinished(() => other.close());
    const stop = new AbortController();
    const sending = other.send(mail, stop.signal);
    stop.abort(new Error('the worker ends'));
    await expect(sending).rejects.toThrow('the worker ends');
  });
});

describe('SMTP_URL', () => {
  it('must be one, and is not repeated when it is not', () => {
    const make = () => createMailTransport({ smtpUrl: 'https://user:swordfish@mail.example.ec', from: 'a@example.ec' });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow('SMTP_URL: must begin with smtp:// or smtps://.');
  });
});
