import type { AddressInfo, Socket } from 'node:net';
import { callbackify, parseArgs } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { arrivalsIn } from './arrivals.ts';

export interface MailboxOptions {
  /** Folder of the mails; made when it is not there. */
  dir: string;
  /** Any free one unless given. */
  port?: number;
}

interface MailFault {
  /** How many of the next mails it is for. */
  times: number;
  /** A reply, or the end of the connection: before the mail is kept, or when it is kept but not confirmed yet. */
  reply: number | 'drop' | 'drop-after-data';
  /** What a reply refuses; the recipient unless given. */
  at?: 'recipient' | 'data';
}

export interface Mailbox {
  smtpUrl: string;
  port: number;
  dir: string;
  /** Makes the next mails fail; faults asked for earlier come first. */
  failNext(fault: MailFault): void;
  stop(): Promise<void>;
}

const MAX_MAIL_BYTES = 25_000_000;

/** An SMTP server on loopback that keeps every mail as an `.eml` file and sends nothing on. */
export async function startMailbox({ dir, port = 0 }: MailboxOptions): Promise<Mailbox> {
  const arrivals = arrivalsIn(dir, 'eml');
  const faults: MailFault[] = [];
  /** Faults that strike when the mail has been read, by session. */
  const late = new Map<string, MailFault>();
  const sockets = new Map<number, Socket>();
  const drop = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const fault = late.get(session.id);
    late.delete(session.id);
    const content = await contentOf(stream);
    if (typeof fault?.reply === 'number') throw refusal(fault.reply);
    await arrivals.keep(content);
    if (fault?.reply === 'drop-after-data') drop(session);
  }

  const server = new SMTPServer({
    name: 'mailbox',
    size: MAX_MAIL_BYTES,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1_000,
    onRcptTo(_address, session, callback) {
      const fault = faults.shift();
      if (fault?.reply === 'drop') return drop(session);
      if (typeof fault?.reply === 'number' && fault.at !== 'data') return callback(refusal(fault.reply));
      if (fault !== undefined) late.set(session.id, fault);
      callback();
    },
    onData: (stream, session, callback) => callbackify(receive)(stream, session, callback),
  });
  server.server.on('connection', (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // From here on they tell of clients that went away.
      server.on('error', () => {});
      resolve();
    });
  });

  const bound = (server.server.address() as AddressInfo).port;
  return {
    smtpUrl: `smtp://127.0.0.1:${bound}`,
    port: bound,
    dir,
    failNext(fault) {
      for (let n = 0; n < fault.times; n++) faults.push(fault);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function contentOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw refusal(552);
  return Buffer.concat(chunks);
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('refused by the mailbox'), { responseCode });
}

const USAGE = `Keeps every mail it is given as a file and sends nothing on.

  node dev/mailbox.ts --dir FOLDER [--port PORT]

  --dir   where the .eml files go
  --port  where it listens on 127.0.0.1 (1025 unless given, 0 for any free one)`;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '1025' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.dir === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
  } else {
    const mailbox = await startMailbox({ dir: values.dir, port: Number(values.port) });
    console.log(`Mails to ${mailbox.smtpUrl} arrive in ${mailbox.dir}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void mailbox.stop());
  }
}
