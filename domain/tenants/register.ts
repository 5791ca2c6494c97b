import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { FieldProblem, IssuerSnapshot } from '../model/document.ts';
import { isRuc } from '../model/identification.ts';
import { Refusal } from '../refusal.ts';
import type { SigningCertificate } from '../signing/pkcs12.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import { ApiKey, type Language, Tenant } from '../store/entities/tenant.ts';
import { promiseSchedule } from '../certificates/schedule.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { assertIssuedTo, type CertificateFile, keepCertificate, openCertificate } from './issuer-certificate.ts';
import { documentTypeProblems, isSupportedType } from './issuer-types.ts';
import type { IssuerWithCertificate } from './issuers.ts';
import { writeKey } from './key-ring.ts';
import { keepLogo, logoProblems } from './logo.ts';
import { TIERS } from './tiers.ts';
import { redirectProblems, writeVerification } from './verification.ts';

export interface RegistrationInput extends Omit<IssuerSnapshot, 'mainAddress'>, CertificateFile {
  email: string;
  mainAddress?: string;
  /** SRI codes, such as `01`. */
  documentTypes: string[];
  language: Language;
  /** Where the link in the mail leads, with `?token=` added; else to this service. */
  verificationRedirectUrl?: string;
  /** A picture, for the printed form. */
  logo?: Buffer;
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
  const opened = await openCertificate(ctx, input);
  assertIssuedTo(opened, input.ruc);
  try {
    return await ctx.store.asSystem(async (em) => {
      // Whoever registers the same e-mail or taxpayer at this moment waits, and then finds what is committed here.
      await lock(em, `e-mail ${input.email}`);
      await lock(em, `ruc ${input.ruc}`);
      // The row's lock keeps a key from being made beside a promotion, which ends all sandbox keys.
      const tenant = await em.findOne(Tenant, { email: input.email }, { lockMode: LockMode.PESSIMISTIC_WRITE });
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
  problems.push(
    ...documentTypeProblems(input.documentTypes),
    ...redirectProblems(input.verificationRedirectUrl, ctx.appEnv),
    ...(input.logo === undefined ? [] : logoProblems(input.logo)),
  );
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The registration is not acceptable.', problems);
}

async function lock(em: EntityManager, name: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`registration ${name}`]);
}

async function create(
  ctx: TenantContext,
  em: EntityManager,
  input: RegistrationInput,
  opened: SigningCertificate,
): Promise<Registration> {
  if ((await em.count(Issuer, { ruc: input.ruc })) > 0) {
    throw new Refusal('CONFLICT', 'This RUC is registered under another e-mail.', [
      { field: 'ruc', message: 'is registered already', value: input.ruc },
    ]);
  }
  const { email, ruc, businessName, branchCode, issuePointCode, requiredAccounting, language } = input;
  const tenantId = v7();
  const tenant = em.create(Tenant, {
    id: tenantId,
    email,
    status: 'PENDING_VERIFICATION',
    tier: 'FREE',
    documentQuota: TIERS.FREE.documentQuota,
    language,
    verificationRedirectUrl: input.verificationRedirectUrl ?? null,
  });
  const certificate = await keepCertificate(ctx, em, tenantId, opened);
  const issuer = em.create(Issuer, {
    id: v7(),
    tenantId,
    certificateId: certificate.id,
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
    documentTypes: input.documentTypes.filter(isSupportedType),
    active: true,
  });
  const { apiKey } = writeKey(em, tenantId, 'sandbox', { label: INITIAL_KEY_LABEL });
  const mailId = writeVerification(ctx, em, tenant, businessName);
  writeTenantEvent(em, tenantId, 'CERTIFICATE_UPLOADED', { fingerprint: certificate.fingerprint });
  promiseSchedule(em, tenantId);
  if (input.logo !== undefined) {
    await em.flush();
    await keepLogo(em, issuer, input.logo);
  }
  return { tenant, issuer, certificate, apiKey, recovered: false, mailId };
}

async function recover(
  ctx: TenantContext,
  em: EntityManager,
  tenant: Tenant,
  input: RegistrationInput,
  opened: SigningCertificate,
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
  const { apiKey } = writeKey(em, tenantId, 'sandbox', { label: INITIAL_KEY_LABEL });
  return { tenant, issuer, certificate, apiKey, recovered: true };
}
