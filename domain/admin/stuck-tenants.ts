import type { TenantStatus } from '../store/entities/tenant.ts';
import { cut, type Page, type PageOf } from '../store/page.ts';
import type { Store } from '../store/store.ts';

/** Why an account cannot go on by itself. */
export const STUCK_REASONS = [
  'VERIFICATION_MAIL_FAILED',
  'NOT_VERIFIED',
  'CERTIFICATE_EXPIRED',
  'QUOTA_USED_UP',
  'WEBHOOK_FAILING',
] as const;

export interface StuckTenant {
  id: string;
  email: string;
  status: Exclude<TenantStatus, 'SUSPENDED'>;
  reasons: {
    reason: (typeof STUCK_REASONS)[number];
    /** ISO 8601; null where nobody kept it. */
    since: string | null;
    /** Id of what it is about: a mail, an issuer, a webhook endpoint. */
    subject: string | null;
  }[];
}

const DAY_MS = 86_400_000;

/** What is wrong with whom. A mail without a document is found by that, among all that documents have sent. */
const REASONS = `
  select t.id as tenant_id, 'VERIFICATION_MAIL_FAILED' as reason, m.updated_at as since, m.id as subject
  from mails m join tenants t on t.id = m.tenant_id and t.status = 'PENDING_VERIFICATION'
  where m.document_id is null and m.kind = 'verification' and m.status = 'FAILED'
  union all
  select id, 'NOT_VERIFIED', created_at, null from tenants where status = 'PENDING_VERIFICATION' and created_at < ?
  union all
  select i.tenant_id, 'CERTIFICATE_EXPIRED', c.not_after, i.id
  from issuers i join certificates c on c.id = i.certificate_id where i.active and c.not_after <= ?
  union all
  select id, 'QUOTA_USED_UP', null, null from tenants where document_count >= document_quota
  union all
  select tenant_id, 'WEBHOOK_FAILING', failing_since, id from webhook_endpoints where active and failing_since < ?`;

/** A page of the accounts that cannot go on by themselves, newest first, each with all its reasons. */
export async function stuckTenants(store: Store, { limit, cursor }: Page, now: Date): Promise<PageOf<StuckTenant>> {
  const yesterday = new Date(now.getTime() - DAY_MS);
  const found = await store.lookUp<StuckTenant>(
    `with reasons as (${REASONS})
     select t.id, t.email, t.status,
            json_agg(json_build_object('reason', r.reason, 'since', to_char(r.since at time zone 'UTC',
              'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'subject', r.subject) order by r.reason, r.since, r.subject) as reasons
     from reasons r join tenants t on t.id = r.tenant_id
     where t.status <> 'SUSPENDED' ${cursor === undefined ? '' : 'and t.id < ?'}
     group by t.id order by t.id desc limit ?`,
    [yesterday, now, yesterday, ...(cursor === undefined ? [] : [cursor]), limit + 1],
  );
  return cut(found, limit, ({ id }) => id);
}
