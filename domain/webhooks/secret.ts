import { randomBytes } from 'node:crypto';

/** Before the base64 of every secret (Standard Webhooks 1.0.0, "Signature scheme"). */
export const SECRET_PREFIX = 'whsec_';

/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;

/** A secret for a new endpoint. */
export function newWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** Context under which an endpoint's secret is sealed. */
export function webhookSecretContext(endpointId: string): string {
  return `webhook_endpoints:${endpointId}:sealed_secret`;
}
