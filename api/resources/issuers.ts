import { z } from 'zod';
import { createIssuer } from '../../domain/tenants/issuer-create.ts';
import { changeIssuer, findIssuer, type IssuerWithCertificate, listIssuers } from '../../domain/tenants/issuers.ts';
import { LAST_SEQUENTIAL } from '../../domain/tenants/sequentials.ts';
import {
  certPassword,
  digits,
  documentTypeList,
  instant,
  jsonText,
  line,
  ok,
  p12File,
  pageQuery,
  pagination,
  uuid,
} from '../fields.ts';
import { route } from '../route.ts';

export const TAG = 'Issuers';

/** What can be wrong with a certificate that is uploaded. */
export const CERTIFICATE_CODES = [
  'CERTIFICATE_INVALID',
  'CERTIFICATE_PASSWORD_INVALID',
  'CERTIFICATE_KEY_NOT_FOUND',
  'CERTIFICATE_EXPIRED',
] as const;

const COLOR =
  'Of titles, rules and table heads of the printed form, `#RRGGBB`; what would not be readable on white paper stays black.';

export const issuerParam = z.object({ id: uuid() });

export const IssuerOut = z
  .object({
    id: uuid(),
    ruc: digits(13).meta({ example: '1790012345001' }),
    businessName: z.string(),
    tradeName: z.string().nullable(),
    branchCode: digits(3).meta({ example: '001' }),
    issuePointCode: digits(3).meta({ example: '001' }),
    branchAddress: z.string().nullable(),
    color: z.string().nullable().meta({ description: COLOR, example: '#0B4F9C' }),
    certFingerprint: z.string().nullable().meta({ description: 'SHA-256 of the certificate, hex.' }),
    certExpiry: instant().nullable(),
  })
  .meta({ id: 'Issuer', description: 'RUC, branch and issue point: whoever numbers documents.' });

const OneIssuer = z.object({ ok, issuer: IssuerOut });

export const IssuerIn = z
  .strictObject({
    branchCode: digits(3).meta({ description: 'Establecimiento.', example: '002' }),
    issuePointCode: digits(3).meta({ description: 'Punto de emisión.', example: '001' }),
    branchAddress: line(300).exactOptional(),
    documentTypes: documentTypeList,
    initialSequentials: jsonText(
      z.array(z.strictObject({ documentType: digits(2), sequential: z.int().min(1).max(LAST_SEQUENTIAL) })).max(10),
      '[{"documentType":"01","sequential":120}]',
    )
      .prefault('[]')
      .meta({
        description: 'JSON list in one field: the first number of a type, in the account’s environment; else it is 1.',
      }),
    sourceIssuerId: uuid().exactOptional().meta({
      description:
        'Whose RUC, names, main address, tax regime, logo, colour and certificate the new one gets; the first issuer’s when left out. Not looked at with `cert`.',
    }),
    certPassword,
  })
  .meta({ id: 'IssuerIn' });

const IssuerPatch = z
  .strictObject({
    tradeName: line(300).nullable().exactOptional(),
    branchAddress: line(300).nullable().exactOptional(),
    color: z
      .string()
      .regex(/^#[0-9A-Fa-f]{6}$/, 'must be a colour as #RRGGBB')
      .nullable()
      .exactOptional()
      .meta({ description: COLOR, example: '#0B4F9C' }),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must change one field at least')
  .meta({ id: 'IssuerPatch', description: 'What is not named stays; null takes it away.', minProperties: 1 });

export const issuerRoutes = [
  route({
    method: 'get',
    path: '/v1/issuers',
    operationId: 'listIssuers',
    tag: TAG,
    summary: 'List issuers',
    description: 'The active ones, oldest first.',
    auth: 'tenant',
    needs: 'issuers:read',
    query: z.strictObject(pageQuery(100)),
    responses: {
      200: { description: 'One page.', schema: z.object({ ok, issuers: z.array(IssuerOut), pagination }) },
    },
    errors: [],
  })(async ({ services, caller, query }) => {
    const { issuers, total } = await listIssuers(services.tenants, caller.tenantId, query);
    return { status: 200, body: { ok: true, issuers: issuers.map(issuerOut), pagination: { total, ...query } } };
  }),

  route({
    method: 'post',
    path: '/v1/issuers',
    operationId: 'createIssuer',
    tag: TAG,
    summary: 'Add a branch or an issue point',
    description:
      'What the taxpayer is comes from another issuer of the account, and so does the certificate unless `cert` is sent, which must be of an RUC of the account. The plan limits branches, and issue points in a branch.',
    auth: 'tenant',
    needs: 'issuers:write',
    idempotent: true,
    body: {
      form: IssuerIn,
      example: { branchCode: '002', issuePointCode: '001' },
      files: { cert: { ...p12File, optional: true } },
    },
    responses: { 201: { description: 'The new issuer.', schema: OneIssuer } },
    errors: [
      ...CERTIFICATE_CODES,
      'BRANCH_LIMIT_REACHED',
      'ISSUE_POINT_LIMIT_REACHED',
      'EMAIL_VERIFICATION_REQUIRED',
      'SOURCE_ISSUER_NOT_FOUND',
      'CONFLICT',
    ],
  })(async ({ services, caller, body, files }) => {
    const { certPassword, ...input } = body;
    const { cert } = files;
    const made = await createIssuer(services.tenants, caller.tenantId, {
      ...input,
      ...(cert === undefined ? {} : { certificate: { pkcs12: cert.bytes, certPassword } }),
    });
    return { status: 201, body: { ok: true, issuer: issuerOut(made) } };
  }),

  route({
    method: 'get',
    path: '/v1/issuers/:id',
    operationId: 'getIssuer',
    tag: TAG,
    summary: 'Get one issuer',
    auth: 'tenant',
    needs: 'issuers:read',
    params: issuerParam,
    responses: { 200: { description: 'The issuer.', schema: OneIssuer } },
    errors: ['ISSUER_FORBIDDEN', 'ISSUER_NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    const found = await findIssuer(services.tenants, caller.tenantId, params.id);
    return { status: 200, body: { ok: true, issuer: issuerOut(found) } };
  }),

  route({
    method: 'patch',
    path: '/v1/issuers/:id',
    operationId: 'updateIssuer',
    tag: TAG,
    summary: 'Change names, addresses and colour of an issuer',
    description:
      'For the documents that are created from now on; those that exist keep what they were written with. The colour is of what is printed from now on.',
    auth: 'tenant',
    needs: 'issuers:write',
    params: issuerParam,
    body: { json: IssuerPatch, example: { tradeName: 'El Trigo del Centro', color: '#0B4F9C' } },
    responses: { 200: { description: 'The issuer as it is now.', schema: OneIssuer } },
    errors: ['ISSUER_FORBIDDEN', 'ISSUER_NOT_FOUND'],
  })(async ({ services, caller, params, body }) => {
    const changed = await changeIssuer(services.tenants, caller.tenantId, params.id, body);
    return { status: 200, body: { ok: true, issuer: issuerOut(changed) } };
  }),
];

export function issuerOut({ issuer, certificate }: IssuerWithCertificate): z.output<typeof IssuerOut> {
  const { id, ruc, businessName, branchCode, issuePointCode } = issuer;
  return {
    id,
    ruc,
    businessName,
    tradeName: issuer.tradeName ?? null,
    branchCode,
    issuePointCode,
    branchAddress: issuer.branchAddress ?? null,
    color: issuer.color ?? null,
    certFingerprint: certificate.fingerprint,
    certExpiry: certificate.notAfter.toISOString(),
  };
}
