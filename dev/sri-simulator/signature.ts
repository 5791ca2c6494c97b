import { createHash, createPublicKey, type X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { type Certificate, isIssuedBy, namesTaxpayer, readCertificate } from './certificate.ts';
import { nameOfText } from './distinguished-name.ts';
import type { TaxDocument } from './document.ts';
import { type Message, messageOf } from './messages.ts';
import { elementAt, elementsOf, textAt } from './xml.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const ENVELOPED = `${DS}enveloped-signature`;
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties';
const SIGNATURE_METHODS = new Set([`${DS}rsa-sha1`, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256']);
const DIGESTS: Readonly<Record<string, string>> = {
  [`${DS}sha1`]: 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
};

/** How far a signer's clock may be ahead of this one. */
const CLOCK_MS = 60_000;

export interface SignatureFacts {
  /** When SRI took the document. */
  receivedAt: number;
  /** Certification authorities; without one, any certificate will do. */
  trusted: readonly X509Certificate[];
}

/** Why SRI does not authorize a document for its signature (XAdES-BES, ficha técnica 2.34); nothing when it is in order. */
export function signatureProblem(document: TaxDocument, facts: SignatureFacts): Message | undefined {
  const { root } = document;
  const signatures = root.getElementsByTagNameNS(DS, 'Signature');
  const [signature] = elementsOf(root, 'Signature');
  if (signature === undefined || signatures.length !== 1) return invalid('el comprobante debe llevar una firma');

  const [encoded] = elementsOf(elementAt(signature, 'KeyInfo/X509Data'), 'X509Certificate');
  if (encoded === undefined) return messageOf('40', 'La firma no lleva el certificado');
  let certificate: Certificate;
  try {
    certificate = readCertificate(Buffer.from(encoded.textContent ?? '', 'base64'));
  } catch {
    return messageOf('40', 'El certificado no se puede leer');
  }

  const problem =
    algorithmProblem(signature) ??
    referenceProblem(root, signature) ??
    keyValueProblem(signature, certificate) ??
    (verifies(document.text, signature, certificate)
      ? undefined
      : 'Firma inválida (firma y/o certificados alterados)') ??
    propertiesProblem(signature, certificate, facts.receivedAt) ??
    certificateProblem(certificate, document.ruc, facts.trusted);
  return problem === undefined ? undefined : invalid(problem);
}

function invalid(problem: string): Message {
  return messageOf('39', `La firma es invalida [${problem}]`);
}

function algorithmProblem(signature: Element): string | undefined {
  const info = elementAt(signature, 'SignedInfo');
  if (algorithmAt(info, 'CanonicalizationMethod') !== C14N) return 'método de canonicalización no admitido';
  if (!SIGNATURE_METHODS.has(algorithmAt(info, 'SignatureMethod'))) return 'algoritmo de firma no admitido';
  const digests = elementsOf(info, 'Reference').map((reference) => algorithmAt(reference, 'DigestMethod'));
  return digests.every((digest) => Object.hasOwn(DIGESTS, digest)) ? undefined : 'algoritmo de resumen no admitido';
}

/** Exactly three references: the whole document, the key, the signed properties. */
function referenceProblem(root: Element, signature: Element): string | undefined {
  const references = elementsOf(elementAt(signature, 'SignedInfo'), 'Reference');
  const properties = propertiesOf(signature);
  const targets: [what: string, target: Element | undefined, transforms: string, type: string | undefined][] = [
    ['el comprobante', root, ENVELOPED, undefined],
    ['KeyInfo', elementAt(signature, 'KeyInfo'), '', undefined],
    ['SignedProperties', properties, '', SIGNED_PROPERTIES],
  ];
  for (const [what, target, transforms, type] of targets) {
    const id = target?.getAttribute('Id') || target?.getAttribute('id');
    const reference = references.find((candidate) => id && candidate.getAttribute('URI') === `#${id}`);
    if (reference === undefined) return `la firma no cubre ${what}`;
    if (type !== undefined && reference.getAttribute('Type') !== type)
      return `la referencia a ${what} no lleva su tipo`;
    const applied = elementsOf(elementAt(reference, 'Transforms'), 'Transform').map((one) =>
      one.getAttribute('Algorithm'),
    );
    if (applied.join(' ') !== transforms) return `transformaciones no admitidas en la referencia a ${what}`;
  }
  return references.length === targets.length ? undefined : 'la firma lleva referencias de más';
}

/** A stated RSA key must be the certificate's; its numbers are big-endian without a byte for the sign. */
function keyValueProblem(signature: Element, { x509 }: Certificate): string | undefined {
  const value = elementAt(signature, 'KeyInfo/KeyValue/RSAKeyValue');
  if (value === undefined) return undefined;
  const { n, e } = x509.publicKey.export({ format: 'jwk' });
  const stated = (name: string) => Buffer.from(textAt(value, name), 'base64').toString('base64url');
  return stated('Modulus') === n && stated('Exponent') === e ? undefined : 'RSAKeyValue no es la clave del certificado';
}

function verifies(text: string, signature: Element, { x509 }: Certificate): boolean {
  // The key is the certificate's that was checked above, not what the library would find in the document.
  const signed = new SignedXml({ publicCert: createPublicKey(x509.toString()), getCertFromKeyInfo: () => null });
  try {
    signed.loadSignature(signature);
    return signed.checkSignature(text.replace(/^\uFEFF/, ''));
  } catch {
    return false;
  }
}

function propertiesProblem(signature: Element, certificate: Certificate, receivedAt: number): string | undefined {
  const properties = propertiesOf(signature);
  const target = elementAt(signature, 'Object/QualifyingProperties')?.getAttribute('Target');
  if (target !== `#${signature.getAttribute('Id')}`) return 'QualifyingProperties no apunta a la firma';

  const signedAt = signingTime(textAt(properties, 'SignedSignatureProperties/SigningTime'));
  if (signedAt === undefined) return 'SigningTime no es una fecha con zona horaria';
  if (signedAt > receivedAt + CLOCK_MS) return 'la fecha de la firma es posterior a la fecha actual';
  const { x509, issuer, serial } = certificate;
  // A date that cannot be read is NaN, and nothing is within it.
  if (!(signedAt >= x509.validFromDate.getTime() && signedAt <= x509.validToDate.getTime())) {
    return 'el certificado no estaba vigente al firmar';
  }

  const stated = elementAt(properties, 'SignedSignatureProperties/SigningCertificate/Cert');
  const digest = DIGESTS[algorithmAt(elementAt(stated, 'CertDigest'), 'DigestMethod')];
  if (digest === undefined) return 'SigningCertificate sin resumen admitido';
  const expected = createHash(digest).update(x509.raw).digest();
  if (!Buffer.from(textAt(stated, 'CertDigest/DigestValue'), 'base64').equals(expected)) {
    return 'SigningCertificate no es el certificado de la firma';
  }
  const name = nameOfText(textAt(stated, 'IssuerSerial/X509IssuerName'));
  if (name === undefined || name.join() !== issuer.join()) return 'X509IssuerName no es el emisor del certificado';
  if (textAt(stated, 'IssuerSerial/X509SerialNumber').trim() !== serial.toString()) {
    return 'X509SerialNumber no es el número del certificado';
  }

  const format = elementAt(properties, 'SignedDataObjectProperties/DataObjectFormat');
  const described = elementsOf(elementAt(signature, 'SignedInfo'), 'Reference').find(
    (reference) => `#${reference.getAttribute('Id')}` === format?.getAttribute('ObjectReference'),
  );
  return described === undefined ? 'DataObjectFormat no apunta a una referencia de la firma' : undefined;
}

function certificateProblem(
  certificate: Certificate,
  ruc: string,
  trusted: readonly X509Certificate[],
): string | undefined {
  if (certificate.isForSignatures === false) return 'El certificado utilizado, no es del tipo firma digital';
  if (trusted.length > 0 && !isIssuedBy(certificate, trusted)) return 'El certificado no es de una entidad autorizada';
  return namesTaxpayer(certificate, ruc) ? undefined : 'No existe el RUC en el certificado';
}

function propertiesOf(signature: Element): Element | undefined {
  return elementAt(signature, 'Object/QualifyingProperties/SignedProperties');
}

function algorithmAt(parent: Element | undefined, name: string): string {
  return elementAt(parent, name)?.getAttribute('Algorithm') ?? '';
}

/** Milliseconds since the epoch; an xs:dateTime with a time zone. */
function signingTime(text: string): number | undefined {
  const valid = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text.trim());
  const instant = valid ? Date.parse(text.trim()) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
