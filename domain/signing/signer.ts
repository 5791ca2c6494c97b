import { type KeyObject, X509Certificate, createPrivateKey, hash } from 'node:crypto';
import { CertificateError } from './certificate-error.ts';
import { type CertificateFacts, readCertificate } from './certificate-facts.ts';

/** The two that SRI has been seen to accept (sri.md §4). */
export type SignatureAlgorithm = 'sha1' | 'sha256';

/** A certificate made ready for signing many documents. */
export interface Signer {
  readonly key: KeyObject;
  readonly facts: CertificateFacts;
  /** The X.509 certificate in base64. */
  readonly certificate: string;
  /** Base64 of the certificate's digests. */
  readonly certificateDigest: Readonly<Record<SignatureAlgorithm, string>>;
  /** The public key's numbers in base64: big-endian, without a sign byte. */
  readonly modulus: string;
  readonly exponent: string;
}

/**
 * Parses a key and its certificate once, so that each signature costs little more than the RSA operation.
 * @param source PKCS#8 and X.509, both in DER
 * @throws CertificateError CERTIFICATE_INVALID; CERTIFICATE_KEY_NOT_FOUND when they do not belong together
 */
export function createSigner(source: { privateKeyDer: Buffer; certificateDer: Buffer }): Signer {
  const facts = readCertificate(source.certificateDer);
  const x509 = new X509Certificate(source.certificateDer);
  const key = createPrivateKey({ key: source.privateKeyDer, format: 'der', type: 'pkcs8' });
  if (!x509.checkPrivateKey(key)) {
    throw new CertificateError('CERTIFICATE_KEY_NOT_FOUND', 'The private key does not belong to the certificate.');
  }
  // RFC 7518 §6.3.1 has the numbers as XML Signature wants them, but for base64's two letters and its padding.
  const { n, e } = x509.publicKey.export({ format: 'jwk' });
  return {
    key,
    facts,
    certificate: x509.raw.toString('base64'),
    certificateDigest: { sha1: hash('sha1', x509.raw, 'base64'), sha256: hash('sha256', x509.raw, 'base64') },
    modulus: Buffer.from(n ?? '', 'base64url').toString('base64'),
    exponent: Buffer.from(e ?? '', 'base64url').toString('base64'),
  };
}
