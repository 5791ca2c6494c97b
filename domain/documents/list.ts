import { type EntityManager, type QBFilterQuery, type QueryOrderMap, raw } from '@mikro-orm/postgresql';
import { documentTypes } from '../format/document-types.ts';
import type { DocumentStatus, DocumentType } from '../model/document.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { Document } from '../store/entities/document.ts';
import { searchable } from './buyer-search.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { type DocumentOrder, positionOf, SORT_KEYS } from './list-order.ts';

export interface DocumentFilter {
  status?: DocumentStatus | undefined;
  documentType?: DocumentType | undefined;
  /** DD/MM/YYYY, both ends included. */
  from?: string | undefined;
  to?: string | undefined;
  /** 9 digits. */
  sequential?: string | undefined;
  /** Part of the buyer's name, in whatever case and with or without its accents. */
  buyerName?: string | undefined;
}

/** Where a page begins: so many rows after the first, or after the row that a cursor tells of. */
export type PageStart = { offset: number } | { after: readonly string[] };

export interface DocumentPage {
  documents: Document[];
  /** The sort keys of the last row, when more rows follow. */
  next?: string[];
  /** How many there are in all; beyond COUNTED, COUNTED. Only of a page that was asked for by its number. */
  total?: number;
}

/** Counting more would read them all, for a number that nobody pages to. */
export const COUNTED = 10_000;

/**
 * One page of an issuer's documents. Whatever the order, it is that of an index, so a page by cursor reads its own rows
 * and no others. A name is looked for along that order, and so is the one filter that may read far: a row-level
 * security policy keeps such a search out of every index.
 */
export async function listDocuments(
  ctx: DocumentContext,
  scope: IssuerScope,
  filter: DocumentFilter,
  { order, start, limit }: { order: DocumentOrder; start: PageStart; limit: number },
): Promise<DocumentPage> {
  const orderBy = SORT_KEYS[order.by].map((key): QueryOrderMap<Document> => ({ [key]: order.direction }));
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const found = await em.find(
      Document,
      { $and: [whereOf(scope, filter), 'after' in start ? beyond(order, start.after) : {}] },
      // One more than asked for tells whether there is another page.
      { orderBy, limit: limit + 1, ...('offset' in start ? { offset: start.offset } : {}) },
    );
    const documents = found.slice(0, limit);
    const more = found.length > limit;
    const page = { documents, ...(more ? { next: positionOf(documents.at(-1)!, order) } : {}) };
    if ('after' in start) return page;
    // The last page, unless it is beyond that, tells how many there are.
    const ends = !more && (found.length > 0 || start.offset === 0);
    const total = ends ? start.offset + found.length : await countUpTo(em, whereOf(scope, filter), orderBy, COUNTED);
    return { ...page, total: Math.min(total, COUNTED) };
  });
}

function whereOf(scope: IssuerScope, filter: DocumentFilter): QBFilterQuery<Document> {
  const { status, documentType, from, to, sequential, buyerName } = filter;
  return {
    issuerId: scope.issuerId,
    environment: scope.environment,
    ...(status === undefined ? {} : { status }),
    ...(documentType === undefined ? {} : { documentType }),
    ...(sequential === undefined ? {} : { sequential }),
    // The index of numbers is by type first.
    ...(sequential !== undefined && documentType === undefined
      ? { documentType: { $in: documentTypes.map(({ code }) => code) } }
      : {}),
    ...(from === undefined && to === undefined
      ? {}
      : {
          issueDate: {
            ...(from === undefined ? {} : { $gte: isoDateOf(from) }),
            ...(to === undefined ? {} : { $lte: isoDateOf(to) }),
          },
        }),
    ...(buyerName === undefined ? {} : { [raw('strpos(buyer_search, ?) > 0', [searchable(buyerName)])]: [] }),
  };
}

/** The rows after a position, compared as one value so that the index of the order is entered there. */
function beyond({ by, direction }: DocumentOrder, after: readonly string[]): QBFilterQuery<Document> {
  const columns = SORT_KEYS[by].map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const places = after.map(() => '?').join(', ');
  const row = `(${columns.join(', ')}) ${direction === 'desc' ? '<' : '>'} (${places})`;
  return { [raw(row, [...after])]: [] };
}

/** In the order of the list, so that they are counted along its index too. */
async function countUpTo(
  em: EntityManager,
  where: QBFilterQuery<Document>,
  orderBy: QueryOrderMap<Document>[],
  most: number,
): Promise<number> {
  const rows = em.createQueryBuilder(Document).select(raw('1')).where(where).orderBy(orderBy).limit(most);
  const { sql, params } = rows.toQuery();
  const [row] = await em.execute<[{ total: number }]>(`select count(*)::int as total from (${sql}) as counted`, [
    ...params,
  ]);
  return row.total;
}
