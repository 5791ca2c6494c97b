import type { EntityManager } from '@mikro-orm/postgresql';
import { documentTypeOf } from '../documents/write.ts';
import type { DocumentType, Environment } from '../model/document.ts';
import { Refusal } from '../refusal.ts';
import { type Issuer, Sequence } from '../store/entities/issuer.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { workOnIssuer } from './issuers.ts';

/** SRI's numbers have nine digits. */
export const LAST_SEQUENTIAL = 999_999_999;

export interface Counter {
  /** The number before `next`: the last one used or passed over, 0 when there is none. */
  current: number;
  /** The number that the next document gets. */
  next: number;
}

/** An issuer's counters of one document type. */
export type Sequentials = Record<Environment, Counter> & { documentType: DocumentType };

/**
 * The counters of the types that the issuer is enabled for, and of those that it once was.
 * @throws Refusal ISSUER_FORBIDDEN, ISSUER_NOT_FOUND
 */
export async function issuerSequentials(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
): Promise<Sequentials[]> {
  return workOnIssuer(ctx, tenantId, issuerId, countersOf);
}

/**
 * Makes the next document of a type get this number; those that are being numbered at this moment come before it. To
 * name the number that comes next anyway changes nothing.
 * @param next 1 to {@link LAST_SEQUENTIAL}
 * @throws Refusal SEQUENTIAL_CANNOT_DECREASE, DOCUMENT_TYPE_NOT_SUPPORTED, ISSUER_FORBIDDEN, ISSUER_NOT_FOUND
 */
export async function raiseSequential(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  { documentType, environment, next }: { documentType: string; environment: Environment; next: number },
): Promise<Sequentials> {
  const type = documentTypeOf(documentType).code;
  return workOnIssuer(ctx, tenantId, issuerId, async (em, issuer) => {
    // Waits for whoever is numbering a document at the row's lock, and then looks at what they left.
    const raised = await em.execute(
      `insert into sequences (issuer_id, environment, document_type, tenant_id, next) values (?, ?, ?, ?, ?)
       on conflict (issuer_id, environment, document_type) do update set next = excluded.next
       where sequences.next <= excluded.next returning next`,
      [issuerId, environment, type, tenantId, next],
    );
    const counters = (await countersOf(em, issuer)).find((row) => row.documentType === type)!;
    if (raised.length === 0) {
      const { next: present } = counters[environment];
      throw new Refusal(
        'SEQUENTIAL_CANNOT_DECREASE',
        `The next number is ${present} already; numbers are never used twice.`,
      );
    }
    // The numbers that this leaves out were never used: whoever looks for lost ones has to know.
    writeTenantEvent(em, tenantId, 'SEQUENTIAL_RAISED', { issuerId, environment, documentType: type, next });
    return counters;
  });
}

async function countersOf(em: EntityManager, { id: issuerId, documentTypes }: Issuer): Promise<Sequentials[]> {
  const rows = await em.find(Sequence, { issuerId });
  const types = new Set([...documentTypes, ...rows.map(({ documentType }) => documentType)]);
  const counter = (documentType: DocumentType, environment: Environment): Counter => {
    const next = rows.find((row) => row.documentType === documentType && row.environment === environment)?.next ?? 1;
    return { current: next - 1, next };
  };
  return [...types].toSorted().map((documentType) => ({
    documentType,
    sandbox: counter(documentType, 'sandbox'),
    production: counter(documentType, 'production'),
  }));
}
