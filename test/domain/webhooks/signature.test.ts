import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newWebhookSecret, webhookSecretContext } from '../../../domain/webhooks/secret.ts';
import { signatureHeaders } from '../../../domain/webhooks/signature.ts';

const id = '019abc00-0000-7000-8000-000000000001';
const body = JSON.stringify({ type: 'DOCUMENT_AUTHORIZED', data: { buyerName: 'María Ñandú €' } });

describe('the signature of a webhook', () => {
  it('is verified by the standardwebhooks package', () => {
    const secret = newWebhookSecret();
    const headers = signatureHeaders({ id, timestamp: new Date(), body, secrets: [secret] });
    expect(headers['webhook-id']).toBe(id);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('is verified with the old and the new secret while one replaces the other', () => {
    const [old, fresh] = [newWebhookSecret(), newWebhookSecret()];
    const headers = signatureHeaders({ id, timestamp: new Date(), body, secrets: [fresh, old] });
    for (const secret of [old, fresh]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow(WebhookVerificationError);
  });

  it('covers the body, the id and the time', () => {
    const secret = newWebhookSecret();
    const headers = signatureHeaders({ id, timestamp: new Date(), body, secrets: [secret] });
    // Else whatever is forged would be refused for nothing.
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    const seconds = Number(headers['webhook-timestamp']);
    const forged: [string, Record<string, string>][] = [
      [body.replace('María', 'Mario'), headers],
      [body, { ...headers, 'webhook-id': 'another' }],
      [body, { ...headers, 'webhook-timestamp': String(seconds - 1) }],
    ];
    for (const [text, given] of forged) {
      expect(() => new Webhook(secret).verify(text, given)).toThrow(WebhookVerificationError);
    }
  });

  it('gives the time in whole seconds, and the same signature as the package for a fixed case', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const timestamp = new Date('2026-11-25T15:20:30.999Z');
    const headers = signatureHeaders({ id, timestamp, body, secrets: [secret] });
    expect(headers['webhook-timestamp']).toBe('1795620030');
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, timestamp, body));
  });
});

describe('the secret of a webhook endpoint', () => {
  it('is 32 random bytes behind its prefix', () => {
    const secrets = Array.from({ length: 20 }, newWebhookSecret);
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });

  it('is sealed for one endpoint', () => {
    expect(webhookSecretContext('a')).not.toBe(webhookSecretContext('b'));
  });
});
