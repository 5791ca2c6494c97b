import { v7 } from 'uuid';
import { Certificate, Issuer } from '../../domain/store/entities/issuer.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import type { Store } from '../../domain/store/store.ts';
import { execute } from './database.ts';
import { sampleIssuer } from './sales.ts';

/** How many of them are of one day, the first of which is 1 January 2025. */
export const PER_DAY = 500;

/**
 * Writes so many documents of an issuer at once, as the owner of the tables: made of nothing, all but a few of them
 * authorized and mailed, with buyers that come again.
 */
export async function insertDocuments(
  databaseUrl: string,
  { tenantId, issuerId, count }: { tenantId: string; issuerId: string; count: number },
): Promise<void> {
  await execute(
    databaseUrl,
    `insert into documents (id, tenant_id, issuer_id, environment, document_type, access_key, sequential, issue_date,
       status, total, buyer_id_type, buyer_id, buyer_name, buyer_search, buyer_email, body, issuer, format_version,
       unsigned_xml, signed_xml, email_status, created_at, updated_at)
     select (lpad(to_hex(1735707600000 + n * 1000), 12, '0') || '70008' || left(md5('${issuerId}'), 7) || lpad(to_hex(n), 8, '0'))::uuid,
       '${tenantId}', '${issuerId}', 'sandbox', '01',
       lpad(abs(hashtext('${issuerId}'))::text, 12, '0') || lpad(n::text, 37, '0'), lpad(n::text, 9, '0'),
       date '2025-01-01' + n / ${PER_DAY}, status, 11.50, '05', '0926687856', name, lower(translate(name, 'Ñú', 'Nu')),
       'cliente@example.com', '{}', '{}', '2.1.0', 'x', 'x',
       case when status <> 'AUTHORIZED' then 'PENDING' when n % 500 = 7 then 'FAILED' else 'SENT' end,
       timestamptz '2025-01-01' + n * interval '1 s', timestamptz '2025-01-01' + n * interval '1 s'
     from (select n, 'Cliente Ñandú ' || n % 5000 as name,
                  case when n % 1000 = 1 then 'RETURNED' when n % 1000 = 2 then 'RECEIVED' else 'AUTHORIZED' end as status
           from generate_series(0, ${count - 1}) n) rows`,
  );
  await execute(databaseUrl, 'analyze documents');
}

/** A tenant with one issuer, without key or certificate: enough to have documents. */
export async function insertIssuer(store: Store): Promise<{ tenantId: string; issuerId: string }> {
  const [tenantId, issuerId, certificateId] = [v7(), v7(), v7()];
  const empty = Buffer.alloc(0);
  await store.asSystem(async (em) => {
    const plan = { status: 'ACTIVE', tier: 'BUSINESS', documentQuota: 20_000, language: 'es' } as const;
    em.create(Tenant, { id: tenantId, email: `${tenantId}@example.com`, ...plan });
    const times = { notBefore: new Date(0), notAfter: new Date(0) };
    const none = { fingerprint: '', subject: '', certificate: empty, sealedKey: empty };
    em.create(Certificate, { id: certificateId, tenantId, ...none, ...times });
    const { mainAddress: _, ...names } = sampleIssuer;
    em.create(Issuer, {
      id: issuerId,
      tenantId,
      certificateId,
      ...names,
      ruc: tenantId.slice(-13),
      documentTypes: ['01'],
    });
  });
  return { tenantId, issuerId };
}
