import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Mailbox, startMailbox } from '../../dev/mailbox.ts';

let dir: string;
let mailbox: Mailbox;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mailbox-'));
  mailbox = await startMailbox({ dir: join(dir, 'mails') });
});
afterEach(async () => {
  await mailbox.stop();
  rmSync(dir, { recursive: true });
});

const files = () => readdirSync(mailbox.dir).toSorted();
const send = (subject: string, content = '') =>
  createTransport(mailbox.smtpUrl).sendMail({ from: 'a@example.ec', to: 'b@example.ec', subject, text: content });

describe('the development mailbox', () => {
  it('makes its folder and keeps each mail as one file, in order, with nothing half-written left', async () => {
    for (let n = 1; n <= 3; n++) await send(`Mail ${n}`);
    expect(files()).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^\d{8}T\d{9}Z-\d{6}\.eml$/)));
    const subjects = files().map(
      (name) => /^Subject: (.*)\r$/m.exec(readFileSync(join(mailbox.dir, name), 'utf8'))?.[1],
    );
    expect(subjects).toEqual(['Mail 1', 'Mail 2', 'Mail 3']);
  });

  it('has a mail before it confirms it, whoever else is sending', async () => {
    const confirmed = await Promise.all(
      Array.from({ length: 10 }, (_, n) => send(`Mail ${n}`).then(() => files().length)),
    );
    expect(Math.min(...confirmed)).toBeGreaterThan(0);
    expect(files()).toHaveLength(10);
  });

  it('listens on loopback only', () => {
    expect(mailbox.smtpUrl).toBe(`smtp://127.0.0.1:${mailbox.port}`);
  });

  it('fails as many mails as it was told to, in the order it was told', async () => {
    mailbox.failNext({ times: 2, reply: 451 });
    mailbox.failNext({ times: 1, reply: 552, at: 'data' });
    mailbox.failNext({ times: 1, reply: 'drop' });
    await expect(send('1')).rejects.toMatchObject({ responseCode: 451, command: 'RCPT TO' });
    await expect(send('2')).rejects.toMatchObject({ responseCode: 451, command: 'RCPT TO' });
    await expect(send('3')).rejects.toMatchObject({ responseCode: 552, command: 'DATA' });
    await expect(send('4')).rejects.toMatchObject({ code: 'ECONNECTION' });
    expect(files()).toEqual([]);
    mailbox.failNext({ times: 1, reply: 'drop-after-data' });
    await expect(send('5')).rejects.toMatchObject({ code: 'ECONNECTION' });
    await send('6');
    expect(files()).toHaveLength(2);
  });

  it('takes no mail of more than 25 MB', async () => {
    await expect(send('huge', `${'x'.repeat(998)}\r\n`.repeat(26_000))).rejects.toMatchObject({ responseCode: 552 });
    expect(files()).toEqual([]);
  });

  it('says when its port is taken', async () => {
    await expect(startMailbox({ dir, port: mailbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
