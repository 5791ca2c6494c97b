import { z } from 'zod';
import { creditNotesOf } from '../../domain/documents/modified.ts';
import { cursorPagination, cursorQuery, ok } from '../fields.ts';
import { route } from '../route.ts';
import { accessKeyParam, documentOut, TAG } from './document-answers.ts';
import { DocumentOut } from './document-schemas.ts';

export const creditNoteRoutes = [
  route({
    method: 'get',
    path: '/v1/documents/:accessKey/credit-notes',
    operationId: 'listCreditNotes',
    tag: TAG,
    summary: 'Credit notes on a document, and what is left of it',
    description:
      'Newest first. A note takes its total from the balance as soon as it is created, and gives it back when SRI refuses it.',
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    query: z.strictObject(cursorQuery),
    responses: {
      200: {
        description: 'The balance, and one page of the notes.',
        schema: z.object({
          ok,
          balance: z
            .object({
              total: z.string().meta({ description: 'Of the document, in USD.', example: '115.00' }),
              credited: z.string().meta({ description: 'By notes that are authorized.', example: '23.00' }),
              reserved: z.string().meta({ description: 'By notes on their way.', example: '0.00' }),
              available: z.string().meta({
                description: 'What more notes may come to; nothing until the document is authorized.',
                example: '92.00',
              }),
            })
            .meta({ id: 'CreditBalance' }),
          data: z.array(DocumentOut),
          pagination: cursorPagination,
        }),
      },
    },
    errors: ['NOT_FOUND'],
  })(async ({ params, query, scope, services, language }) => {
    const { balance, rows, nextCursor } = await creditNotesOf(services.documents, scope, params.accessKey, query);
    const data = rows.map((note) => documentOut(note, language));
    return { status: 200, body: { ok: true, balance, data, pagination: { limit: query.limit, nextCursor } } };
  }),
];
