import { z } from 'zod';
import { COUNTED, listDocuments, type PageStart } from '../../domain/documents/list.ts';
import { type DocumentOrder, SORT_KEYS, type SortBy } from '../../domain/documents/list-order.ts';
import { DEFAULT_DAYS, documentStats, MAX_DAYS } from '../../domain/documents/stats.ts';
import { type Refusal, refusalOf } from '../../domain/refusal.ts';
import { line, ok, pageQuery, taxDate } from '../fields.ts';
import { route } from '../route.ts';
import { documentOut, TAG } from './document-answers.ts';
import { cursorOf, positionIn } from './document-cursor.ts';
import { DocumentOut, DocumentTypeCode, Status } from './document-schemas.ts';

const range = {
  from: taxDate().optional().meta({ description: 'Issue date, this day included, DD/MM/YYYY.', example: '01/11/2026' }),
  to: taxDate().optional().meta({ description: 'Issue date, this day included, DD/MM/YYYY.', example: '30/11/2026' }),
};

const { page, limit } = pageQuery(10);

const Sum = z.object({ count: z.int(), total: z.string().meta({ description: 'USD.', example: '10.35' }) });
const byStatus = z.array(z.object({ status: Status, ...Sum.shape }));

export const documentListRoutes = [
  route({
    method: 'get',
    path: '/v1/documents',
    operationId: 'listDocuments',
    tag: TAG,
    summary: 'List documents',
    description: [
      'Newest first, unless asked otherwise. Every page but the last has a `nextCursor`: with it, and everything else the same, the next page takes as long as the first, however far the list goes, and no document is missed or repeated because others are created meanwhile.',
      '',
      `Pages can be asked for by \`page\` too, which takes longer the further it is; only then they are counted, up to ${COUNTED}.`,
      '',
      '`buyerName` looks through the documents in the order of the list until the page is full; for a name that is rare in a long list, give `from` and `to` too.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:read',
    query: z.strictObject({
      status: Status.optional(),
      documentType: DocumentTypeCode.optional(),
      ...range,
      sequential: z
        .string()
        .regex(/^\d{1,9}$/, 'must be a number of up to 9 digits')
        .transform((digits) => digits.padStart(9, '0'))
        .optional()
        .meta({ description: 'Leading zeros may be left out.', example: '123' }),
      buyerName: line(300)
        .optional()
        .meta({ description: 'Part of the name, in whatever case, with or without its accents.', example: 'perez' }),
      sortBy: z
        .enum(Object.keys(SORT_KEYS) as [SortBy, ...SortBy[]])
        .default('issueDate')
        .meta({ description: 'Among equals it is the older that comes first, or, downwards, the newer.' }),
      sortDir: z.enum(['asc', 'desc']).default('desc'),
      page: page.unwrap().optional().meta({ description: 'From 1, which is the default. Not with `cursor`.' }),
      cursor: z
        .string()
        .max(4_000)
        .optional()
        .meta({ description: 'The `nextCursor` of the page before, with the same `sortBy` and `sortDir`.' }),
      limit,
    }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({
          ok,
          data: z.array(DocumentOut),
          pagination: z.object({
            limit: z.int(),
            nextCursor: z.string().nullable().meta({ description: 'Of the next page, if there is one.' }),
            page: z.int().exactOptional().meta({ description: 'Not of a page by cursor, nor is the count.' }),
            total: z
              .int()
              .exactOptional()
              .meta({ description: `How many there are in all, up to ${COUNTED}.` }),
            totalIsCapped: z.boolean().exactOptional().meta({ description: 'There may be more than `total`.' }),
          }),
        }),
      },
    },
    errors: [],
  })(async ({ query, scope, services, language }) => {
    const { sortBy, sortDir, page: number, cursor, limit: most, ...filter } = query;
    const order: DocumentOrder = { by: sortBy, direction: sortDir };
    const start = startOf({ number, cursor, most }, order);
    const { documents, next, total } = await listDocuments(services.documents, scope, filter, {
      order,
      start,
      limit: most,
    });
    const counted = total === undefined ? {} : { page: number ?? 1, total, totalIsCapped: total === COUNTED };
    return {
      status: 200,
      body: {
        ok: true,
        data: documents.map((row) => documentOut(row, language)),
        pagination: { limit: most, nextCursor: next === undefined ? null : cursorOf(order, next), ...counted },
      },
    };
  }),

  route({
    method: 'get',
    path: '/v1/documents/stats',
    operationId: 'documentStats',
    tag: TAG,
    summary: 'Count documents',
    description: `How many documents were issued and what they come to, by status, type and day: in the last ${DEFAULT_DAYS} days, or between \`from\` and \`to\`, at most ${MAX_DAYS} days. Days, types and statuses without documents are left out. What a sale, a credit note and a retención come to is not to be added up: see \`byDocumentType\`, or ask for one \`documentType\`.`,
    auth: 'issuer',
    needs: 'documents:read',
    query: z.strictObject({ ...range, documentType: DocumentTypeCode.optional() }),
    responses: {
      200: {
        description: 'The counts.',
        schema: z.object({
          ok,
          stats: z.object({
            from: z.string().meta({ description: 'DD/MM/YYYY.' }),
            to: z.string().meta({ description: 'DD/MM/YYYY.' }),
            ...Sum.shape,
            byStatus,
            byDocumentType: z.array(z.object({ documentType: DocumentTypeCode, ...Sum.shape, byStatus })),
            byDay: z
              .array(z.object({ date: z.string().meta({ description: 'DD/MM/YYYY.' }), ...Sum.shape, byStatus }))
              .meta({ description: 'Oldest first.' }),
          }),
        }),
      },
    },
    errors: [],
  })(async ({ query, scope, services }) => {
    const stats = await documentStats(services.documents, scope, query);
    return { status: 200, body: { ok: true, stats } };
  }),
];

/** Where a page begins. @throws Refusal VALIDATION_FAILED */
function startOf(
  { number, cursor, most }: { number: number | undefined; cursor: string | undefined; most: number },
  order: DocumentOrder,
): PageStart {
  if (cursor === undefined) return { offset: ((number ?? 1) - 1) * most };
  if (number !== undefined) throw refused('page', 'cannot be given with a cursor, which is a place of its own', number);
  const after = positionIn(cursor, order);
  if (after === undefined) throw refused('cursor', 'must be a nextCursor of a list in the same order', cursor);
  return { after };
}

function refused(field: string, message: string, value: unknown): Refusal {
  return refusalOf([{ field, message, value }]);
}
