import { z } from 'zod';
import { changeBatch } from '../../domain/batches/control.ts';
import { createBatch } from '../../domain/batches/create.ts';
import { MAX_LINES } from '../../domain/batches/lines.ts';
import { type BatchWithCounts, findBatch, type LineResult, listBatches, listLines } from '../../domain/batches/read.ts';
import { BATCH_STATUSES, LINE_OUTCOMES } from '../../domain/store/entities/batch.ts';
import { cursorPagination, cursorQuery, instant, ok, uuid } from '../fields.ts';
import { ProblemOut } from '../problem-schema.ts';
import { Problem, problemBody } from '../problems.ts';
import { type Call, route } from '../route.ts';
import { EXAMPLE_REQUEST, LOCATION } from './document-answers.ts';
import { DocumentOut } from './document-schemas.ts';

const TAG = 'Batches';

const MAX_MEGABYTES = 20;
/** Of results: a whole batch in ten pages. */
const MAX_PAGE = 1_000;

const BatchOut = z
  .object({
    id: uuid(),
    status: z.enum(BATCH_STATUSES).meta({
      description:
        '`COMPLETED`: each line is issued or refused. `CANCELLED`: those that had no result by then never get a document.',
    }),
    lines: z.object({
      total: z.int(),
      pending: z.int().meta({ description: 'Those without a result yet.' }),
      issued: z.int(),
      refused: z.int(),
      cancelled: z.int(),
    }),
    createdAt: instant(),
    updatedAt: instant().meta({ description: 'Of its status.' }),
    finishedAt: instant().nullable(),
  })
  .meta({ id: 'Batch' });

const Outcome = z.enum(['PENDING', ...LINE_OUTCOMES]).meta({ id: 'BatchLineOutcome' });

const ResultOut = z
  .object({
    line: z.int().meta({ description: 'From 1.', example: 1 }),
    outcome: Outcome,
    document: DocumentOut.pick({ accessKey: true, documentType: true, sequential: true, status: true, total: true })
      .nullable()
      .meta({ description: 'As it is now.' }),
    replayed: z.boolean().meta({
      description: 'The document was there already, under the `idempotencyKey` of the line: nothing new was made.',
    }),
    problem: ProblemOut.nullable().meta({
      description: 'Why it was refused: what `POST /v1/documents` would have answered.',
    }),
  })
  .meta({ id: 'BatchLineResult' });

const OneOut = z.object({ ok, batch: BatchOut });
const batchParam = z.object({ id: uuid() });

const EXAMPLE_LINES = ['invoice-1', 'invoice-2']
  .map((idempotencyKey) => `${JSON.stringify({ ...EXAMPLE_REQUEST, autoSend: false, idempotencyKey })}\n`)
  .join('');

export const batchRoutes = [
  route({
    method: 'post',
    path: '/v1/batches',
    operationId: 'createBatch',
    tag: TAG,
    summary: 'Create many documents',
    description: [
      `Takes up to ${MAX_LINES} lines of JSON, ${MAX_MEGABYTES} MB in all, and issues them one after the other, about in their order, while it waits for nobody. Each line gets one result, and a line that is refused stops no other; it uses no number.`,
      '',
      'Sales at the till go first. When each line has its result, the notification and webhook `BATCH_COMPLETED` tell it. An issuer may have ten batches that are not finished.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:write',
    idempotent: true,
    body: {
      lines:
        'Each line is a body of `POST /v1/documents`; with `idempotencyKey` it finds the document that the same body has made under this key, by a line or as `Idempotency-Key`, instead of making another.',
      maxBytes: MAX_MEGABYTES * 2 ** 20,
      example: EXAMPLE_LINES,
    },
    responses: { 202: { description: 'It is under way.', schema: OneOut, headers: LOCATION } },
    errors: [],
  })(async (call) => {
    const created = await createBatch(call.services.documents, call.scope, call.files['lines']!.bytes);
    await goOn(call, created);
    return {
      status: 202,
      body: { ok: true, batch: batchOut(created) },
      headers: { Location: `/v1/batches/${created.batch.id}` },
    };
  }),

  route({
    method: 'get',
    path: '/v1/batches',
    operationId: 'listBatches',
    tag: TAG,
    summary: 'List batches',
    description: 'Newest first.',
    auth: 'issuer',
    needs: 'documents:read',
    query: z.strictObject(cursorQuery),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, batches: z.array(BatchOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, scope, query: { cursor, limit } }) => {
    const { rows, nextCursor } = await listBatches(services.documents, scope, { limit, cursor });
    return { status: 200, body: { ok: true, batches: rows.map(batchOut), pagination: { limit, nextCursor } } };
  }),

  route({
    method: 'get',
    path: '/v1/batches/:id',
    operationId: 'getBatch',
    tag: TAG,
    summary: 'How far a batch has come',
    auth: 'issuer',
    needs: 'documents:read',
    params: batchParam,
    responses: { 200: { description: 'As it is now.', schema: OneOut } },
    errors: ['NOT_FOUND'],
  })(async ({ services, scope, params }) => {
    const found = await findBatch(services.documents, scope, params.id);
    return { status: 200, body: { ok: true, batch: batchOut(found) } };
  }),

  route({
    method: 'get',
    path: '/v1/batches/:id/results',
    operationId: 'listBatchResults',
    tag: TAG,
    summary: 'What became of the lines of a batch',
    description: 'In the order of the lines, those included that have no result yet.',
    auth: 'issuer',
    needs: 'documents:read',
    params: batchParam,
    query: z.strictObject({
      outcome: Outcome.optional(),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
      cursor: z.coerce.number().int().min(0).max(MAX_LINES).default(0).meta({
        description: 'The `nextCursor` of the page before: the last line of it.',
      }),
    }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, results: z.array(ResultOut), pagination: cursorPagination }),
      },
    },
    errors: ['NOT_FOUND'],
  })(async (call) => {
    const { services, scope, params, query } = call;
    const { outcome, cursor, limit } = query;
    const { rows, nextCursor } = await listLines(services.documents, scope, params.id, {
      afterLine: cursor,
      limit,
      ...(outcome === undefined ? {} : { outcome: outcome === 'PENDING' ? null : outcome }),
    });
    const results = rows.map((result) => resultOut(call, result));
    return { status: 200, body: { ok: true, results, pagination: { limit, nextCursor } } };
  }),

  change('pause', 'PAUSED', 'Pause a batch', 'No document comes of it any more until `resume`.'),
  change('resume', 'RUNNING', 'Let a paused batch go on'),
  change(
    'cancel',
    'CANCELLED',
    'Give up the rest of a batch',
    'The lines that have no result by then are `CANCELLED`. Documents that are issued stay.',
  ),
];

function change(
  verb: 'pause' | 'resume' | 'cancel',
  status: Parameters<typeof changeBatch>[3],
  summary: string,
  description?: string,
) {
  return route({
    method: 'post',
    path: `/v1/batches/:id/${verb}`,
    operationId: `${verb}Batch`,
    tag: TAG,
    summary,
    ...(description === undefined ? {} : { description }),
    auth: 'issuer',
    needs: 'documents:write',
    params: batchParam,
    responses: { 200: { description: 'As it is now.', schema: OneOut } },
    errors: ['NOT_FOUND', 'CONFLICT'],
  })(async (call) => {
    const changed = await changeBatch(call.services.documents, call.scope, call.params.id, status);
    await goOn(call, changed);
    return { status: 200, body: { ok: true, batch: batchOut(changed) } };
  });
}

/** The outbox has it: what cannot be started now the reconciliation starts. */
async function goOn({ services }: Pick<Call, 'services'>, { batch }: BatchWithCounts): Promise<void> {
  if (batch.status !== 'RUNNING') return;
  try {
    await services.tenantProcess.goOnWithBatch(batch.id, batch.tenantId);
  } catch (error) {
    services.warn('a batch could not be started; reconciliation will', error);
  }
}

function batchOut({ batch, counts }: BatchWithCounts): z.output<typeof BatchOut> {
  const { id, status, total, createdAt, updatedAt, finishedAt } = batch;
  return {
    id,
    status,
    lines: { total, ...counts },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

function resultOut({ services, language }: Call, { line: row, document }: LineResult): z.output<typeof ResultOut> {
  const { batchId, line, outcome, replayed, refusal } = row;
  const telling = {
    publicUrl: services.tenants.publicUrl,
    instance: `/v1/batches/${batchId}/results`,
    language,
  };
  return {
    line,
    outcome: outcome ?? 'PENDING',
    document:
      document === undefined
        ? null
        : {
            accessKey: document.accessKey,
            documentType: document.documentType,
            sequential: document.sequential,
            status: document.status,
            total: document.total,
          },
    replayed,
    problem: refusal ? problemBody(new Problem(refusal.code, refusal), telling) : null,
  };
}
