import { z } from 'zod';
import { createIssuerFor, listAllIssuers } from '../../domain/admin/issuers.ts';
import type { FieldProblem } from '../../domain/model/document.ts';
import type { Taxpayer } from '../../domain/tenants/issuer-create.ts';
import type { IssuerWithCertificate } from '../../domain/tenants/issuers.ts';
import { cursorPagination, cursorQuery, ok, p12File, uuid } from '../fields.ts';
import { Problem } from '../problems.ts';
import { route, type UploadedFile } from '../route.ts';
import { ADMIN } from './admin-tenants.ts';
import { IssuerIn, IssuerOut, issuerOut } from './issuers.ts';
import { RegisterIn } from './registration.ts';

const TaxpayerIn = RegisterIn.pick({
  ruc: true,
  businessName: true,
  tradeName: true,
  mainAddress: true,
  specialTaxpayer: true,
  withholdingAgent: true,
  rimpe: true,
  largeTaxpayer: true,
  emissionType: true,
  requiredAccounting: true,
}).partial();

const AdminIssuerIn = z
  .strictObject({
    tenantId: uuid(),
    ...TaxpayerIn.shape,
    ...IssuerIn.omit({ sourceIssuerId: true }).shape,
    sourceIssuerId: uuid().exactOptional().meta({ description: 'Instead of `cert`: the issuer to copy from.' }),
  })
  .meta({ id: 'AdminIssuerIn' });

const AdminIssuerOut = z
  .object({ tenantId: uuid(), ...IssuerOut.shape })
  .meta({ id: 'AdminIssuer', description: 'An issuer and whose it is.' });

export const adminIssuerRoutes = [
  route({
    method: 'post',
    path: '/v1/admin/issuers',
    operationId: 'adminCreateIssuer',
    tag: ADMIN,
    summary: 'Add an issuer to an account',
    description: [
      'With `cert`, the taxpayer is told by `ruc`, `businessName`, `requiredAccounting` and what else of it there is: so an account gets its first issuer. With `sourceIssuerId`, all that and the certificate is copied from another issuer of the account.',
      '',
      'The plan’s limits of branches and issue points hold. No key is made.',
    ].join('\n'),
    auth: 'admin',
    idempotent: true,
    body: {
      form: AdminIssuerIn,
      files: { cert: { ...p12File, optional: true } },
      example: {
        tenantId: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12',
        branchCode: '002',
        issuePointCode: '001',
        sourceIssuerId: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f13',
      },
    },
    responses: { 201: { description: 'The new issuer.', schema: z.object({ ok, issuer: AdminIssuerOut }) } },
    errors: [
      'NOT_FOUND',
      'CERTIFICATE_INVALID',
      'CERTIFICATE_PASSWORD_INVALID',
      'CERTIFICATE_KEY_NOT_FOUND',
      'CERTIFICATE_EXPIRED',
      'BRANCH_LIMIT_REACHED',
      'ISSUE_POINT_LIMIT_REACHED',
      'EMAIL_VERIFICATION_REQUIRED',
      'SOURCE_ISSUER_NOT_FOUND',
      'CONFLICT',
    ],
  })(async ({ services, body, files, requestId }) => {
    const { tenantId, certPassword, branchCode, issuePointCode, branchAddress, documentTypes, ...rest } = body;
    const { initialSequentials, sourceIssuerId, emissionType: _, ...taxpayer } = rest;
    const made = await createIssuerFor(services.tenants, { requestId }, tenantId, {
      branchCode,
      issuePointCode,
      documentTypes,
      initialSequentials,
      ...(branchAddress === undefined ? {} : { branchAddress }),
      ...originOf(taxpayer, sourceIssuerId, files['cert'], certPassword),
    });
    return { status: 201, body: { ok: true, issuer: adminIssuerOut(made) } };
  }),

  route({
    method: 'get',
    path: '/v1/admin/issuers',
    operationId: 'adminListIssuers',
    tag: ADMIN,
    summary: 'List the issuers of all accounts',
    description: 'The active ones, newest first.',
    auth: 'admin',
    query: z.strictObject(cursorQuery),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, issuers: z.array(AdminIssuerOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, query }) => {
    const { rows, nextCursor } = await listAllIssuers(services.tenants, query);
    const pagination = { limit: query.limit, nextCursor };
    return { status: 200, body: { ok: true, issuers: rows.map(adminIssuerOut), pagination } };
  }),
];

/** Where taxpayer and certificate come from: one of two ways, and none of it by halves. */
function originOf(
  taxpayer: Omit<z.output<typeof TaxpayerIn>, 'emissionType'>,
  sourceIssuerId: string | undefined,
  cert: UploadedFile | undefined,
  certPassword: string,
) {
  if (cert === undefined) {
    if (sourceIssuerId === undefined)
      throw refused([{ field: 'cert', message: 'is required, as a file, unless sourceIssuerId is given' }]);
    const given = Object.keys(taxpayer);
    if (given.length > 0)
      throw refused(given.map((field) => ({ field, message: 'is copied from sourceIssuerId: leave it out' })));
    return { sourceIssuerId };
  }
  const { ruc, businessName, requiredAccounting, ...other } = taxpayer;
  if (ruc === undefined || businessName === undefined || requiredAccounting === undefined) {
    const missing = Object.entries({ ruc, businessName, requiredAccounting }).filter(
      ([, value]) => value === undefined,
    );
    throw refused(missing.map(([field]) => ({ field, message: 'is required with a certificate' })));
  }
  const known: Taxpayer = { ruc, businessName, requiredAccounting, ...other };
  return { taxpayer: known, certificate: { pkcs12: cert.bytes, certPassword } };
}

function refused(problems: FieldProblem[]): Problem {
  return new Problem('VALIDATION_FAILED', { detail: 'The issuer is not acceptable.', problems });
}

function adminIssuerOut(found: IssuerWithCertificate): z.output<typeof AdminIssuerOut> {
  return { tenantId: found.issuer.tenantId, ...issuerOut(found) };
}
