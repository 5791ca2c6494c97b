import type { EntityManager } from '@mikro-orm/postgresql';
import type { DocumentType } from '../model/document.ts';
import { isoDateOf, taxDateOf } from '../model/tax-date.ts';
import { certificateMatchesRuc, readCertificate } from '../signing/certificate-facts.ts';
import { Document } from '../store/entities/document.ts';
import { Certificate, Issuer, Sequence } from '../store/entities/issuer.ts';
import { type Language, Tenant } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';

export type ReadinessCheckName = 'EMAIL_VERIFIED' | 'IN_SANDBOX' | 'CERTIFICATE' | 'TEST_DOCUMENT';

export interface ReadinessCheck {
  name: ReadinessCheckName;
  ok: boolean;
  /** Without it, promotion is refused; the others are advice. */
  required: boolean;
  /** One sentence for people. */
  message: string;
  issuerId?: string;
  documentType?: DocumentType;
}

/** The number that the first production document of an issuer's type gets, if promotion is asked for no other. */
export interface ReadinessCounter {
  issuerId: string;
  documentType: DocumentType;
  next: number;
}

export interface Readiness {
  checks: ReadinessCheck[];
  counters: ReadinessCounter[];
}

/** Whether an account is ready for production, and why not. */
export async function promotionReadiness(
  { store, clock }: Pick<TenantContext, 'store' | 'clock'>,
  tenantId: string,
  language: Language,
): Promise<Readiness> {
  const text = TEXTS[language];
  return store.asTenant(tenantId, async (em) => {
    const { status, sandbox } = await em.findOneOrFail(Tenant, tenantId);
    const issuers = await em.find(Issuer, { tenantId, active: true }, { orderBy: { id: 'asc' } });
    const verified = status !== 'PENDING_VERIFICATION';
    return {
      checks: [
        { name: 'EMAIL_VERIFIED', ok: verified, required: true, message: text.email(verified) },
        { name: 'IN_SANDBOX', ok: sandbox, required: true, message: text.sandbox(sandbox) },
        ...(await certificateChecks(em, issuers, clock(), text)),
        ...(await testDocumentChecks(em, issuers, text)),
      ],
      counters: await productionCounters(em, issuers),
    };
  });
}

async function certificateChecks(
  em: EntityManager,
  issuers: readonly Issuer[],
  now: Date,
  text: Texts,
): Promise<ReadinessCheck[]> {
  const ids = [...new Set(issuers.map(({ certificateId }) => certificateId))];
  const fields = ['notBefore', 'notAfter', 'certificate'] as const;
  const rows = await em.find(Certificate, { id: { $in: ids } }, { fields });
  const certificates = new Map(rows.map((row) => [row.id, row]));
  return issuers.map((issuer) => {
    const { notBefore, notAfter, certificate } = certificates.get(issuer.certificateId)!;
    const matches = certificateMatchesRuc(readCertificate(certificate), issuer.ruc);
    const valid = notBefore <= now && now <= notAfter;
    const whose = `${pointOf(issuer)}, RUC ${issuer.ruc}`;
    const message = !matches
      ? text.otherTaxpayer(whose)
      : valid
        ? text.certificate(whose, notAfter)
        : text.invalidNow(whose, notBefore, notAfter);
    return { name: 'CERTIFICATE', ok: matches && valid, required: false, message, issuerId: issuer.id };
  });
}

async function testDocumentChecks(
  em: EntityManager,
  issuers: readonly Issuer[],
  text: Texts,
): Promise<ReadinessCheck[]> {
  const checks: ReadinessCheck[] = [];
  for (const issuer of issuers) {
    for (const documentType of issuer.documentTypes) {
      const authorized = { issuerId: issuer.id, environment: 'sandbox', documentType, status: 'AUTHORIZED' } as const;
      const ok = (await em.findOne(Document, authorized, { fields: ['id'] })) !== null;
      const message = text.testDocument(ok, documentType, pointOf(issuer));
      checks.push({ name: 'TEST_DOCUMENT', ok, required: false, message, issuerId: issuer.id, documentType });
    }
  }
  return checks;
}

async function productionCounters(em: EntityManager, issuers: readonly Issuer[]): Promise<ReadinessCounter[]> {
  const issuerIds = issuers.map(({ id }) => id);
  const rows = await em.find(Sequence, { issuerId: { $in: issuerIds }, environment: 'production' });
  return issuers.flatMap(({ id: issuerId, documentTypes }) =>
    documentTypes.map((documentType) => ({
      issuerId,
      documentType,
      next: rows.find((row) => row.issuerId === issuerId && row.documentType === documentType)?.next ?? 1,
    })),
  );
}

function pointOf({ branchCode, issuePointCode }: Issuer): string {
  return `${branchCode}-${issuePointCode}`;
}

interface Texts {
  email: (ok: boolean) => string;
  sandbox: (ok: boolean) => string;
  certificate: (whose: string, notAfter: Date) => string;
  invalidNow: (whose: string, notBefore: Date, notAfter: Date) => string;
  otherTaxpayer: (whose: string) => string;
  testDocument: (ok: boolean, type: string, point: string) => string;
}

const isoDate = (instant: Date) => isoDateOf(taxDateOf(instant));

const TEXTS: Record<Language, Texts> = {
  es: {
    email: (ok) =>
      ok ? 'El correo está verificado.' : 'El correo no está verificado: abra el enlace que se le envió, o pida otro.',
    sandbox: (ok) =>
      ok ? 'La cuenta está en pruebas y puede pasar a producción.' : 'La cuenta ya está en producción.',
    certificate: (whose, notAfter) => `El certificado de ${whose}, vale hasta el ${taxDateOf(notAfter)}.`,
    invalidNow: (whose, notBefore, notAfter) =>
      `El certificado de ${whose}, vale del ${taxDateOf(notBefore)} al ${taxDateOf(notAfter)}: hoy no. Suba otro.`,
    otherTaxpayer: (whose) => `El certificado de ${whose}, es de otro contribuyente: suba uno de este RUC.`,
    testDocument: (ok, type, point) =>
      ok
        ? `El SRI autorizó un documento de prueba de tipo ${type} de ${point}.`
        : `El SRI no ha autorizado aún ningún documento de prueba de tipo ${type} de ${point}: emita uno.`,
  },
  en: {
    email: (ok) =>
      ok ? 'The e-mail address is verified.' : 'The e-mail address is not verified: open the link, or ask for another.',
    sandbox: (ok) =>
      ok ? 'The account is in the sandbox and can be promoted.' : 'The account is in production already.',
    certificate: (whose, notAfter) => `The certificate of ${whose}, is valid until ${isoDate(notAfter)}.`,
    invalidNow: (whose, notBefore, notAfter) =>
      `The certificate of ${whose}, is valid from ${isoDate(notBefore)} to ${isoDate(notAfter)}, not today: upload another.`,
    otherTaxpayer: (whose) => `The certificate of ${whose}, is another taxpayer's: upload one of this RUC.`,
    testDocument: (ok, type, point) =>
      ok
        ? `SRI has authorized a test document of type ${type} of ${point}.`
        : `SRI has not authorized any test document of type ${type} of ${point} yet: issue one.`,
  },
};
