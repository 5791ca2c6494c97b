import { defineEntity, p } from '@mikro-orm/core';
import type { DocumentType, Environment, IssuerSnapshot } from '../../model/document.ts';
import { bytes, createdAt, id, instant, updatedAt } from './columns.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

const CertificateSchema = defineEntity({
  name: 'Certificate',
  tableName: 'certificates',
  ...tenantRows(),
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(),
    /** SHA-256 of the certificate, hex. */
    fingerprint: p.string().length(64),
    subject: p.text(),
    ruc: p.string().length(13).nullable(),
    notBefore: instant(),
    notAfter: instant(),
    certificate: bytes(),
    /** PKCS#8, sealed (see ../sealing.ts), destroyed when no issuer needs it; the P12 password is never stored. */
    sealedKey: bytes().nullable(),
    createdAt: createdAt(),
  },
});

/** A signing certificate, and while an issuer signs with it its private key, encrypted at rest. */
export class Certificate extends CertificateSchema.class {}
CertificateSchema.setClass(Certificate);

const IssuerSchema = defineEntity({
  name: 'Issuer',
  tableName: 'issuers',
  ...tenantRows(),
  uniques: [{ properties: ['ruc', 'branchCode', 'issuePointCode'] }],
  properties: {
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(),
    certificateId: p.manyToOne(Certificate).mapToPk().fieldName('certificate_id'),
    ruc: p.string().length(13),
    businessName: p.string().length(300),
    tradeName: p.string().length(300).nullable(),
    mainAddress: p.string().length(300).nullable(),
    branchAddress: p.string().length(300).nullable(),
    branchCode: p.string().length(3),
    issuePointCode: p.string().length(3),
    specialTaxpayer: p.string().length(13).nullable(),
    requiredAccounting: p.boolean(),
    withholdingAgent: p.string().length(8).nullable(),
    rimpe: p.string().$type<NonNullable<IssuerSnapshot['rimpe']>>().length(16).nullable(),
    largeTaxpayer: p.string().length(300).nullable(),
    /** `#RRGGBB`, of the printed form; black where there is none. */
    color: p.string().length(7).nullable(),
    /** Enabled document types, as SRI codes. */
    documentTypes: p.array().$type<DocumentType[]>(),
    active: p.boolean().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** RUC + branch + issue point: whoever numbers documents. */
export class Issuer extends IssuerSchema.class {}
IssuerSchema.setClass(Issuer);

const SequenceSchema = defineEntity({
  name: 'Sequence',
  tableName: 'sequences',
  ...tenantRows(),
  primaryKeys: ['issuerId', 'environment', 'documentType'],
  properties: {
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').primary(),
    environment: p.string().$type<Environment>().length(10).primary(),
    documentType: p.string().$type<DocumentType>().length(2).primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    /** The number that the next document gets. */
    next: p.integer().default(1),
  },
});

/** The counter of one issuer, environment and document type; its row lock is what makes numbers consecutive. */
export class Sequence extends SequenceSchema.class {}
SequenceSchema.setClass(Sequence);

export type LogoMediaType = 'image/png' | 'image/jpeg' | 'image/gif';

const LogoSchema = defineEntity({
  name: 'Logo',
  tableName: 'logos',
  ...tenantRows(),
  primaryKeys: ['issuerId'],
  properties: {
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    mediaType: p.string().$type<LogoMediaType>().length(10),
    image: bytes(),
  },
});

/** An issuer's picture for the printed form; apart, since issuers are read with every document and it is not. */
export class Logo extends LogoSchema.class {}
LogoSchema.setClass(Logo);
