import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { DocumentType, FieldProblem } from '../model/document.ts';
import { Refusal } from '../refusal.ts';
import { certificateMatchesRuc } from '../signing/certificate-facts.ts';
import type { SigningCertificate } from '../signing/pkcs12.ts';
import { Certificate, Issuer, Logo, Sequence } from '../store/entities/issuer.ts';
import type { Tenant } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { assertIssuedTo, type CertificateFile, keepCertificate, openCertificate } from './issuer-certificate.ts';
import { documentTypeProblems, isSupportedType } from './issuer-types.ts';
import type { IssuerWithCertificate } from './issuers.ts';
import { lockVerifiedTenant } from './locked-tenant.ts';
import { TIERS } from './tiers.ts';

export interface NewIssuer {
  branchCode: string;
  issuePointCode: string;
  branchAddress?: string;
  /** SRI codes, such as `01`. */
  documentTypes: string[];
  /** The first number of a type, in the tenant's environment; 1 where nothing is said. */
  initialSequentials: { documentType: string; sequential: number }[];
  /** Whose taxpayer's data and certificate it gets; the tenant's first issuer's when nothing is said. */
  sourceIssuerId?: string;
  /** A certificate of its own: it then says whose RUC this is, and `sourceIssuerId` is not looked at. */
  certificate?: CertificateFile;
  /** Who the taxpayer is, with a certificate of its own; else that of another issuer. */
  taxpayer?: Taxpayer;
}

/** What all issuers of a RUC have in common. */
export type Taxpayer = Pick<Issuer, 'ruc' | 'businessName' | 'requiredAccounting'> &
  Partial<
    Pick<
      Issuer,
      'tradeName' | 'mainAddress' | 'branchAddress' | 'specialTaxpayer' | 'withholdingAgent' | 'rimpe' | 'largeTaxpayer'
    >
  >;

/**
 * Adds a branch or an issue point: what the taxpayer is comes from another of the tenant's issuers, unless it is given.
 * @param also what else belongs to the transaction
 * @throws Refusal VALIDATION_FAILED, EMAIL_VERIFICATION_REQUIRED, SOURCE_ISSUER_NOT_FOUND, CONFLICT,
 * BRANCH_LIMIT_REACHED, ISSUE_POINT_LIMIT_REACHED, and what `openCertificate` and `assertIssuedTo` throw
 */
export async function createIssuer(
  ctx: TenantContext,
  tenantId: string,
  input: NewIssuer,
  also: (em: EntityManager, made: IssuerWithCertificate) => void = () => {},
): Promise<IssuerWithCertificate> {
  checkTypes(input);
  const own = input.certificate === undefined ? undefined : await openCertificate(ctx, input.certificate);
  const given = own === undefined ? undefined : input.taxpayer;
  if (own !== undefined && given !== undefined) assertIssuedTo(own, given.ruc);
  try {
    return await ctx.store.asTenant(tenantId, async (em) => {
      // Of those who create at one time, each counts what the one before has made.
      const tenant = await lockVerifiedTenant(em, tenantId);
      const issuers = await em.find(Issuer, { tenantId, active: true }, { orderBy: { id: 'asc' } });
      const source = given === undefined ? originOf(issuers, own, input.sourceIssuerId) : undefined;
      const taxpayer = given ?? source!;
      refuseDuplicate(issuers, taxpayer.ruc, input);
      refuseBeyondPlan(issuers, tenant, input);
      const certificate =
        own === undefined
          ? await em.findOneOrFail(Certificate, source!.certificateId, { fields: ['fingerprint', 'notAfter'] })
          : await keepCertificate(ctx, em, tenantId, own);
      const issuer = writeIssuer(em, tenant, taxpayer, certificate.id, input);
      if (source !== undefined) await copyLook(em, source, issuer);
      if (own !== undefined)
        writeTenantEvent(em, tenantId, 'CERTIFICATE_UPLOADED', {
          issuerId: issuer.id,
          fingerprint: certificate.fingerprint,
        });
      const made = { issuer, certificate };
      also(em, made);
      return made;
    });
  } catch (error) {
    // An inactive issuer has the codes, or another tenant the taxpayer.
    if (error instanceof UniqueConstraintViolationException) throw duplicate(input);
    throw error;
  }
}

function checkTypes({ documentTypes, initialSequentials }: NewIssuer): void {
  const seen = new Set<string>();
  const problems: FieldProblem[] = documentTypeProblems(documentTypes);
  initialSequentials.forEach(({ documentType: value }, index) => {
    const field = `initialSequentials[${index}].documentType`;
    if (!documentTypes.includes(value)) problems.push({ field, message: 'must be one of documentTypes', value });
    else if (seen.has(value)) problems.push({ field, message: 'must not be named twice', value });
    seen.add(value);
  });
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The issuer is not acceptable.', problems);
}

/** The issuer whose taxpayer the new one is of. */
function originOf(issuers: readonly Issuer[], own: SigningCertificate | undefined, id: string | undefined): Issuer {
  return own === undefined ? sourceOf(issuers, id) : taxpayerOf(issuers, own);
}

function sourceOf(issuers: readonly Issuer[], id: string | undefined): Issuer {
  const source = id === undefined ? issuers[0] : issuers.find((issuer) => issuer.id === id);
  if (source === undefined)
    throw new Refusal('SOURCE_ISSUER_NOT_FOUND', 'This account has no such active issuer to copy from.');
  return source;
}

/** The first issuer of the RUC that the certificate names. */
function taxpayerOf(issuers: readonly Issuer[], own: SigningCertificate): Issuer {
  const source = issuers.find(({ ruc }) => certificateMatchesRuc(own.facts, ruc)) ?? sourceOf(issuers, undefined);
  assertIssuedTo(own, source.ruc);
  return source;
}

function refuseDuplicate(issuers: readonly Issuer[], ruc: string, input: NewIssuer): void {
  const { branchCode, issuePointCode } = input;
  const taken = issuers.some(
    (issuer) => issuer.ruc === ruc && issuer.branchCode === branchCode && issuer.issuePointCode === issuePointCode,
  );
  if (taken) throw duplicate(input);
}

function duplicate({ branchCode, issuePointCode }: NewIssuer): Refusal {
  return new Refusal('CONFLICT', `The issue point ${branchCode}-${issuePointCode} is registered already.`);
}

function refuseBeyondPlan(issuers: readonly Issuer[], { tier }: Tenant, { branchCode }: NewIssuer): void {
  const { branches, issuePoints } = TIERS[tier];
  const inBranch = issuers.filter((issuer) => issuer.branchCode === branchCode).length;
  if (inBranch === 0 && new Set(issuers.map((issuer) => issuer.branchCode)).size >= branches) {
    throw new Refusal('BRANCH_LIMIT_REACHED', `The plan allows ${branches} ${branches === 1 ? 'branch' : 'branches'}.`);
  }
  if (inBranch >= issuePoints) {
    const points = `${issuePoints} issue ${issuePoints === 1 ? 'point' : 'points'}`;
    throw new Refusal('ISSUE_POINT_LIMIT_REACHED', `The plan allows ${points} in a branch.`);
  }
}

function writeIssuer(
  em: EntityManager,
  { id: tenantId, sandbox }: Tenant,
  taxpayer: Taxpayer,
  certificateId: string,
  input: NewIssuer,
): Issuer {
  const { ruc, businessName, tradeName, specialTaxpayer, requiredAccounting } = taxpayer;
  const { withholdingAgent, rimpe, largeTaxpayer } = taxpayer;
  const { branchCode, issuePointCode } = input;
  const issuerId = v7();
  const issuer = em.create(Issuer, {
    id: issuerId,
    tenantId,
    certificateId,
    ruc,
    businessName,
    tradeName: tradeName ?? null,
    // Of the taxpayer: where only a branch was given at registration, that stands in for it.
    mainAddress: taxpayer.mainAddress ?? taxpayer.branchAddress ?? null,
    branchAddress: input.branchAddress ?? null,
    branchCode,
    issuePointCode,
    specialTaxpayer: specialTaxpayer ?? null,
    requiredAccounting,
    withholdingAgent: withholdingAgent ?? null,
    rimpe: rimpe ?? null,
    largeTaxpayer: largeTaxpayer ?? null,
    documentTypes: input.documentTypes.filter(isSupportedType),
    active: true,
  });
  for (const { documentType, sequential } of input.initialSequentials) {
    em.create(Sequence, {
      issuerId,
      environment: sandbox ? 'sandbox' : 'production',
      documentType: documentType as DocumentType,
      tenantId,
      next: sequential,
    });
  }
  return issuer;
}

async function copyLook(em: EntityManager, source: Issuer, issuer: Issuer): Promise<void> {
  const { id: issuerId, tenantId } = issuer;
  issuer.color = source.color ?? null;
  const logo = await em.findOne(Logo, { issuerId: source.id });
  if (logo !== null) em.create(Logo, { issuerId, tenantId, mediaType: logo.mediaType, image: logo.image });
}
