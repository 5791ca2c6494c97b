import { X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { SigningCertificate } from './pkcs12.ts';
import { createSigner, type SignatureAlgorithm } from './signer.ts';
import { signDocument } from './xades.ts';

const DOCUMENT =
  '<factura id="comprobante" version="2.1.0"><infoTributaria><razonSocial>Peña &amp; Compañía</razonSocial></infoTributaria></factura>';
const SIGNATURE = /<ds:Signature [^]*<\/ds:Signature>/;
const REFERENCES = 3;

/**
 * Signs a small document as any other is signed, and has xml-crypto, which shares no code with it, verify that. False also
 * where the certificate is not valid at that time: such a signature is none.
 */
export function signatureVerifies(
  certificate: SigningCertificate,
  algorithm: SignatureAlgorithm,
  signingTime: Date,
): boolean {
  try {
    const xml = signDocument(createSigner(certificate), { xml: DOCUMENT, algorithm, signingTime }).toString();
    const publicCert = new X509Certificate(certificate.certificateDer).toString();
    const check = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
    check.loadSignature(SIGNATURE.exec(xml)![0]);
    return check.checkSignature(xml) && check.getSignedReferences().length === REFERENCES;
  } catch {
    return false;
  }
}
