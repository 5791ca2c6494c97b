import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { ConfigError } from '../domain/config.ts';

export interface OutgoingAttachment {
  filename: string;
  content: Buffer;
  contentType: string;
}

export interface OutgoingMail {
  /** One bare address. */
  to: string;
  /** `<…@…>`; the same at every attempt. */
  messageId: string;
  /** When the mail was first meant to go; the same at every attempt. */
  date: Date;
  subject: string;
  html: string;
  text: string;
  attachments: readonly OutgoingAttachment[];
}

export interface MailTransport {
  /**
   * Hands a mail to the SMTP server. The same mail has the same bytes each time.
   * @param signal gives it up; whether it has gone out is not known then
   * @throws MailError; the signal's reason
   */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>;
  /** Closes idle connections; the others close when they have delivered. */
  close(): void;
}

export interface MailTransportOptions {
  /** `smtp://` or `smtps://`, with credentials and nodemailer's options in its query, such as `?requireTLS=true`. */
  smtpUrl: string;
  /** `Name <address>`. */
  from: string;
  /** Milliseconds for one whole mail, the wait for a free connection included. */
  timeoutMs?: number;
}

/** A mail was not taken. The message is a sentence without addresses, content or the server's own words. */
export class MailError extends Error {
  override readonly name = 'MailError';
  /** It is this mail that the server refuses: sending it again is of no use. */
  readonly permanent: boolean;

  constructor(message: string, permanent: boolean) {
    super(message);
    this.permanent = permanent;
  }
}

/** @throws ConfigError when the URL is not one of SMTP. */
export function createMailTransport({ smtpUrl, from, timeoutMs = 90_000 }: MailTransportOptions): MailTransport {
  if (!/^smtps?:\/\/./i.test(smtpUrl)) throw new ConfigError('SMTP_URL: must begin with smtp:// or smtps://.');
  const pool = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 10,
    // Only for a kept connection that turns out to be closed; a mail that may have been taken is ours to repeat.
    maxRequeues: 1,
    idleTimeout: 60_000,
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send({ to, messageId, date, subject, html, text, attachments }, signal) {
      if (!isAddress(to)) throw new MailError('The recipient is not a mail address.', true);
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        await pool.sendMail({
          from,
          to: { name: '', address: to },
          messageId,
          date,
          subject: subject.replace(/[\s\p{Cc}]+/gu, ' '),
          html,
          text,
          attachments: [...attachments],
          // No holiday answers, please (RFC 3834, section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
          baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
          signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        });
      } catch (error) {
        signal?.throwIfAborted();
        if (deadline.aborted)
          throw new MailError(`The mail server took more than ${timeoutMs / 1_000} seconds.`, false);
        throw mailErrorOf(error as SmtpFailure);
      }
    },
    close: () => pool.close(),
  };
}

/** One address and nothing else: no list, no name, no comment, no quoted part. */
function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u.test(text);
}

/** What nodemailer's errors carry. */
interface SmtpFailure {
  code?: string;
  /** The system's code, where there is one. */
  originalCode?: string;
  /** What the server had been told when it answered. */
  command?: string;
  response?: string;
  responseCode?: number;
}

/** What a refusal is about, by command. */
const SUBJECTS = new Map([
  ['MAIL FROM', 'the sender'],
  ['RCPT TO', 'the recipient'],
  ['DATA', 'the mail'],
]);

/** Replies to any command that speak of the session or of our account (RFC 5321, section 4.2.2; RFC 4954, section 6). */
const ABOUT_US = new Set([500, 502, 503, 504, 530, 534, 535, 538]);

function mailErrorOf({ code, originalCode = code, command = '', response = '', responseCode }: SmtpFailure): MailError {
  if (responseCode === undefined) {
    const reason = /^\w{1,60}$/.test(originalCode ?? '') ? originalCode : 'unknown trouble';
    return new MailError(`The connection to the mail server failed: ${reason}.`, false);
  }
  // The numbers only: the words after them usually repeat the address.
  const reply = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response)?.[0] ?? responseCode;
  const subject = code === 'EAUTH' ? 'our credentials' : (SUBJECTS.get(command) ?? 'the connection');
  const verb = responseCode >= 500 ? 'refused' : 'put off';
  const aboutTheMail = command === 'RCPT TO' || command === 'DATA';
  return new MailError(
    `The mail server ${verb} ${subject}: ${reply}.`,
    responseCode >= 500 && aboutTheMail && !ABOUT_US.has(responseCode),
  );
}
