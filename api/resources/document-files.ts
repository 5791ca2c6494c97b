import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { documentRide, documentXml, findDocument } from '../../domain/documents/read.ts';
import type { RideFormat } from '../../domain/model/document.ts';
import { ETAG, ifNoneMatch, NOT_MODIFIED } from '../conditional.ts';
import { Problem } from '../problems.ts';
import { route } from '../route.ts';
import { accessKeyParam, APPLIED, TAG, waits } from './document-answers.ts';

const RIDE_LOOK_MS = 500;

const NAMES: Readonly<Record<RideFormat, string>> = { a4: 'RIDE', ticket: 'TICKET' };

const ATTACHMENT = { 'Content-Disposition': '`attachment`, with the name of the file.' };

export const documentFileRoutes = [
  route({
    method: 'get',
    path: '/v1/documents/:accessKey/ride',
    operationId: 'getRide',
    tag: TAG,
    summary: 'Download the printed form (RIDE)',
    description:
      'Made from the authorized document, with the logo and the colour that the issuer has when it is printed. Right after the authorization it may still be at the printer: the request is held for it, within `Prefer: wait`. A ticket is printed when it is first asked for.',
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    query: z.strictObject({
      format: z.enum(['a4', 'ticket']).default('a4').meta({
        description: '`ticket`: for paper of 80 mm, one page as long as it needs; facturas only.',
      }),
    }),
    headers: waits.extend(ifNoneMatch),
    responses: {
      200: { description: 'PDF.', mediaType: 'application/pdf', headers: { ...APPLIED, ...ATTACHMENT, ...ETAG } },
      304: NOT_MODIFIED,
    },
    errors: ['NOT_FOUND', 'DOCUMENT_NOT_AUTHORIZED', 'RIDE_NOT_READY'],
  })(async ({ params, query, scope, services, headers }) => {
    const { waitMs, applied } = headers.Prefer;
    const until = Date.now() + waitMs;
    const printed = () => documentRide(services.documents, scope, params.accessKey, query.format);
    let pdf = await printed();
    if (pdf === undefined && query.format === 'ticket') {
      await services.process.printTicket(await findDocument(services.documents, scope, params.accessKey));
    }
    while (pdf === undefined && Date.now() < until) {
      await services.aside(() => sleep(Math.min(RIDE_LOOK_MS, until - Date.now())));
      pdf = await printed();
    }
    if (pdf === undefined) {
      throw new Problem('RIDE_NOT_READY', {
        detail: 'It is being printed. Ask again in a moment.',
        headers: { 'Retry-After': '5' },
      });
    }
    return {
      status: 200,
      body: pdf,
      headers: { ...applied, ...attachment(`${NAMES[query.format]}-${params.accessKey}.pdf`) },
    };
  }),

  route({
    method: 'get',
    path: '/v1/documents/:accessKey/xml',
    operationId: 'getXml',
    tag: TAG,
    summary: 'Download the XML',
    description: "SRI's authorization with the document in it once there is one, else the signed document.",
    auth: 'issuer',
    needs: 'documents:read',
    params: accessKeyParam,
    headers: z.object(ifNoneMatch),
    responses: {
      200: { description: 'XML.', mediaType: 'application/xml', headers: { ...ATTACHMENT, ...ETAG } },
      304: NOT_MODIFIED,
    },
    errors: ['NOT_FOUND', 'INVALID_STATE_TRANSITION'],
  })(async ({ params, scope, services }) => {
    const xml = await documentXml(services.documents, scope, params.accessKey);
    return { status: 200, body: xml, headers: attachment(`${params.accessKey}.xml`) };
  }),
];

function attachment(name: string): Record<string, string> {
  return { 'Content-Disposition': `attachment; filename="${name}"` };
}
