import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { MAX_MAILS, mailsToTry, mailToTry, settledMails } from '../../domain/documents/mail.ts';
import { messageIdOf } from '../../domain/format/mail/message-id.ts';
import { ok } from '../fields.ts';
import { route } from '../route.ts';
import { accessKeyParam, APPLIED, LOCATION, TAG, waits } from './document-answers.ts';

const OneResult = z.object({
  ok,
  result: z.object({
    sent: z.boolean().meta({ description: 'Whether it has gone out.' }),
    messageId: z.string().meta({
      description: 'The Message-ID of the mail.',
      example: '<0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12@example.com>',
    }),
  }),
});

const BatchResult = z.object({
  ok,
  result: z.object({
    attempted: z.int().meta({ description: `How many are tried, at most ${MAX_MAILS}.` }),
    succeeded: z.int(),
    failed: z.int().meta({ description: 'Refused, or not taken now.' }),
  }),
});

export const documentMailRoutes = [
  route({
    method: 'post',
    path: '/v1/documents/:accessKey/email-retry',
    operationId: 'retryEmail',
    tag: TAG,
    summary: 'Send the mail of an authorized document again',
    description: [
      'Tries the mail to the buyer once more, now, and holds the request, within `Prefer: wait`, until it has gone out or was refused. A mail that has gone out is sent again only with `force`, as a new mail; so is one that was refused.',
      '',
      '`sent` is false when the mail was not taken. If that may pass, the service goes on trying by itself; the document tells what becomes of it.',
    ].join('\n'),
    auth: 'issuer',
    needs: 'documents:write',
    idempotent: true,
    params: accessKeyParam,
    query: z.strictObject({
      force: z
        .enum(['true', 'false'])
        .default('false')
        .transform((force) => force === 'true')
        .meta({ description: 'Send a mail that has gone out again.' }),
    }),
    headers: waits,
    responses: {
      200: { description: 'It was tried.', schema: OneResult, headers: APPLIED },
      202: {
        description: 'Not within the time; it goes on by itself.',
        schema: OneResult,
        headers: { ...APPLIED, ...LOCATION },
      },
    },
    errors: ['NOT_FOUND', 'DOCUMENT_NOT_AUTHORIZED', 'BAD_REQUEST', 'SERVICE_UNAVAILABLE'],
  })(async ({ params, query, headers, scope, services }) => {
    const { waitMs, applied } = headers.Prefer;
    const mailId = await mailToTry(services.documents, scope, params.accessKey, query);
    const { tenantId } = scope;
    const done = await services.aside(() => services.process.retryMails(mailId, [mailId], { tenantId, waitMs }));
    const messageId = messageIdOf(mailId, services.documents.mailDomain);
    const body = { ok: true as const, result: { sent: done?.succeeded === 1, messageId } };
    return done === undefined
      ? { status: 202, body, headers: { ...applied, Location: `/v1/documents/${params.accessKey}` } }
      : { status: 200, body, headers: applied };
  }),

  route({
    method: 'post',
    path: '/v1/documents/email-retry',
    operationId: 'retryEmails',
    tag: TAG,
    summary: 'Send the mails that have not gone out',
    description: `Tries the mails of the issuer's authorized documents whose mail is \`PENDING\` or \`FAILED\`, at most ${MAX_MAILS}, those that have been left alone for longest first. The request is held, within \`Prefer: wait\`, until each was tried once.`,
    auth: 'issuer',
    needs: 'documents:write',
    idempotent: true,
    headers: waits,
    responses: {
      200: { description: 'Each was tried.', schema: BatchResult, headers: APPLIED },
      202: {
        description: 'Not within the time; it goes on by itself, and this is how far it has come.',
        schema: BatchResult,
        headers: APPLIED,
      },
    },
    errors: ['SERVICE_UNAVAILABLE'],
  })(async ({ headers, scope, services }) => {
    const { waitMs, applied } = headers.Prefer;
    const mailIds = await mailsToTry(services.documents, scope);
    if (mailIds.length === 0) {
      return {
        status: 200,
        body: { ok: true, result: { attempted: 0, succeeded: 0, failed: 0 } },
        headers: applied,
      };
    }
    const { tenantId } = scope;
    const done = await services.aside(() => services.process.retryMails(randomUUID(), mailIds, { tenantId, waitMs }));
    if (done !== undefined) return { status: 200, body: { ok: true, result: done }, headers: applied };
    const { sent, failed } = await settledMails(services.documents, scope, mailIds);
    return {
      status: 202,
      body: { ok: true, result: { attempted: mailIds.length, succeeded: sent, failed } },
      headers: applied,
    };
  }),
];
