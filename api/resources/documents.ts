import { z } from 'zod';
import { createDocument } from '../../domain/documents/create.ts';
import { documentEvents, findDocument } from '../../domain/documents/read.ts';
import { validateDocument } from '../../domain/documents/validate.ts';
import { refuseUnknownType } from '../../domain/documents/write.ts';
import { DocumentIn, requestOf } from '../../domain/format/document-request.ts';
import { canonicalHash } from '../../domain/canonical-json.ts';
import { ETAG, ifNoneMatch, NOT_MODIFIED } from '../conditional.ts';
import { ok } from '../fields.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { preferHeader } from '../prefer.ts';
import { route } from '../route.ts';
import {
  accessKeyParam,
  advance,
  APPLIED,
  documentOut,
  EXAMPLE_REQUEST,
  LOCATION,
  locationOf,
  OneOut,
  passingOf,
  TAG,
} from './document-answers.ts';
import { EventOut, TotalsOut } from './document-schemas.ts';

export const documentRoutes = [
  route({
    method: 'post',
    path: '/v1/documents',
    operationId: 'createDocument',
    tag: TAG,
    summary: 'Create and sign a document',
    description: [
      'Numbers, writes and signs a document. The server computes every total; payments that do not match are refused. A refused request uses no number.',
      '',
      'With `autoSend` the document goes to SRI at once, and the request is held, within `Prefer: wait`, until SRI has decided. It goes on by itself either way.',
      '',
      'Give each sale an `Idempotency-Key` and repeat a request that got no answer with the same key: it finds its document (`200`, `Idempotent-Replayed: true`) instead of making another.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:write',
    headers: z.object({
      Prefer: preferHeader,
      'Idempotency-Key': idempotencyKey.meta({
        description: 'Unique among the issuer’s documents, kept for ever.',
        example: 'till-7-ticket-4711',
      }),
    }),
    body: { json: DocumentIn, before: refuseUnknownType, example: EXAMPLE_REQUEST },
    responses: {
      201: {
        description: 'The new document, in the status it has reached.',
        schema: OneOut,
        headers: { ...APPLIED, ...LOCATION },
      },
      200: {
        description: 'The document that an earlier request with this key made, in its present status.',
        schema: OneOut,
        headers: { ...APPLIED, 'Idempotent-Replayed': 'true' },
      },
    },
    errors: [
      'DOCUMENT_TYPE_NOT_SUPPORTED',
      'DOCUMENT_TYPE_NOT_ENABLED',
      'CERTIFICATE_EXPIRED',
      'CERTIFICATE_INVALID',
      'CREDIT_EXCEEDS_BALANCE',
      'QUOTA_EXCEEDED',
      'CONFLICT',
      'SERVICE_UNAVAILABLE',
    ],
  })(async (call) => {
    const { body, headers, scope, services, rawBody } = call;
    const { Prefer: wait, 'Idempotency-Key': key } = headers;
    const { document, replayed } = await createDocument(services.documents, scope, {
      ...requestOf(body),
      bodyHash: canonicalHash(rawBody),
      ...(key === undefined ? {} : { idempotencyKey: key }),
    });
    const reached = await advance(call, document, passingOf(document), wait.waitMs);
    const answer = { ok: true as const, document: documentOut(reached, call.language) };
    return replayed
      ? { status: 200, body: answer, headers: { ...wait.applied, 'Idempotent-Replayed': 'true' } }
      : { status: 201, body: answer, headers: { ...wait.applied, Location: locationOf(document) } };
  }),

  route({
    method: 'post',
    path: '/v1/documents/validate',
    operationId: 'validateDocument',
    tag: TAG,
    summary: 'Try a document out',
    description:
      'Checks what creating the document would check and computes its amounts; takes no number and nothing off the quota, and keeps nothing. What is wrong is answered as creating it would answer it. `autoSend` is not looked at.',
    auth: 'issuer',
    needs: 'documents:read',
    body: { json: DocumentIn, before: refuseUnknownType, example: EXAMPLE_REQUEST },
    responses: {
      200: {
        description: 'It would be created, with these amounts.',
        schema: z.object({
          ok,
          issueDate: z.string().meta({ description: 'DD/MM/YYYY.', example: '25/11/2026' }),
          totals: TotalsOut,
        }),
      },
    },
    errors: [
      'DOCUMENT_TYPE_NOT_SUPPORTED',
      'DOCUMENT_TYPE_NOT_ENABLED',
      'CERTIFICATE_EXPIRED',
      'CREDIT_EXCEEDS_BALANCE',
    ],
  })(async ({ body, scope, services }) => {
    const { issueDate, totals } = await validateDocument(services.documents, scope, requestOf(body));
    return { status: 200, body: { ok: true, issueDate, totals } };
  }),

  route({
    method: 'get',
    path: '/v1/documents/:accessKey',
    operationId: 'getDocument',
    tag: TAG,
    summary: 'Get one document',
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    headers: z.object(ifNoneMatch),
    responses: {
      200: { description: 'The document, with the content it was made of.', schema: OneOut, headers: ETAG },
      304: NOT_MODIFIED,
    },
    errors: ['NOT_FOUND'],
  })(async ({ params, scope, services, language }) => {
    const document = await findDocument(services.documents, scope, params.accessKey, { withBody: true });
    return {
      status: 200,
      body: { ok: true, document: { ...documentOut(document, language), requestPayload: { ...document.body } } },
    };
  }),

  route({
    method: 'get',
    path: '/v1/documents/:accessKey/events',
    operationId: 'listDocumentEvents',
    tag: TAG,
    summary: 'What happened to a document',
    description: 'Oldest first.',
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    responses: { 200: { description: 'The whole log.', schema: z.object({ ok, events: z.array(EventOut) }) } },
    errors: ['NOT_FOUND'],
  })(async ({ params, scope, services }) => {
    const events = await documentEvents(services.documents, scope, params.accessKey);
    return {
      status: 200,
      body: {
        ok: true,
        events: events.map(({ id, eventType, fromStatus, toStatus, detail, createdAt }) => ({
          id,
          eventType,
          fromStatus: fromStatus ?? null,
          toStatus: toStatus ?? null,
          detail: detail ?? null,
          createdAt: createdAt.toISOString(),
        })),
      },
    };
  }),
];
