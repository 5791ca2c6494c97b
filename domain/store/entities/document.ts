import { DeferMode, defineEntity, type Opt, p } from '@mikro-orm/core';
import type {
  DocumentBody,
  DocumentStatus,
  DocumentType,
  Environment,
  IssuerSnapshot,
  RideFormat,
} from '../../model/document.ts';
import type { SriService } from '../../model/sri-service.ts';
import { bytes, createdAt, id, instant, updatedAt } from './columns.ts';
import { Issuer } from './issuer.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

/** What SRI said of a document, as stored and shown. */
export interface StoredSriMessage {
  identifier: string;
  message: string;
  additionalInfo?: string;
  type: string;
}

export type EmailStatus = 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED';

const DocumentSchema = defineEntity({
  name: 'Document',
  tableName: 'documents',
  ...tenantRows(),
  uniques: [{ properties: ['issuerId', 'environment', 'documentType', 'sequential'] }],
  indexes: [
    // The orders that an issuer's documents are listed in; the unique one above is that by number.
    { properties: ['issuerId', 'environment', 'issueDate', 'id'] },
    { properties: ['issuerId', 'environment', 'status', 'issueDate', 'id'] },
    { properties: ['issuerId', 'environment', 'buyerSearch', 'id'] },
    // Those whose mail has not gone out.
    {
      name: 'documents_unsent_mail_index',
      properties: ['issuerId', 'environment', 'updatedAt'],
      where: "status = 'AUTHORIZED' and email_status in ('PENDING', 'FAILED')",
    },
    { properties: ['status', 'updatedAt'] },
    { name: 'documents_waiting_index', properties: ['waitsAt', 'waitsFor'], where: 'waits_at is not null' },
    { name: 'documents_notes_index', properties: ['modifiesId', 'id'], where: 'modifies_id is not null' },
  ],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id'),
    environment: p.string().$type<Environment>().length(10),
    documentType: p.string().$type<DocumentType>().length(2),
    /** 49 digits; also the Temporal workflow id and the number of the authorization. */
    accessKey: p.string().length(49).unique(),
    sequential: p.string().length(9),
    /** YYYY-MM-DD in America/Guayaquil. */
    issueDate: p.date(),
    status: p.string().$type<DocumentStatus>().length(16),
    /** Raised by each rebuild: whatever was read under an older one may not be written. */
    revision: p.integer().default(1),
    autoSend: p.boolean().default(false),
    total: p.decimal().precision(14).scale(2),
    buyerIdType: p.string().length(2),
    buyerId: p.string().length(20),
    buyerName: p.string().length(300),
    /** The name as it is looked for and sorted: without case and accents. */
    buyerSearch: p.text(),
    buyerEmail: p.string().length(320).nullable(),
    /** The document of this account that a note changes; none is ever deleted. */
    modifiesId: p.uuid().nullable(),
    body: p.json().$type<DocumentBody>().lazy(),
    issuer: p.json().$type<IssuerSnapshot>().lazy(),
    formatVersion: p.string().length(8),
    /** The root element in canonical form, before the signature. */
    unsignedXml: bytes().lazy(),
    /** The exact bytes that SRI gets. */
    signedXml: bytes().nullable().lazy(),
    /** SRI's authorization envelope, UTF-8. */
    authorizedXml: bytes().nullable().lazy(),
    authorizationNumber: p.string().length(49).nullable(),
    /** As SRI wrote it, with its offset. */
    authorizationDate: p.string().length(40).nullable(),
    sriMessages: p.json().$type<StoredSriMessage[]>().nullable(),
    /** Set before the bytes of this revision first leave: from then on, ask SRI before sending again. */
    sendStartedAt: instant().nullable(),
    /** The tenant knows that SRI does not take this revision. */
    silenceToldAt: instant().nullable(),
    /** The service of SRI, and its host, that has to be back before the document's workflow goes on. */
    waitsFor: p.string().$type<SriService>().length(16).nullable(),
    waitsAt: p.string().length(255).nullable(),
    waitsSince: instant().nullable(),
    receivedAt: instant().nullable(),
    emailStatus: p.string().$type<EmailStatus>().length(10),
    emailSentAt: instant().nullable(),
    /** Why the mail could not be delivered. */
    emailError: p.string().length(500).nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** A tax document: the record of which its workflow is the process. */
export class Document extends DocumentSchema.class {}
DocumentSchema.setClass(Document);

export type DocumentEventType =
  | 'CREATED'
  | 'SENT'
  | 'STATUS_CHANGED'
  | 'REBUILT'
  | 'ERROR'
  | 'EMAIL_SENT'
  | 'EMAIL_FAILED'
  | 'EMAIL_SKIPPED';

const DocumentEventSchema = defineEntity({
  name: 'DocumentEvent',
  tableName: 'document_events',
  ...tenantRows(),
  indexes: [{ properties: ['documentId', 'id'] }, { properties: ['documentId', 'position'] }],
  properties: {
    id: id(),
    /** The order of a document's log, given by the database: those who write it may have clocks that differ. */
    position: p.bigint('number').autoincrement().generated('by default as identity').$type<Opt<number>>(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id'),
    eventType: p.string().$type<DocumentEventType>().length(24),
    fromStatus: p.string().$type<DocumentStatus>().length(16).nullable(),
    toStatus: p.string().$type<DocumentStatus>().length(16).nullable(),
    detail: p.json().$type<Record<string, unknown>>().nullable(),
    createdAt: createdAt(),
  },
});

export class DocumentEvent extends DocumentEventSchema.class {}
DocumentEventSchema.setClass(DocumentEvent);

const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  ...tenantRows(),
  primaryKeys: ['issuerId', 'environment', 'key'],
  properties: {
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').primary(),
    environment: p.string().$type<Environment>().length(10).primary(),
    key: p.string().length(255).primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    /** SHA-256 of the canonicalised body. */
    bodyHash: bytes(),
    /** Claimed before the document is written, in the same transaction. */
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').deferMode(DeferMode.INITIALLY_DEFERRED),
    createdAt: createdAt(),
  },
});

export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);

const RideSchema = defineEntity({
  name: 'Ride',
  tableName: 'rides',
  ...tenantRows(),
  primaryKeys: ['documentId', 'templateVersion', 'format'],
  properties: {
    documentId: p.manyToOne(Document).mapToPk().fieldName('document_id').primary(),
    templateVersion: p.integer().primary(),
    format: p.string().$type<RideFormat>().length(8).primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    pdf: bytes(),
    createdAt: createdAt(),
  },
});

/** A printed form, kept so that the mail and the download are one file; it can be printed again at any time. */
export class Ride extends RideSchema.class {}
RideSchema.setClass(Ride);
