import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { documentTypes } from '../format/document-types.ts';
import type { DocumentType, FieldProblem, IssuerSnapshot } from '../model/document.ts';
import { isRuc } from '../model/identification.ts';
import { Refusal } from '../refusal.ts';
import { CertificateError } from '../signing/certificate-error.ts';
import { assertUsable, certificateMatchesRuc } from '../signing/certificate-facts.ts';
import { openPkcs12 } from '../signing/pkcs12.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import { ApiKey, type Language, Tenant } from '../store/entities/tenant.ts';
import { signingKeyContext } from '../store/signing-key.ts';
import { newApiKey } from './api-keys.ts';
import type { TenantContext } from './context.ts';
import type { IssuerWithCertificate } from './issuers.ts';
import { TIERS } from './tiers.ts';
import { writeVerification } from './verification.ts';

export interface RegistrationInput extends Omit<IssuerSnapshot, 'mainAddress'> {
  email: string;
  mainAddress?: string;
  /** SRI codes, such as `01`. */
  documentTypes: string[];
  language: Language;
  /** Where the link in the mail leads, with `?token=` added; else to this service. */
  verificationRedirectUrl?: string;
  /** The P12 file. */
  pkcs12: Uint8Array;
  certPassword: string;
}

export interface Registration extends IssuerWithCertificate {
  tenant: Tenant;
  /** Shown once. */
  apiKey: string;
  /** The e-mail was known: only its sandbox key is new. */
  recovered: boolean;
  /** The verification mail, which waits to be sent. */
  mailId?: string;
}

type OpenedCertificate = ReturnType<typeof openPkcs12>;

const INITIAL_KEY_LABEL = 'Initial sandbox key';

/**
 * Makes an account with its certificate, first issuer and sandbox key, and the mail that proves its address.
 *
 * A known e-mail address proves nothing by itself: only whoever holds the certificate that it was registered with gets
 * a new sandbox key in place of the old one.
 *
 * @throws Refusal VALIDATION_FAILED, CERTIFICATE_INVALID, CERTIFICATE_PASSWORD_INVALID, CERTIFICATE_KEY_NOT_FOUND,
 * CERTIFICATE_EXPIRED, ACCOUNT_SUSPENDED, CONFLICT
 */
export async function register(ctx: TenantContext, given: RegistrationInput): Promise<Registration> {
  const input = { ...given, email: given.email.toLowerCase() };
  checkInput(ctx, input);
  const opened = openCertificate(ctx, input);
  try {
    return await ctx.store.asSystem(async (em) => {
      // Whoever registers the same e-mail or taxpayer at this moment waits, and then finds what is committed here.
      await lock(em, `e-mail ${input.email}`);
      await lock(em, `ruc ${input.ruc}`);
      const tenant = await em.findOne(Tenant, { email: input.email });
      return tenant === null ? await create(ctx, em, input, opened) : await recover(ctx, em, tenant, input, opened);
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw new Refusal('CONFLICT', 'This e-mail or this issue point is registered already.');
    throw error;
  }
}

function checkInput(ctx: TenantContext, input: RegistrationInput): void {
  const problems: FieldProblem[] = [];
  if (!isRuc(input.ruc)) {
    problems.push({
      field: 'ruc',
      message: 'must be a RUC: 13 digits that end in 001; a natural person’s begins with a valid cédula',
      value: input.ruc,
    });
  }
  input.documentTypes.forEach((code, index) => {
    if (isSupported(code)) return;
    const known = documentTypes.map((row) => row.code).join(', ');
    problems.push({
      field: `documentTypes[${index}]`,
      message: `is not issued here; these are: ${known}`,
      value: code,
    });
  });
  const { verificationRedirectUrl: redirect } = input;
  if (redirect !== undefined && !mayRedirectTo(redirect, ctx.appEnv)) {
    const message = ctx.appEnv === 'production' ? 'must be an https:// URL' : 'must be an https:// or http:// URL';
    problems.push({ field: 'verificationRedirectUrl', message, value: redirect });
  }
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The registration is not acceptable.', problems);
}

function isSupported(code: string): code is DocumentType {
  return documentTypes.some((row) => row.code === code);
}

function mayRedirectTo(text: string, appEnv: TenantContext['appEnv']): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && appEnv === 'staging')) && username === '' && password === ''
  );
}

function openCertificate(ctx: TenantContext, { pkcs12, certPassword, ruc }: RegistrationInput): OpenedCertificate {
  try {
    const opened = openPkcs12(pkcs12, certPassword);
    assertUsable(opened.facts, ctx.clock());
    if (!certificateMatchesRuc(opened.facts, ruc)) {
      throw new CertificateError('CERTIFICATE_INVALID', 'The certificate was not issued to this RUC.');
    }
    return opened;
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const field = error.code === 'CERTIFICATE_PASSWORD_INVALID' ? 'certPassword' : 'cert';
    throw new Refusal(error.code, error.message, [{ field, message: error.message }]);
  }
}

async function lock(em: EntityManager, name: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`registration ${name}`]);
}

async function create(
  ctx: TenantContext,
  em: EntityManager,
  input: RegistrationInput,
  opened: OpenedCertificate,
): Promise<Registration> {
  if ((await em.count(Issuer, { ruc: input.ruc })) > 0) {
    throw new Refusal('CONFLICT', 'This RUC is registered under another e-mail.', [
      { field: 'ruc', message: 'is registered already', value: input.ruc },
    ]);
  }
  const { facts, certificateDer, privateKeyDer } = opened;
  const { email, ruc, businessName, branchCode, issuePointCode, requiredAccounting, language } = input;
  const tenantId = v7();
  const certificateId = v7();
  const tenant = em.create(Tenant, {
    id: tenantId,
    email,
    status: 'PENDING_VERIFICATION',
    tier: 'FREE',
    documentQuota: TIERS.FREE.documentQuota,
    language,
    verificationRedirectUrl: input.verificationRedirectUrl ?? null,
  });
  const certificate = em.create(Certificate, {
    id: certificateId,
    tenantId,
    fingerprint: facts.fingerprint,
    subject: facts.subject,
    ruc: facts.ruc ?? null,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    certificate: Buffer.from(certificateDer),
    sealedKey: ctx.sealer.seal(privateKeyDer, signingKeyContext(certificateId)),
  });
  const issuer = em.create(Issuer, {
    tenantId,
    certificateId,
    ruc,
    businessName,
    tradeName: input.tradeName ?? null,
    mainAddress: input.mainAddress ?? null,
    branchAddress: input.branchAddress ?? null,
    branchCode,
    issuePointCode,
    specialTaxpayer: input.specialTaxpayer ?? null,
    requiredAccounting,
    withholdingAgent: input.withholdingAgent ?? null,
    rimpe: input.rimpe ?? null,
    largeTaxpayer: input.largeTaxpayer ?? null,
    documentTypes: input.documentTypes.filter(isSupported),
    active: true,
  });
  const apiKey = writeSandboxKey(em, tenantId);
  const mailId = writeVerification(ctx, em, tenant, businessName);
  return { tenant, issuer, certificate, apiKey, recovered: false, mailId };
}

async function recover(
  ctx: TenantContext,
  em: EntityManager,
  tenant: Tenant,
  input: RegistrationInput,
  opened: OpenedCertificate,
): Promise<Registration> {
  const tenantId = tenant.id;
  if (tenant.status === 'SUSPENDED') throw new Refusal('ACCOUNT_SUSPENDED', 'The account of this e-mail is suspended.');
  const { fingerprint } = opened.facts;
  const certificate = await em.findOne(Certificate, { tenantId, fingerprint }, { fields: ['fingerprint', 'notAfter'] });
  const issuers = await em.find(Issuer, { tenantId, ruc: input.ruc, active: true }, { orderBy: { id: 'asc' } });
  const issuer =
    issuers.find(
      ({ branchCode, issuePointCode }) => branchCode === input.branchCode && issuePointCode === input.issuePointCode,
    ) ?? issuers[0];
  // A promoted tenant's keys are production keys, which no registration gives away.
  if (certificate === null || issuer === undefined || !tenant.sandbox) {
    throw new Refusal('CONFLICT', 'This e-mail is registered already.', [
      { field: 'email', message: 'is registered already', value: input.email },
    ]);
  }
  await em.nativeUpdate(
    ApiKey,
    { tenantId, environment: 'sandbox', label: INITIAL_KEY_LABEL, revokedAt: null },
    { revokedAt: ctx.clock() },
  );
  return { tenant, issuer, certificate, apiKey: writeSandboxKey(em, tenantId), recovered: true };
}

function writeSandboxKey(em: EntityManager, tenantId: string): string {
  const { apiKey, hash, hint } = newApiKey('sandbox');
  em.create(ApiKey, { tenantId, hash, hint, label: INITIAL_KEY_LABEL, environment: 'sandbox' });
  return apiKey;
}
