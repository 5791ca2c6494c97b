import { z } from 'zod';
import { findIssuer, type IssuerWithCertificate, listIssuers } from '../../domain/tenants/issuers.ts';
import { digits, instant, ok, uuid } from '../fields.ts';
import { route } from '../route.ts';

const TAG = 'Issuers';

export const IssuerOut = z
  .object({
    id: uuid(),
    ruc: digits(13).meta({ example: '1790012345001' }),
    businessName: z.string(),
    tradeName: z.string().nullable(),
    branchCode: digits(3).meta({ example: '001' }),
    issuePointCode: digits(3).meta({ example: '001' }),
    branchAddress: z.string().nullable(),
    certFingerprint: z.string().nullable().meta({ description: 'SHA-256 of the certificate, hex.' }),
    certExpiry: instant().nullable(),
  })
  .meta({ id: 'Issuer', description: 'RUC, branch and issue point: whoever numbers documents.' });

export const issuerRoutes = [
  route({
    method: 'get',
    path: '/v1/issuers',
    operationId: 'listIssuers',
    tag: TAG,
    summary: 'List issuers',
    description: 'The active ones, oldest first.',
    auth: 'tenant',
    responses: { 200: { description: 'All of them.', schema: z.object({ ok, issuers: z.array(IssuerOut) }) } },
    errors: [],
  })(async ({ services, caller }) => {
    const issuers = await listIssuers(services.tenants, caller.tenantId);
    return { status: 200, body: { ok: true, issuers: issuers.map(issuerOut) } };
  }),

  route({
    method: 'get',
    path: '/v1/issuers/:id',
    operationId: 'getIssuer',
    tag: TAG,
    summary: 'Get one issuer',
    auth: 'tenant',
    params: z.object({ id: uuid() }),
    responses: { 200: { description: 'The issuer.', schema: z.object({ ok, issuer: IssuerOut }) } },
    errors: ['ISSUER_FORBIDDEN', 'ISSUER_NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    return {
      status: 200,
      body: { ok: true, issuer: issuerOut(await findIssuer(services.tenants, caller.tenantId, params.id)) },
    };
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
    certFingerprint: certificate.fingerprint,
    certExpiry: certificate.notAfter.toISOString(),
  };
}
