import { defineEntity, p } from '@mikro-orm/core';
import { bytes, createdAt, id, instant, updatedAt } from './columns.ts';
import { Document } from './document.ts';
import { Issuer } from './issuer.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

const OutboxSchema = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox',
  ...tenantRows(),
  indexes: [{ properties: ['createdAt'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    /** `document`: tell the document's workflow; `mail`: send a mail that belongs to no document. */
    kind: p.string().$type<'document' | 'mail'>().length(16),
    /** Access key, or id of the mail. */
    subject: p.string().length(49),
    createdAt: createdAt(),
  },
});

/** A message to Temporal that was promised by a committed transaction; the row goes when it has been said. */
export class OutboxMessage extends OutboxSchema.class {}
OutboxSchema.setClass(OutboxMessage);

export type MailStatus = 'PENDING' | 'SENT' | 'FAILED';

const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  ...tenantRows(),
  indexes: [{ properties: ['documentId'] }],
  properties: {
    /** The Message-ID is made of it, so that every copy of a retried mail is the same mail. */
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').nullable(),
    kind: p.string().$type<'document' | 'verification'>().length(16),
    recipient: p.string().length(320),
    /** What a mail without a document says, sealed: a verification link is a secret. */
    sealedContent: bytes().nullable(),
    status: p.string().$type<MailStatus>().length(10),
    error: p.string().length(500).nullable(),
    sentAt: instant().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);

export type NotificationType =
  | 'DOCUMENT_AUTHORIZED'
  | 'DOCUMENT_RETURNED'
  | 'DOCUMENT_NOT_AUTHORIZED'
  | 'CERT_EXPIRING'
  | 'CERT_EXPIRED'
  | 'SRI_SUBMISSION_FAILED'
  | 'EMAIL_DELIVERY_FAILED'
  | 'QUOTA_WARNING';

const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notifications',
  ...tenantRows(),
  indexes: [{ properties: ['tenantId', 'id'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').nullable(),
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').nullable(),
    type: p.string().$type<NotificationType>().length(32),
    severity: p.string().$type<'INFO' | 'WARNING' | 'ERROR'>().length(8),
    title: p.string().length(200),
    message: p.string().length(1000),
    metadata: p.json().$type<Record<string, unknown>>().nullable(),
    readAt: instant().nullable(),
    expiresAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class Notification extends NotificationSchema.class {}
NotificationSchema.setClass(Notification);

const WebhookEndpointSchema = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoints',
  ...tenantRows(),
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(),
    url: p.string().length(2000),
    /** Empty: every type. */
    eventTypes: p.array().$type<NotificationType[]>(),
    sealedSecret: bytes(),
    active: p.boolean().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookEndpoint extends WebhookEndpointSchema.class {}
WebhookEndpointSchema.setClass(WebhookEndpoint);

export type DeliveryStatus = 'PENDING' | 'SUCCESS' | 'RETRYING' | 'FAILED';

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  ...tenantRows(),
  indexes: [{ properties: ['documentId'] }, { properties: ['endpointId', 'id'] }],
  properties: {
    /** Also the `webhook-id` header of every attempt and the id of the delivering workflow. */
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    endpointId: p.manyToOne(WebhookEndpoint).mapToPk().fieldName('endpoint_id'),
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').nullable(),
    type: p.string().$type<NotificationType>().length(32),
    /** The exact text that is signed and posted. */
    body: p.text(),
    status: p.string().$type<DeliveryStatus>().length(10),
    attempts: p.integer().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);

const WebhookAttemptSchema = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempts',
  ...tenantRows(),
  indexes: [{ properties: ['deliveryId', 'id'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    deliveryId: p.manyToOne(WebhookDelivery).mapToPk().fieldName('delivery_id'),
    attempt: p.integer(),
    outcome: p.string().length(16),
    statusCode: p.integer().nullable(),
    error: p.string().length(300).nullable(),
    answer: p.text().nullable(),
    durationMs: p.integer(),
    createdAt: createdAt(),
  },
});

export class WebhookAttempt extends WebhookAttemptSchema.class {}
WebhookAttemptSchema.setClass(WebhookAttempt);
