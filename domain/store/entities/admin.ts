import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './columns.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

const AdminAuditSchema = defineEntity({
  name: 'AdminAudit',
  tableName: 'admin_audit',
  ...tenantRows(),
  indexes: [{ properties: ['tenantId', 'id'] }],
  properties: {
    id: id(),
    /** Whom it concerns; null when it is nobody alone. */
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').nullable(),
    who: p.string().$type<'admin'>().length(16),
    /** Such as `tenant.tier`. */
    action: p.string().length(40),
    /** Id of what was changed. */
    subject: p.uuid().nullable(),
    /** What it was changed to; never a secret. */
    detail: p.json().$type<Record<string, unknown>>().nullable(),
    /** As the access log has it. */
    requestId: p.string().length(64),
    createdAt: createdAt(),
  },
});

/** One act of administration, written in the transaction of the act; rows are never changed. */
export class AdminAudit extends AdminAuditSchema.class {}
AdminAuditSchema.setClass(AdminAudit);
