import { findDocument } from '../../domain/documents/read.ts';
import { rebuildDocument } from '../../domain/documents/rebuild.ts';
import { requestSend } from '../../domain/documents/send.ts';
import { refuseUnknownType } from '../../domain/documents/write.ts';
import { RebuildIn, requestOf } from '../../domain/format/document-request.ts';
import { Refusal } from '../../domain/refusal.ts';
import { route } from '../route.ts';
import {
  accessKeyParam,
  advance,
  APPLIED,
  documentOut,
  EXAMPLE_REQUEST,
  LOCATION,
  OneOut,
  outcome,
  passingOf,
  TAG,
  waits,
} from './document-answers.ts';

/** Each takes a document one step on. */
export const documentStepRoutes = [
  route({
    method: 'post',
    path: '/v1/documents/:accessKey/send',
    operationId: 'sendDocument',
    tag: TAG,
    summary: 'Send a signed document to SRI',
    description: [
      'Holds the request, within `Prefer: wait`, until SRI has taken the document or returned it; a returned document is an outcome, not an error.',
      '',
      'While SRI cannot be reached the answer is `202` with `PENDING_SEND`: the service goes on trying by itself, for days if need be. The events tell of each trouble.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:write',
    params: accessKeyParam,
    headers: waits,
    responses: {
      200: { description: 'SRI has answered.', schema: OneOut, headers: APPLIED },
      202: {
        description: 'Not within the time; it goes on by itself.',
        schema: OneOut,
        headers: { ...APPLIED, ...LOCATION },
      },
    },
    errors: ['NOT_FOUND', 'INVALID_STATE_TRANSITION', 'SERVICE_UNAVAILABLE'],
  })(async (call) => {
    const { params, scope, services, headers } = call;
    const document = await requestSend(services.documents, scope, params.accessKey);
    return outcome(await advance(call, document, ['PENDING_SEND'], headers.Prefer.waitMs), 'PENDING_SEND', {
      language: call.language,
      applied: headers.Prefer.applied,
    });
  }),

  route({
    method: 'get',
    path: '/v1/documents/:accessKey/authorize',
    operationId: 'authorizeDocument',
    tag: TAG,
    summary: 'Ask SRI for the authorization',
    description: [
      'Asks SRI now, and holds the request, within `Prefer: wait`, until it has decided. The service asks by itself too, so nobody has to call this.',
      '',
      'A document that is still on its way (`PENDING_SEND`) is waited for; one that is decided is answered at once.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    headers: waits,
    responses: {
      200: { description: 'SRI has decided, or has returned it.', schema: OneOut, headers: APPLIED },
      202: {
        description: 'Not within the time; it goes on by itself.',
        schema: OneOut,
        headers: { ...APPLIED, ...LOCATION },
      },
    },
    errors: ['NOT_FOUND', 'INVALID_STATE_TRANSITION', 'SERVICE_UNAVAILABLE'],
  })(async (call) => {
    const { params, scope, services, headers } = call;
    const document = await findDocument(services.documents, scope, params.accessKey);
    if (document.status === 'CREATED' || document.status === 'SIGNED' || document.status === 'RETURNED') {
      throw new Refusal(
        'INVALID_STATE_TRANSITION',
        `SRI decides on a document that it has received; this one is ${document.status}.`,
      );
    }
    const reached = await advance(call, document, ['PENDING_SEND', 'RECEIVED'], headers.Prefer.waitMs);
    return outcome(reached, reached.status === 'PENDING_SEND' ? 'PENDING_SEND' : 'RECEIVED', {
      language: call.language,
      applied: headers.Prefer.applied,
    });
  }),

  route({
    method: 'post',
    path: '/v1/documents/:accessKey/rebuild',
    operationId: 'rebuildDocument',
    tag: TAG,
    summary: 'Correct a refused document',
    description:
      'Writes and signs a `RETURNED` or `NOT_AUTHORIZED` document anew. Access key, sequential, issue date and type stay; everything else comes from the body.',
    auth: 'issuer',
    needs: 'documents:write',
    params: accessKeyParam,
    headers: waits,
    body: { json: RebuildIn, before: refuseUnknownType, example: EXAMPLE_REQUEST },
    responses: {
      200: { description: 'The document, in the status it has reached.', schema: OneOut, headers: APPLIED },
    },
    errors: [
      'NOT_FOUND',
      'INVALID_STATE_TRANSITION',
      'DOCUMENT_TYPE_NOT_SUPPORTED',
      'DOCUMENT_TYPE_NOT_ENABLED',
      'CERTIFICATE_EXPIRED',
      'CERTIFICATE_INVALID',
      'CREDIT_EXCEEDS_BALANCE',
      'SERVICE_UNAVAILABLE',
    ],
  })(async (call) => {
    const { params, body, scope, services, headers } = call;
    const document = await rebuildDocument(services.documents, scope, params.accessKey, requestOf(body));
    const reached = await advance(call, document, passingOf(document), headers.Prefer.waitMs);
    return {
      status: 200,
      body: { ok: true, document: documentOut(reached, call.language) },
      headers: headers.Prefer.applied,
    };
  }),
];
