import { createHmac } from 'node:crypto';
import { SECRET_PREFIX } from './secret.ts';

export interface SignedContent {
  /** The delivery's id: the same at every attempt, so that a receiver knows a repetition. */
  id: string;
  /** When this attempt is made: receivers refuse what is older than some minutes. */
  timestamp: Date;
  /** The exact text that is posted. */
  body: string;
  /** `whsec_…`; two while one replaces the other, and each signs. */
  secrets: readonly string[];
}

/** The three headers of Standard Webhooks 1.0.0, "Webhook headers"; HMAC-SHA256 over `id.timestamp.body`. */
export function signatureHeaders({ id, timestamp, body, secrets }: SignedContent): Record<string, string> {
  const seconds = Math.floor(timestamp.getTime() / 1_000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
