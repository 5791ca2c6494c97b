import { z } from 'zod';
import type { Language, Tenant } from '../../domain/store/entities/tenant.ts';
import { register } from '../../domain/tenants/register.ts';
import { verifyEmail } from '../../domain/tenants/verification.ts';
import { digits, email, instant, line, ok, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { IssuerOut, issuerOut } from './issuers.ts';

const TAG = 'Registration';

/** In a form a list is JSON in one field. */
const typeList = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON list, such as ["01"]' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string()).min(1).max(10))
  .transform((codes) => [...new Set(codes)]);

const RegisterIn = z
  .strictObject({
    email: email().meta({ description: 'Of the account; gets the verification mail.', example: 'tienda@example.com' }),
    ruc: digits(13).meta({ example: '1790012345001' }),
    businessName: line(300).meta({ description: 'Razón social.', example: 'Tienda Andina S.A.' }),
    tradeName: line(300).exactOptional(),
    mainAddress: line(300).exactOptional().meta({ description: 'Dirección matriz; the branch’s stands in for it.' }),
    branchAddress: line(300).exactOptional(),
    branchCode: digits(3).meta({ description: 'Establecimiento.', example: '001' }),
    issuePointCode: digits(3).meta({ description: 'Punto de emisión.', example: '001' }),
    specialTaxpayer: z
      .string()
      .regex(/^[A-Za-z0-9]{3,13}$/, 'must be 3 to 13 letters or digits')
      .exactOptional()
      .meta({ description: 'Resolution number as contribuyente especial.' }),
    withholdingAgent: z
      .string()
      .regex(/^[1-9]\d{0,7}$/, 'must be up to 8 digits without leading zeros')
      .exactOptional()
      .meta({ description: 'Resolution number as agente de retención.' }),
    rimpe: z.enum(['EMPRENDEDOR', 'NEGOCIO_POPULAR']).exactOptional(),
    largeTaxpayer: line(300).exactOptional().meta({ description: 'Resolution number as gran contribuyente.' }),
    emissionType: z.literal('1').meta({ description: '1, normal: SRI knows no other.' }),
    requiredAccounting: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .meta({ description: 'Obligado a llevar contabilidad.', example: 'true' }),
    documentTypes: typeList
      .default(['01'])
      .meta({ description: 'JSON list of SRI codes, in one field.', example: '["01"]' }),
    language: z.enum(['es', 'en']).default('es').meta({ description: 'Of mails and notifications.' }),
    verificationRedirectUrl: z
      .string()
      .max(2_000)
      .regex(/^[!-~]+$/, 'must be a URL')
      .exactOptional()
      .meta({
        description:
          'Page that the link in the mail leads to, with `?token=` added; https (in staging http too). Without it the link leads to `GET /v1/verify-email`.',
      }),
    certPassword: z
      .string()
      .max(1_000)
      .default('')
      .meta({ description: 'Password of the P12 file. It is used once and not kept.' }),
    environment: z.string().exactOptional().meta({ description: 'Ignored.', deprecated: true }),
    initialSequentials: z.string().exactOptional().meta({ description: 'Ignored.', deprecated: true }),
  })
  .meta({ id: 'RegisterIn' });

const TenantOut = z
  .object({
    id: uuid(),
    email: z.string(),
    subscriptionTier: z.enum(['FREE', 'STARTER', 'GROWTH', 'BUSINESS']),
    status: z.enum(['PENDING_VERIFICATION', 'ACTIVE', 'SUSPENDED']),
    documentQuota: z.int(),
    documentCount: z.int(),
    createdAt: instant(),
  })
  .meta({ id: 'Tenant' });

const registered = {
  ok,
  tenant: TenantOut,
  issuer: IssuerOut,
  apiKey: z.string().meta({ description: 'Shown once.', example: 'sk_test_…' }),
};

const VERIFIED: Record<Language, string> = {
  es: 'El correo electrónico está verificado. La cuenta está activa.',
  en: 'The e-mail address is verified. The account is active.',
};

export const registrationRoutes = [
  route({
    method: 'post',
    path: '/v1/register',
    operationId: 'register',
    tag: TAG,
    summary: 'Register a tenant',
    description: [
      'Makes an account on the FREE tier with its first issuer and a sandbox key, and mails a link that proves the address. Documents can be issued in the sandbox at once.',
      '',
      'With an e-mail that is registered already, only whoever sends the certificate it was registered with gets a new sandbox key (`200`, `recovered`); the initial one is revoked. Anybody else gets `409`.',
    ].join('\n'),
    auth: 'none',
    body: { form: RegisterIn, files: { cert: 'Signing certificate, P12, up to 256 kB.' } },
    responses: {
      201: { description: 'The new account.', schema: z.object(registered) },
      200: {
        description: 'The account was there; its sandbox key is new.',
        schema: z.object({ ...registered, recovered: ok }),
      },
    },
    errors: [
      'CERTIFICATE_INVALID',
      'CERTIFICATE_PASSWORD_INVALID',
      'CERTIFICATE_KEY_NOT_FOUND',
      'CERTIFICATE_EXPIRED',
      'ACCOUNT_SUSPENDED',
      'CONFLICT',
    ],
  })(async ({ services, body, files }) => {
    const { emissionType: _, environment: __, initialSequentials: ___, ...input } = body;
    const { recovered, mailId, ...made } = await register(services.tenants, { ...input, pkcs12: files['cert']!.bytes });
    // The mail waits in the outbox if Temporal is away.
    if (mailId !== undefined) {
      services.process
        .startMail(mailId, made.tenant.id)
        .catch((error) => services.warn('the verification mail could not be started yet', error));
    }
    const answer = { ok: true as const, tenant: tenantOut(made.tenant), issuer: issuerOut(made), apiKey: made.apiKey };
    return recovered ? { status: 200, body: { ...answer, recovered: true } } : { status: 201, body: answer };
  }),

  route({
    method: 'get',
    path: '/v1/verify-email',
    operationId: 'verifyEmail',
    tag: TAG,
    summary: 'Verify an e-mail address',
    description:
      'The link in the verification mail. Mail programs open links before people do, so the same token answers `200` again.',
    auth: 'none',
    query: z.strictObject({
      token: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
    }),
    responses: {
      200: { description: 'The account is active.', schema: z.object({ ok, email: z.string(), message: z.string() }) },
    },
    errors: ['INVALID_OR_EXPIRED_TOKEN', 'ACCOUNT_SUSPENDED'],
  })(async ({ services, query }) => {
    const { email: address, language } = await verifyEmail(services.tenants, query.token);
    return { status: 200, body: { ok: true, email: address, message: VERIFIED[language] } };
  }),
];

function tenantOut({
  id,
  email: address,
  tier,
  status,
  documentQuota,
  documentCount,
  createdAt,
}: Tenant): z.output<typeof TenantOut> {
  return {
    id,
    email: address,
    subscriptionTier: tier,
    status,
    documentQuota,
    documentCount,
    createdAt: createdAt.toISOString(),
  };
}
