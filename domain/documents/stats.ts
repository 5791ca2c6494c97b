import type { DocumentStatus } from '../model/document.ts';
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
  /** Only statuses that occur. */
  byStatus: ({ status: DocumentStatus } & Sum)[];
  /** Only days with documents, oldest first; DD/MM/YYYY. */
  byDay: ({ date: string; byStatus: ({ status: DocumentStatus } & Sum)[] } & Sum)[];
}

interface Row extends Sum {
  date: string;
  status: DocumentStatus;
}

const DAY_MS = 86_400_000;
/** What is counted unless a range is given, and how long a range may be, in days. */
export const DEFAULT_DAYS = 30;
export const MAX_DAYS = 366;

/**
 * Counts and amounts of an issuer's documents by status and day; reads the documents of these days.
 * @throws Refusal VALIDATION_FAILED when there are too many days
 */
export async function documentStats(
  ctx: DocumentContext,
  scope: IssuerScope,
  range: { from?: string; to?: string },
): Promise<DocumentStats> {
  const to = range.to ?? taxDateOf(ctx.clock());
  const from = range.from ?? daysBefore(to, DEFAULT_DAYS - 1);
  if (isoDateOf(from) < isoDateOf(daysBefore(to, MAX_DAYS - 1))) {
    throw new Refusal('VALIDATION_FAILED', 'The range is too long.', [
      { field: 'from', message: `must be less than ${MAX_DAYS} days before ${to}`, value: from },
    ]);
  }
  const rows = await ctx.store.asTenant(scope.tenantId, (em) =>
    em.execute<Row[]>(
      `select issue_date::text as date, status, count(*)::int as count, sum(total)::text as total from documents
       where issuer_id = ? and environment = ? and issue_date between ? and ?
       group by issue_date, status order by issue_date, status`,
      [scope.issuerId, scope.environment, isoDateOf(from), isoDateOf(to)],
    ),
  );
  const byDay = [...Map.groupBy(rows, ({ date }) => date)].map(([date, ofDay]) => ({
    date: taxDateOfIso(date),
    ...sumOf(ofDay),
    byStatus: ofDay.map(({ status, count, total }) => ({ status, count, total })),
  }));
  const byStatus = [...Map.groupBy(rows, ({ status }) => status)].map(([status, ofStatus]) => ({
    status,
    ...sumOf(ofStatus),
  }));
  return { from, to, ...sumOf(rows), byStatus, byDay };
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
