import {
  Mail,
  Notification,
  NotificationFeed,
  OutboxMessage,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookReplay,
} from './delivery.ts';
import { Document, DocumentEvent, IdempotencyKey, Ride } from './document.ts';
import { Batch, BatchLine } from './batch.ts';
import { CertificateNotice } from './certificate-notice.ts';
import { Certificate, Issuer, Logo, Sequence } from './issuer.ts';
import { IdempotentAnswer, RateLimit } from './edge.ts';
import { ApiKey, Promotion, Tenant, TenantEvent, VerificationToken } from './tenant.ts';
import { AdminAudit } from './admin.ts';
import { SriHealth } from './sri-health.ts';

/** Every table, in an order that satisfies their references. */
export const entities = [
  Tenant,
  VerificationToken,
  ApiKey,
  Promotion,
  TenantEvent,
  Certificate,
  Issuer,
  CertificateNotice,
  Logo,
  Sequence,
  Document,
  DocumentEvent,
  IdempotencyKey,
  Ride,
  Batch,
  BatchLine,
  OutboxMessage,
  Mail,
  NotificationFeed,
  Notification,
  WebhookEndpoint,
  WebhookDelivery,
  WebhookAttempt,
  WebhookReplay,
  AdminAudit,
  RateLimit,
  IdempotentAnswer,
  SriHealth,
];
