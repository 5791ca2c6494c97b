import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from './columns.ts';
import { Issuer } from './issuer.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

const CertificateNoticeSchema = defineEntity({
  name: 'CertificateNotice',
  tableName: 'certificate_notices',
  ...tenantRows(),
  primaryKeys: ['issuerId', 'certificateId', 'threshold'],
  properties: {
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id').primary(),
    /** It may be gone by now: one that no issuer uses any longer is destroyed. */
    certificateId: p.uuid().primary(),
    /** Days. */
    threshold: p.integer().primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    createdAt: createdAt(),
  },
});

/** A threshold that has been told of: its row is what keeps it from being told of again. */
export class CertificateNotice extends CertificateNoticeSchema.class {}
CertificateNoticeSchema.setClass(CertificateNotice);
