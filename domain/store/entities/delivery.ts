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
    /**
     * `document`: tell the document's workflow; `mail`: send a mail that belongs to no document; `webhook`: deliver it;
     * `replay`: deliver a window anew; `batch`: issue its lines; `schedule`: make the tenant's certificate schedule follow its status.
     */
    kind: p.string().$type<'document' | 'mail' | 'webhook' | 'replay' | 'batch' | 'schedule'>().length(16),
    /** Access key, or id of the mail, delivery, replay, batch or tenant. */
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
  indexes: [
    { properties: ['documentId'] },
    // The few that have a content of their own, among those of documents.
    // What each sweep looks for.
    { name: 'mails_pending_index', properties: ['updatedAt'], where: "status = 'PENDING'" },
    { name: 'mails_sealed_index', properties: ['id'], where: 'sealed_content is not null' },
  ],
  properties: {
    /** The Message-ID is made of it, so that every copy of a retried mail is the same mail. */
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').nullable(),
    kind: p.string().$type<'document' | 'verification' | 'certificate'>().length(16),
    recipient: p.string().length(320),
    /** What a mail without a document says, sealed: a verification link is a secret. */
    sealedContent: bytes().nullable(),
    status: p.string().$type<MailStatus>().length(10),
    error: p.string().length(500).nullable(),
    /** The run that is sending it now, and until when at most: no other sends a copy meanwhile. */
    claimedBy: p.uuid().nullable(),
    claimedUntil: instant().nullable(),
    sentAt: instant().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);

/** What a tenant may be told; `WEBHOOK_DISABLED` is told of an endpoint that was switched off for its failures. */
export const NOTIFICATION_TYPES = [
  'DOCUMENT_AUTHORIZED',
  'DOCUMENT_RETURNED',
  'DOCUMENT_NOT_AUTHORIZED',
  'CERT_EXPIRING',
  'CERT_EXPIRED',
  'SRI_SUBMISSION_FAILED',
  'EMAIL_DELIVERY_FAILED',
  'QUOTA_WARNING',
  'BATCH_COMPLETED',
  'WEBHOOK_DISABLED',
] as const;

export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

const NotificationFeedSchema = defineEntity({
  name: 'NotificationFeed',
  tableName: 'notification_feeds',
  ...tenantRows(),
  properties: {
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').primary(),
    /** The number of the last change; whoever takes the next holds the row until it commits. */
    version: p.bigint('number'),
    /** What the tenant does not want to be told. */
    disabledTypes: p.array().$type<NotificationType[]>(),
  },
});

/** A tenant's notifications as a whole: the lock under which they are written, and what it wants of them. */
export class NotificationFeed extends NotificationFeedSchema.class {}
NotificationFeedSchema.setClass(NotificationFeed);

const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notifications',
  ...tenantRows(),
  uniques: [{ properties: ['tenantId', 'sequence'] }, { properties: ['tenantId', 'version'] }],
  indexes: [{ properties: ['tenantId', 'mergeKey', 'sequence'] }, { properties: ['tenantId', 'readAt'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').nullable(),
    /** The feed's version when it was made, and when it was last changed. */
    sequence: p.bigint('number'),
    version: p.bigint('number'),
    /** What later news of the same kind finds it by. */
    mergeKey: p.string().length(100).nullable(),
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
    /** The secret before this one, which signs too until the time given. */
    previousSealedSecret: bytes().nullable(),
    previousSecretUntil: instant().nullable(),
    active: p.boolean().default(true),
    /** The first failure since the last success. */
    failingSince: instant().nullable(),
    deletedAt: instant().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookEndpoint extends WebhookEndpointSchema.class {}
WebhookEndpointSchema.setClass(WebhookEndpoint);

/** What a webhook may tell of; a `ping` is asked for by the tenant and is no notification. */
export type WebhookType = NotificationType | 'ping';

export type DeliveryStatus = 'PENDING' | 'SUCCESS' | 'RETRYING' | 'FAILED';

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  ...tenantRows(),
  indexes: [
    { properties: ['documentId'] },
    { properties: ['endpointId', 'id'] },
    { properties: ['endpointId', 'status', 'id'] },
    // What each sweep looks for.
    {
      name: 'webhook_deliveries_open_index',
      properties: ['updatedAt'],
      where: "status in ('PENDING', 'RETRYING')",
    },
  ],
  properties: {
    /** Also the `webhook-id` header of every attempt and the id of the delivering workflow. */
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    endpointId: p.manyToOne(WebhookEndpoint).mapToPk().fieldName('endpoint_id'),
    /** Deliveries of one document to one endpoint keep their order. */
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').nullable(),
    /** The feed's version when it was written; a ping has none. */
    position: p.bigint('number').nullable(),
    type: p.string().$type<WebhookType>().length(32),
    /** The exact text that is signed and posted. */
    body: p.text(),
    status: p.string().$type<DeliveryStatus>().length(10),
    /** Made since it was written, or since it was last replayed. */
    attempts: p.integer().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);

/** `gone`: the receiver answered 410; `refused`: we do not send there; `skipped`: the endpoint is switched off. */
export type AttemptOutcome = 'accepted' | 'failed' | 'gone' | 'refused' | 'skipped';

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
    outcome: p.string().$type<AttemptOutcome>().length(16),
    statusCode: p.integer().nullable(),
    error: p.string().length(300).nullable(),
    answer: p.text().nullable(),
    durationMs: p.integer(),
    createdAt: createdAt(),
  },
});

export class WebhookAttempt extends WebhookAttemptSchema.class {}
WebhookAttemptSchema.setClass(WebhookAttempt);

const WebhookReplaySchema = defineEntity({
  name: 'WebhookReplay',
  tableName: 'webhook_replays',
  ...tenantRows(),
  indexes: [{ properties: ['endpointId', 'status'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    endpointId: p.manyToOne(WebhookEndpoint).mapToPk().fieldName('endpoint_id'),
    status: p.string().$type<'RUNNING' | 'DONE'>().length(10),
    /** Which deliveries: made in the window, the later end excluded, and in this status. */
    windowFrom: instant(),
    windowTo: instant(),
    deliveryStatus: p.string().$type<DeliveryStatus>().length(10),
    total: p.integer(),
    done: p.integer().default(0),
    /** The last one that was begun anew. */
    lastDeliveryId: p.uuid().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** A window of an endpoint's deliveries that is being delivered anew. */
export class WebhookReplay extends WebhookReplaySchema.class {}
WebhookReplaySchema.setClass(WebhookReplay);
