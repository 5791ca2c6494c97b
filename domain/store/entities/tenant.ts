import { defineEntity, p } from '@mikro-orm/core';
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
    createdAt: createdAt(),
    lastUsedAt: instant().nullable(),
    revokedAt: instant().nullable(),
  },
});

export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
