import type { DocumentStatus, DocumentType } from '../model/document.ts';
import { sum } from '../model/money.ts';
import { isoDateOf, taxDateOf, taxDateOfIso } from '../model/tax-date.ts';
import { Refusal } from '../refusal.ts';
import type { DocumentContext, IssuerScope } from './context.ts';

/** How many documents, and what they come to in USD. */
export interface Sum {
  count: number;
  total: string;
}

export interface DocumentStats extends Sum {
  /** DD/MM/YYYY, both included. */
  from: string;
  to: string;
  byStatus: StatusSum[];
  /** Only types that occur; what a sale, a credit note and a retención come to is not to be added up. */
  byDocumentType: ({ documentType: DocumentType; byStatus: StatusSum[] } & Sum)[];
  /** Only days with documents, oldest first; DD/MM/YYYY. */
  byDay: ({ date: string; byStatus: StatusSum[] } & Sum)[];
}

/** Only of a status that occurs. */
type StatusSum = { status: DocumentStatus } & Sum;

interface Row extends Sum {
  date: string;
  documentType: DocumentType;
  status: DocumentStatus;
}

const DAY_MS = 86_400_000;
/** What is counted unless a range is given, and how long a range may be, in days. */
export const DEFAULT_DAYS = 30;
export const MAX_DAYS = 366;

/**
 * Counts and amounts of an issuer's documents, of one type or of all, by status, type and day; reads the documents of these
 * days.
 * @throws Refusal VALIDATION_FAILED when there are too many days
 */
export async function documentStats(
  ctx: DocumentContext,
  scope: IssuerScope,
  range: { from?: string | undefined; to?: string | undefined; documentType?: DocumentType | undefined },
): Promise<DocumentStats> {
  const to = range.to ?? taxDateOf(ctx.clock());
  const from = range.from ?? daysBefore(to, DEFAULT_DAYS - 1);
  if (isoDateOf(from) < isoDateOf(daysBefore(to, MAX_DAYS - 1))) {
    throw new Refusal('VALIDATION_FAILED', 'The range is too long.', [
      { field: 'from', message: `must be less than ${MAX_DAYS} days before ${to}`, value: from },
    ]);
  }
  const type = range.documentType ?? null;
  const rows = await ctx.store.asTenant(scope.tenantId, (em) =>
    em.execute<Row[]>(
      `select issue_date::text as date, document_type as "documentType", status, count(*)::int as count,
         sum(total)::text as total
       from documents
       where issuer_id = ? and environment = ? and issue_date between ? and ? and (?::text is null or document_type = ?)
       group by issue_date, document_type, status order by issue_date, document_type, status`,
      [scope.issuerId, scope.environment, isoDateOf(from), isoDateOf(to), type, type],
    ),
  );
  return {
    from,
    to,
    ...sumOf(rows),
    byStatus: byStatusOf(rows),
    byDocumentType: grouped(rows, 'documentType').map(([documentType, its]) => ({
      documentType,
      ...sumOf(its),
      byStatus: byStatusOf(its),
    })),
    byDay: grouped(rows, 'date').map(([date, its]) => ({
      date: taxDateOfIso(date),
      ...sumOf(its),
      byStatus: byStatusOf(its),
    })),
  };
}

function byStatusOf(rows: readonly Row[]): StatusSum[] {
  return grouped(rows, 'status').map(([status, its]) => ({ status, ...sumOf(its) }));
}

function grouped<Key extends keyof Row>(rows: readonly Row[], key: Key): [Row[Key], Row[]][] {
  return [...Map.groupBy(rows, (row) => row[key])];
}

function sumOf(rows: readonly Sum[]): Sum {
  return {
    count: rows.reduce((count, row) => count + row.count, 0),
    total: sum(rows.map(({ total }) => total)).toFixed(2),
  };
}

function daysBefore(taxDate: string, days: number): string {
  return taxDateOfIso(new Date(Date.parse(isoDateOf(taxDate)) - days * DAY_MS).toISOString().slice(0, 10));
}
