import { WebhookAttempt, WebhookDelivery, WebhookEndpoint, Mail, Notification, OutboxMessage } from './delivery.ts';
import { Document, DocumentEvent, IdempotencyKey, Ride } from './document.ts';
import { Certificate, Issuer, Sequence } from './issuer.ts';
import { ApiKey, Tenant, VerificationToken } from './tenant.ts';

/** Every table, in an order that satisfies their references. */
export const entities = [
  Tenant,
  VerificationToken,
  ApiKey,
  Certificate,
  Issuer,
  Sequence,
  Document,
  DocumentEvent,
  IdempotencyKey,
  Ride,
  OutboxMessage,
  Mail,
  Notification,
  WebhookEndpoint,
  WebhookDelivery,
  WebhookAttempt,
];
