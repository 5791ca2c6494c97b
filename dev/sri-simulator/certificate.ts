import { X509Certificate } from 'node:crypto';
import { type Der, inside, oidOf, readDer, TAG, textsIn } from './der.ts';
import { type Name, nameOfDer } from './distinguished-name.ts';

/** What SRI looks at in a signer's certificate. */
export interface Certificate {
  x509: X509Certificate;
  issuer: Name;
  serial: bigint;
  /** Absent when the certificate does not say what its key is for. */
  isForSignatures?: boolean;
  /** Texts of the subject and of the extensions, where authorities put the taxpayer's numbers. */
  texts: string[];
}

const KEY_USAGE = '2.5.29.15';
const CONTEXT_0 = 0xa0;
const CONTEXT_3 = 0xa3;

/** @throws when the bytes are no certificate */
export function readCertificate(der: Buffer): Certificate {
  const x509 = new X509Certificate(der);
  const [certificate] = readDer(der);
  const [body] = inside(certificate!);
  const fields = inside(body!).filter(({ tag }) => tag !== CONTEXT_0);
  const [, , issuer, , subject] = fields;
  const extensions = extensionsOf(fields.find(({ tag }) => tag === CONTEXT_3));
  const keyUsage = extensions.get(KEY_USAGE);
  return {
    x509,
    issuer: nameOfDer(issuer!),
    serial: BigInt(`0x${x509.serialNumber}`),
    // The first bit of the string is digitalSignature; the first byte counts unused bits (RFC 5280, 4.2.1.3).
    ...(keyUsage !== undefined && { isForSignatures: ((readDer(keyUsage)[0]?.content[1] ?? 0) & 0x80) !== 0 }),
    texts: [...textsIn(subject!.content), ...[...extensions.values()].flatMap(textsIn)],
  };
}

/** By object identifier, the bytes each extension wraps. */
function extensionsOf(field: Der | undefined): Map<string, Buffer> {
  const extensions = new Map<string, Buffer>();
  for (const list of field === undefined ? [] : inside(field)) {
    for (const extension of inside(list)) {
      const parts = inside(extension);
      const value = parts.find(({ tag }) => tag === TAG.OCTET_STRING);
      if (parts[0] !== undefined && value !== undefined) extensions.set(oidOf(parts[0]), value.content);
    }
  }
  return extensions;
}

/** Whether the certificate names a taxpayer; a natural person's may carry the cédula alone, whose RUC is it and 001. */
export function namesTaxpayer({ texts }: Certificate, ruc: string): boolean {
  const numbers = texts.flatMap((text) => text.match(/\d+/g) ?? []);
  if (numbers.some((number) => /^\d{10}001$/.test(number))) return numbers.includes(ruc);
  return numbers.includes(ruc.slice(0, 10));
}

/** Whether one of the authorities issued it. */
export function isIssuedBy({ x509 }: Certificate, authorities: readonly X509Certificate[]): boolean {
  return authorities.some((authority) => x509.checkIssued(authority) && x509.verify(authority.publicKey));
}

/** The certificates of PEM texts, each of which may hold several. */
export function certificatesOf(pems: readonly string[]): X509Certificate[] {
  return pems
    .flatMap((pem) => pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [])
    .map((pem) => new X509Certificate(pem));
}
