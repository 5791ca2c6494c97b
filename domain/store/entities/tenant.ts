import { defineEntity, p } from '@mikro-orm/core';
import type { KeyScope } from '../../model/key-scopes.ts';
import { bytes, createdAt, id, instant, updatedAt } from './columns.ts';
import { tenantRows } from './row-security.ts';

export type TenantStatus = 'PENDING_VERIFICATION' | 'ACTIVE' | 'SUSPENDED';
export type Tier = 'FREE' | 'STARTER' | 'GROWTH' | 'BUSINESS';
export type Language = 'es' | 'en';

const TenantSchema = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  ...tenantRows('id'),
  properties: {
    id: id(),
    email: p.string().length(320).unique(),
    status: p.string().$type<TenantStatus>().length(32),
    tier: p.string().$type<Tier>().length(16),
    documentQuota: p.integer(),
    /** Documents numbered so far, against the quota. Raised in the transaction that numbers a document. */
    documentCount: p.integer().default(0),
    language: p.string().$type<Language>().length(2),
    /** One-way: false once the tenant is promoted to production. */
    sandbox: p.boolean().default(true),
    verificationRedirectUrl: p.string().length(2000).nullable(),
    /** When the verification mail was last asked for again. */
    verificationResentAt: instant().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** An account: the owner of issuers, keys and documents. */
export class Tenant extends TenantSchema.class {}
TenantSchema.setClass(Tenant);

const VerificationTokenSchema = defineEntity({
  name: 'VerificationToken',
  tableName: 'verification_tokens',
  ...tenantRows(),
  properties: {
    /** SHA-256 of the token; the token itself is only in the mail. */
    hash: bytes().primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    expiresAt: instant(),
    usedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class VerificationToken extends VerificationTokenSchema.class {}
VerificationTokenSchema.setClass(VerificationToken);

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  ...tenantRows(),
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(),
    /** SHA-256 of the key; the key itself is shown once. */
    hash: bytes().unique(),
    /** The last four characters, to tell keys apart in a list. */
    hint: p.string().length(8),
    label: p.string().length(100).nullable(),
    environment: p.string().$type<'sandbox' | 'production'>().length(10),
    /** What it is limited to; null: to nothing. */
    scopes: p.array().$type<KeyScope[]>().nullable(),
    createdAt: createdAt(),
    lastUsedAt: instant().nullable(),
    revokedAt: instant().nullable(),
    /** Of a key that promotion made: the sandbox key that it stands in for. Unique, so that none is mirrored twice. */
    mirrorOf: p.uuid().nullable().unique(),
  },
});

export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);

const PromotionSchema = defineEntity({
  name: 'Promotion',
  tableName: 'promotions',
  ...tenantRows(),
  primaryKeys: ['tenantId'],
  properties: {
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').primary(),
    /** Of the offer whose keys are in force. */
    offerId: p.uuid(),
    /** The sandbox key that asked for it, which may ask again as long as none of the new keys has been used. */
    askedBy: p.uuid().nullable(),
    createdAt: createdAt(),
  },
});

/** A tenant's way into production; there is one row at most, and never a way back. */
export class Promotion extends PromotionSchema.class {}
PromotionSchema.setClass(Promotion);

export type TenantEventType =
  | 'VERIFICATION_EMAIL_SENT'
  | 'VERIFICATION_EMAIL_FAILED'
  | 'EMAIL_VERIFIED'
  | 'STATUS_CHANGED'
  | 'TIER_CHANGED'
  | 'PROMOTED'
  | 'CERTIFICATE_UPLOADED'
  | 'CERTIFICATE_RENEWED'
  | 'SEQUENTIAL_RAISED';

const TenantEventSchema = defineEntity({
  name: 'TenantEvent',
  tableName: 'tenant_events',
  ...tenantRows(),
  indexes: [{ properties: ['tenantId', 'id'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    eventType: p.string().$type<TenantEventType>().length(32),
    /** Ids, codes and numbers; never a secret. */
    detail: p.json().$type<Record<string, unknown>>().nullable(),
    createdAt: createdAt(),
  },
});

/** The log of an account, written in the transaction of what it tells; rows are never changed. */
export class TenantEvent extends TenantEventSchema.class {}
TenantEventSchema.setClass(TenantEvent);
