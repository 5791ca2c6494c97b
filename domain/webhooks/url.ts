import { isIP } from 'node:net';
import { mayReceive } from './address.ts';

const MAX_LENGTH = 2_000;

export interface WebhookUrlRules {
  /** A tenant that has not gone live yet may receive over plain HTTP. */
  sandbox: boolean;
  /** This very machine may receive: the embedded default only. */
  allowLoopback: boolean;
}

/**
 * What is wrong with the URL of an endpoint, as a sentence, or nothing. A host name passes whatever it resolves to:
 * that is checked at every attempt, when the connection is made.
 */
export function assertWebhookUrl(text: string, { sandbox, allowLoopback }: WebhookUrlRules): string | undefined {
  if (text.length > MAX_LENGTH) return `The URL has more than ${MAX_LENGTH} characters.`;
  // The parser drops blanks and line feeds without a word.
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return 'The URL is not well-formed.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(sandbox && url.protocol === 'http:')) {
    return sandbox ? 'The URL must begin with https:// or http://.' : 'The URL must begin with https://.';
  }
  if (url.username !== '' || url.password !== '') return 'The URL must not carry credentials.';
  if (text.includes('#')) return 'The URL must not have a fragment.';
  return isPublicHost(url.hostname, allowLoopback)
    ? undefined
    : 'The URL must not point to a private or reserved address.';
}

/** The parser has already turned `2130706433`, `0x7f.1` and `0177.0.0.1` into 127.0.0.1. */
function isPublicHost(hostname: string, allowLoopback: boolean): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return mayReceive(host, allowLoopback);
  // Loopback by definition (RFC 6761, section 6.3).
  return allowLoopback || !/(^|\.)localhost\.?$/.test(host);
}
