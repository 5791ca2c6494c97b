import { z } from 'zod';
import type { Language, Tenant } from '../../domain/store/entities/tenant.ts';
import { Refusal } from '../../domain/refusal.ts';
import { register } from '../../domain/tenants/register.ts';
import { addressOfToken, resendVerification, verifyEmail } from '../../domain/tenants/verification.ts';
import { certPassword, digits, email, jsonText, line, logoFile, ok, p12File } from '../fields.ts';
import { type Call, route, type Services } from '../route.ts';
import { alignCertificateSchedule } from '../tenant-process.ts';
import { CERTIFICATE_CODES, IssuerOut, issuerOut } from './issuers.ts';
import { TenantOut, tenantOut } from './tenants.ts';

const TAG = 'Registration';

const typeList = jsonText(z.array(z.string()).min(1).max(10), '["01"]').transform((codes) => [...new Set(codes)]);

const redirectUrl = z
  .string()
  .max(2_000)
  .regex(/^[!-~]+$/, 'must be a URL')
  .exactOptional()
  .meta({
    description:
      'Page that the link in the mail leads to, with `?token=` added; https (in staging http too). Without it the link leads to `GET /v1/verify-email`.',
    example: 'https://shop.example.com/welcome',
  });

export const RegisterIn = z
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
    verificationRedirectUrl: redirectUrl,
    certPassword,
    environment: z.string().exactOptional().meta({ description: 'Ignored.', deprecated: true }),
    initialSequentials: z.string().exactOptional().meta({ description: 'Ignored.', deprecated: true }),
  })
  .meta({ id: 'RegisterIn' });

const ResendIn = z
  .strictObject({ email: email().meta({ example: 'tienda@example.com' }), verificationRedirectUrl: redirectUrl })
  .meta({ id: 'ResendVerificationIn' });

const TOKEN = '5f0c81f7a3d94e26b8c07d1e9a6f3b42c5d8e0f1a2b3c4d5e6f708192a3b4c5d';

const token = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
  .meta({ description: 'From the link in the mail.', example: TOKEN });

const TokenIn = z.strictObject({ token }).meta({ id: 'VerificationTokenIn' });

const VerifiedOut = z.object({ ok, email: z.string(), message: z.string() }).meta({ id: 'Verified' });

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

/** In both languages: the account's own would tell that there is one. */
const RESENT =
  'Si el correo espera su verificación, un mensaje está en camino. / If the address waits for its verification, a mail is on its way.';

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
    idempotent: true,
    limit: 'registration',
    body: {
      form: RegisterIn,
      example: {
        email: 'tienda@example.com',
        ruc: '1790012345001',
        businessName: 'Tienda Andina S.A.',
        branchCode: '001',
        issuePointCode: '001',
        emissionType: '1',
        requiredAccounting: 'true',
      },
      files: { cert: p12File, logo: { ...logoFile, optional: true } },
    },
    responses: {
      201: { description: 'The new account.', schema: z.object(registered) },
      200: {
        description: 'The account was there; its sandbox key is new.',
        schema: z.object({ ...registered, recovered: ok }),
      },
    },
    errors: [...CERTIFICATE_CODES, 'ACCOUNT_SUSPENDED', 'CONFLICT'],
  })(async ({ services, body, files }) => {
    const { emissionType: _, environment: __, initialSequentials: ___, ...input } = body;
    const { recovered, mailId, ...made } = await register(services.tenants, {
      ...input,
      pkcs12: files['cert']!.bytes,
      ...(files['logo'] === undefined ? {} : { logo: files['logo'].bytes }),
    });
    const { id: tenantId } = made.tenant;
    if (mailId !== undefined) {
      startMail(services, mailId, tenantId);
      alignCertificateSchedule(services, tenantId);
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
    limit: 'guesses',
    query: TokenIn,
    responses: { 200: { description: 'The account is active.', schema: VerifiedOut } },
    errors: ['INVALID_OR_EXPIRED_TOKEN', 'ACCOUNT_SUSPENDED'],
  })(async (call) => {
    return { status: 200, body: verifiedOut(await verify(call, call.query.token)) };
  }),

  route({
    method: 'get',
    path: '/v1/verify-email/check',
    operationId: 'checkVerificationToken',
    tag: TAG,
    summary: 'Look whether a token would verify',
    description:
      'For the page that the link in the mail leads to, before it asks. Changes nothing, however often it is opened.',
    auth: 'none',
    limit: 'guesses',
    query: TokenIn,
    responses: {
      200: {
        description: 'Whether it would.',
        schema: z.object({
          ok,
          valid: z.boolean(),
          email: z.string().nullable().meta({ description: 'Whose it is; null when it is not valid.' }),
        }),
      },
    },
    errors: [],
  })(async ({ services, query, countGuess }) => {
    const address = await addressOfToken(services.tenants, query.token);
    if (address === undefined) await countGuess(query.token);
    return { status: 200, body: { ok: true, valid: address !== undefined, email: address ?? null } };
  }),

  route({
    method: 'post',
    path: '/v1/verify-email',
    operationId: 'consumeVerificationToken',
    tag: TAG,
    summary: 'Verify an e-mail address, on purpose',
    description:
      'For a page of your own (`verificationRedirectUrl`): no mail program does this by itself. A token does it once; `GET` goes on answering `200` for it.',
    auth: 'none',
    limit: 'guesses',
    body: { json: TokenIn, example: { token: TOKEN } },
    responses: { 200: { description: 'The account is active.', schema: VerifiedOut } },
    errors: ['INVALID_OR_EXPIRED_TOKEN', 'ACCOUNT_SUSPENDED'],
  })(async (call) => {
    return { status: 200, body: verifiedOut(await verify(call, call.body.token, { once: true })) };
  }),

  route({
    method: 'post',
    path: '/v1/resend-verification',
    operationId: 'resendVerification',
    tag: TAG,
    summary: 'Ask for another verification mail',
    description:
      'Earlier links end. An address that nobody has registered is answered the same. An account may ask once a minute; a redirect URL that is given replaces the one from registration.',
    auth: 'none',
    limit: 'registration',
    body: { json: ResendIn, example: { email: 'tienda@example.com' } },
    responses: {
      200: {
        description: 'If the address waits for its verification, a mail is on its way.',
        schema: z.object({ ok, message: z.string() }),
      },
    },
    errors: ['ACCOUNT_SUSPENDED', 'ALREADY_VERIFIED', 'RESEND_COOLDOWN'],
  })(async ({ services, body }) => {
    const resent = await resendVerification(services.tenants, body);
    if (resent !== undefined) startMail(services, resent.mailId, resent.tenantId);
    return { status: 200, body: { ok: true, message: RESENT } };
  }),
];

/** The mail waits in the outbox if Temporal is away. */
function startMail(services: Services, mailId: string, tenantId: string): void {
  services.process
    .startMail(mailId, tenantId)
    .catch((error) => services.warn('the verification mail could not be started yet', error));
}

/** A token that is none may be a guess. */
async function verify(
  { services, countGuess }: Pick<Call, 'services' | 'countGuess'>,
  given: string,
  options?: { once: boolean },
): Promise<Tenant> {
  try {
    return await verifyEmail(services.tenants, given, options);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'INVALID_OR_EXPIRED_TOKEN') await countGuess(given);
    throw error;
  }
}

function verifiedOut({ email: address, language }: Tenant): z.output<typeof VerifiedOut> {
  return { ok: true, email: address, message: VERIFIED[language] };
}
