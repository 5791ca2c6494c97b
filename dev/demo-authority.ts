import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

interface IssueOptions {
  /** 13 digits: the taxpayer the certificate names. */
  ruc: string;
  commonName: string;
  /** Of the P12. */
  password: string;
  /** Default: an hour ago. */
  notBefore?: Date;
  /** Default: two years from now. */
  notAfter?: Date;
  /** PKCS#8 of the signer's RSA key, for tests that share one; default: a new key of 2048 bits. */
  privateKeyPem?: string;
}

export interface DemoAuthority {
  /** The authority's own certificate, PEM: what a verifier has to trust. */
  certificatePem: string;
  /** A P12 as one of Ecuador's authorities would sell it: the signer's certificate, its key and the authority. */
  issue(options: IssueOptions): Buffer;
  /** For keeping the authority between starts. */
  toJSON(): { certificatePem: string; privateKeyPem: string };
}

/** 32473 is the enterprise number kept for examples (RFC 5612), so that no real authority is imitated. */
const DEMO_RUC = '1.3.6.1.4.1.32473.3.11';
const DEMONSTRATION = 'DEMOSTRACIÓN, SIN VALIDEZ LEGAL';
/** A string type; the typings of node-forge expect a tag class in its place. */
const UTF8: number = forge.asn1.Type.UTF8;
const HOUR = 3_600_000;
const YEAR = 8766 * HOUR;

/**
 * A certification authority for the demo tenant and for tests, trusted by nobody else.
 * @param saved what `toJSON` gave, to go on with the same authority
 */
export function createDemoAuthority(saved?: { certificatePem: string; privateKeyPem: string }): DemoAuthority {
  const { certificatePem, privateKeyPem } = saved ?? newAuthority();
  const authority = forge.pki.certificateFromPem(certificatePem);
  const authorityKey = forge.pki.privateKeyFromPem(privateKeyPem);
  // node-forge reads a UTF8String as bytes, and would encode those again.
  const authorityName = authority.subject.attributes.map((attribute) =>
    attribute.valueTagClass === UTF8
      ? { ...attribute, value: forge.util.decodeUtf8(String(attribute.value)) }
      : attribute,
  );
  return {
    certificatePem,
    issue({ ruc, commonName, password, notBefore, notAfter, privateKeyPem: keyPem = newKeyPem() }) {
      const key = forge.pki.privateKeyFromPem(keyPem);
      const certificate = newCertificate(key, notAfter ?? inYears(2), notBefore);
      certificate.setSubject([...demonstrationName(), utf8('commonName', commonName)]);
      certificate.setIssuer(authorityName);
      certificate.setExtensions([
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true },
        { id: DEMO_RUC, value: utf8String(ruc) },
      ]);
      certificate.sign(authorityKey, forge.md.sha256.create());
      // 3DES, as the files that are sold here mostly have it.
      const p12 = forge.pkcs12.toPkcs12Asn1(key, [certificate, authority], password, {
        algorithm: '3des',
        friendlyName: 'demo',
      });
      return Buffer.from(forge.asn1.toDer(p12).getBytes(), 'latin1');
    },
    toJSON: () => ({ certificatePem, privateKeyPem }),
  };
}

function newAuthority(): { certificatePem: string; privateKeyPem: string } {
  const privateKeyPem = newKeyPem();
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const certificate = newCertificate(key, inYears(10));
  const name = [...demonstrationName(), utf8('commonName', 'Autoridad de demostración de Comprobante')];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(key, forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem };
}

function newCertificate(
  { n, e }: forge.pki.rsa.PrivateKey,
  notAfter: Date,
  notBefore = new Date(Date.now() - HOUR),
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(n, e);
  // A leading 01 keeps the number positive and of one length.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  return certificate;
}

function inYears(count: number): Date {
  return new Date(Date.now() + count * YEAR);
}

/** node:crypto makes a key in a tenth of node-forge's time. */
function newKeyPem(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function demonstrationName(): forge.pki.CertificateField[] {
  return [
    { name: 'countryName', value: 'EC' },
    utf8('organizationName', 'Comprobante'),
    utf8('organizationalUnitName', DEMONSTRATION),
  ];
}

function utf8(name: string, value: string): forge.pki.CertificateField {
  return { name, value, valueTagClass: UTF8 };
}

/** DER of an ASN.1 UTF8String, as an extension's value. */
function utf8String(text: string): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, UTF8, false, forge.util.encodeUtf8(text));
}
