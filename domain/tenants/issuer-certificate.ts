import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { openInThread } from '../certificates/certificate-thread.ts';
import { dismissCertificateNotifications } from '../certificates/dismiss.ts';
import { Refusal } from '../refusal.ts';
import { CertificateError } from '../signing/certificate-error.ts';
import { assertUsable, certificateMatchesRuc, rucOf } from '../signing/certificate-facts.ts';
import type { SigningCertificate } from '../signing/pkcs12.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import { signingKeyContext } from '../store/signing-key.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { workOnIssuer } from './issuers.ts';

/** A certificate as it is uploaded. */
export interface CertificateFile {
  /** The P12 file. */
  pkcs12: Uint8Array;
  /** Used once, never kept. */
  certPassword: string;
}

/**
 * Opens the file and looks whether its certificate is valid today; whose it is, is `assertIssuedTo`'s to say. Takes a
 * while: call it outside of transactions.
 * @throws Refusal CERTIFICATE_INVALID, CERTIFICATE_PASSWORD_INVALID, CERTIFICATE_KEY_NOT_FOUND, CERTIFICATE_EXPIRED
 */
export async function openCertificate(
  ctx: TenantContext,
  { pkcs12, certPassword }: CertificateFile,
): Promise<SigningCertificate> {
  try {
    const opened = await openInThread(pkcs12, certPassword);
    assertUsable(opened.facts, ctx.clock());
    return opened;
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const field = error.code === 'CERTIFICATE_PASSWORD_INVALID' ? 'certPassword' : 'cert';
    throw new Refusal(error.code, error.message, [{ field, message: error.message }]);
  }
}

/** @throws Refusal CERTIFICATE_INVALID when documents of this RUC may not be signed with it */
export function assertIssuedTo({ facts }: SigningCertificate, ruc: string): void {
  if (certificateMatchesRuc(facts, ruc)) return;
  const found = rucOf(facts);
  const whose = found === undefined ? 'names no RUC or cédula' : `was issued to RUC ${found}`;
  const message = `The certificate ${whose}; it must be of RUC ${ruc}.`;
  throw new Refusal('CERTIFICATE_INVALID', message, [{ field: 'cert', message }]);
}

/** Keeps the certificate with its key, sealed; one that the tenant has or had is kept once. */
export async function keepCertificate(
  ctx: TenantContext,
  em: EntityManager,
  tenantId: string,
  { facts, certificateDer, privateKeyDer }: SigningCertificate,
): Promise<Certificate> {
  const { fingerprint, subject, ruc = null, notBefore, notAfter } = facts;
  const kept = await em.findOne(Certificate, { tenantId, fingerprint });
  const id = kept?.id ?? v7();
  const sealedKey = kept?.sealedKey ?? ctx.sealer.seal(privateKeyDer, signingKeyContext(id));
  if (kept !== null) return em.assign(kept, { sealedKey });
  const certificate = Buffer.from(certificateDer);
  return em.create(Certificate, {
    id,
    tenantId,
    fingerprint,
    subject,
    ruc,
    notBefore,
    notAfter,
    certificate,
    sealedKey,
  });
}

/**
 * Gives an issuer another certificate of its RUC, at once: whatever is signed from now on is signed with it, documents
 * that are numbered already included. The key of a certificate that no issuer uses any longer is destroyed; a signature
 * that was just looking for it finds the new one when it tries again.
 * @throws Refusal ISSUER_FORBIDDEN, ISSUER_NOT_FOUND, and what `openCertificate` and `assertIssuedTo` throw
 */
export async function renewCertificate(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  file: CertificateFile,
): Promise<{ fingerprint: string; notAfter: Date }> {
  const opened = await openCertificate(ctx, file);
  return workOnIssuer(
    ctx,
    tenantId,
    issuerId,
    async (em, issuer) => {
      assertIssuedTo(opened, issuer.ruc);
      const replaced = issuer.certificateId;
      const { id, fingerprint, notAfter } = await keepCertificate(ctx, em, tenantId, opened);
      issuer.certificateId = id;
      await em.flush();
      if ((await em.count(Issuer, { tenantId, certificateId: replaced })) === 0)
        await em.nativeUpdate(Certificate, { id: replaced, tenantId }, { sealedKey: null });
      await dismissCertificateNotifications(em, issuerId);
      writeTenantEvent(em, tenantId, 'CERTIFICATE_RENEWED', { issuerId, fingerprint });
      return { fingerprint, notAfter };
    },
    { alone: true },
  );
}
