import { z } from 'zod';
import { renewCertificate } from '../../domain/tenants/issuer-certificate.ts';
import { disableType, enableType, issuerTypes } from '../../domain/tenants/issuer-types.ts';
import { changeLogo } from '../../domain/tenants/logo.ts';
import { issuerSequentials, LAST_SEQUENTIAL, raiseSequential } from '../../domain/tenants/sequentials.ts';
import { certPassword, digits, instant, logoFile, ok, p12File, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { CERTIFICATE_CODES, issuerParam, TAG } from './issuers.ts';

const documentType = digits(2).meta({ description: 'SRI code.', example: '01' });

const Types = z.object({ ok, documentTypes: z.array(documentType) });

const Counter = z
  .object({
    current: z.int().meta({ description: 'The last number used or passed over; 0 when there is none.' }),
    next: z.int().meta({ description: 'The number that the next document gets.' }),
  })
  .meta({ id: 'Counter' });

const SequentialsOut = z
  .object({ documentType, sandbox: Counter, production: Counter })
  .meta({ id: 'Sequentials', description: 'The counters of one document type.' });

const SequentialIn = z
  .strictObject({
    environment: z.enum(['sandbox', 'production']),
    nextSequential: z.int().min(1).max(LAST_SEQUENTIAL),
  })
  .meta({ id: 'SequentialIn' });

const NOT_MINE = ['ISSUER_FORBIDDEN', 'ISSUER_NOT_FOUND'] as const;

export const issuerSettingRoutes = [
  route({
    method: 'get',
    path: '/v1/issuers/:id/document-types',
    operationId: 'listIssuerDocumentTypes',
    tag: TAG,
    summary: 'List the enabled document types of an issuer',
    auth: 'tenant',
    needs: 'issuers:read',
    params: issuerParam,
    responses: { 200: { description: 'All of them.', schema: Types } },
    errors: NOT_MINE,
  })(async ({ services, caller, params }) => {
    const documentTypes = await issuerTypes(services.tenants, caller.tenantId, params.id);
    return { status: 200, body: { ok: true, documentTypes } };
  }),

  route({
    method: 'post',
    path: '/v1/issuers/:id/document-types',
    operationId: 'enableIssuerDocumentType',
    tag: TAG,
    summary: 'Enable a document type',
    description: 'Numbering goes on where it was left. To enable what is enabled changes nothing.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: issuerParam,
    body: { json: z.strictObject({ documentType }).meta({ id: 'DocumentTypeIn' }), example: { documentType: '01' } },
    responses: { 200: { description: 'All enabled types.', schema: Types } },
    errors: [...NOT_MINE, 'DOCUMENT_TYPE_NOT_SUPPORTED'],
  })(async ({ services, caller, params, body }) => {
    const documentTypes = await enableType(services.tenants, caller.tenantId, params.id, body.documentType);
    return { status: 200, body: { ok: true, documentTypes } };
  }),

  route({
    method: 'delete',
    path: '/v1/issuers/:id/document-types/:code',
    operationId: 'disableIssuerDocumentType',
    tag: TAG,
    summary: 'Disable a document type',
    description:
      'Documents that exist go on. The last enabled type stays (`BAD_REQUEST`); one that is not enabled is `NOT_FOUND`.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: z.object({ id: uuid(), code: documentType }),
    responses: { 200: { description: 'The types that are left.', schema: Types } },
    errors: [...NOT_MINE, 'BAD_REQUEST', 'NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    const documentTypes = await disableType(services.tenants, caller.tenantId, params.id, params.code);
    return { status: 200, body: { ok: true, documentTypes } };
  }),

  route({
    method: 'patch',
    path: '/v1/issuers/:id/logo',
    operationId: 'updateIssuerLogo',
    tag: TAG,
    summary: 'Change the logo of an issuer',
    description: 'Takes the place of the one that is there. What the picture is, its bytes say.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: issuerParam,
    body: { form: z.strictObject({}), files: { logo: logoFile } },
    responses: { 200: { description: 'The logo is kept.', schema: z.object({ ok }) } },
    errors: NOT_MINE,
  })(async ({ services, caller, params, files }) => {
    await changeLogo(services.tenants, caller.tenantId, params.id, files['logo']!.bytes);
    return { status: 200, body: { ok: true } };
  }),

  route({
    method: 'patch',
    path: '/v1/issuers/:id/certificate',
    operationId: 'renewIssuerCertificate',
    tag: TAG,
    summary: 'Renew the certificate of an issuer',
    description:
      'The new one must be of the same RUC. It signs from now on, documents that are created and not signed yet included; nothing has to stop. Other issuers that had the same certificate keep it.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: issuerParam,
    body: {
      form: z
        .strictObject({
          certPassword,
        })
        .meta({ id: 'CertificateIn' }),
      files: { cert: p12File },
    },
    responses: {
      200: {
        description: 'What the issuer signs with now.',
        schema: z.object({
          ok,
          certFingerprint: z.string().meta({ description: 'SHA-256 of the certificate, hex.' }),
          certExpiry: instant(),
        }),
      },
    },
    errors: [...NOT_MINE, ...CERTIFICATE_CODES],
  })(async ({ services, caller, params, body, files }) => {
    const { fingerprint, notAfter } = await renewCertificate(services.tenants, caller.tenantId, params.id, {
      pkcs12: files['cert']!.bytes,
      certPassword: body.certPassword,
    });
    return {
      status: 200,
      body: { ok: true, certFingerprint: fingerprint, certExpiry: notAfter.toISOString() },
    };
  }),

  route({
    method: 'get',
    path: '/v1/issuers/:id/sequentials',
    operationId: 'listIssuerSequentials',
    tag: TAG,
    summary: 'Where the numbering of an issuer stands',
    auth: 'tenant',
    needs: 'issuers:read',
    params: issuerParam,
    responses: {
      200: { description: 'A row a document type.', schema: z.object({ ok, sequentials: z.array(SequentialsOut) }) },
    },
    errors: NOT_MINE,
  })(async ({ services, caller, params }) => {
    const sequentials = await issuerSequentials(services.tenants, caller.tenantId, params.id);
    return { status: 200, body: { ok: true, sequentials } };
  }),

  route({
    method: 'patch',
    path: '/v1/issuers/:id/sequentials/:documentType',
    operationId: 'raiseIssuerSequential',
    tag: TAG,
    summary: 'Raise the next number',
    description:
      'For who has issued with another program before. Numbers go up only, since none is used twice; those that are passed over stay unused. Documents that are being created at this moment get a number below, all later ones this or a higher one.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: z.object({ id: uuid(), documentType }),
    body: { json: SequentialIn, example: { environment: 'production', nextSequential: 1_204 } },
    responses: {
      200: { description: 'The counters of the type.', schema: z.object({ ok, sequential: SequentialsOut }) },
    },
    errors: [...NOT_MINE, 'DOCUMENT_TYPE_NOT_SUPPORTED', 'SEQUENTIAL_CANNOT_DECREASE'],
  })(async ({ services, caller, params, body }) => {
    const sequential = await raiseSequential(services.tenants, caller.tenantId, params.id, {
      documentType: params.documentType,
      environment: body.environment,
      next: body.nextSequential,
    });
    return { status: 200, body: { ok: true, sequential } };
  }),
];
