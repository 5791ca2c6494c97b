import { hash, sign } from 'node:crypto';
import { guayaquilTime } from '../model/tax-date.ts';
import { assertUsable } from './certificate-facts.ts';
import type { SignatureAlgorithm, Signer } from './signer.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const ETSI = 'http://uri.etsi.org/01903/v1.3.2#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** Declared on ds:Signature, hence inherited by every element that is hashed: inclusive C14N writes them out there. */
const NAMESPACES = `xmlns:ds="${DS}" xmlns:etsi="${ETSI}"`;

const ALGORITHMS: Readonly<Record<SignatureAlgorithm, { digest: string; signature: string }>> = {
  sha1: { digest: `${DS}sha1`, signature: `${DS}rsa-sha1` },
  sha256: {
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
    signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  },
};

/** The document's digest and the time tell signatures apart; fixed names are as unique within a document as random ones. */
const DOCUMENT_REFERENCE = 'Reference-comprobante';

/**
 * Signs a document as the ficha técnica has it (2.34, Anexo 14; sri.md §4): XAdES-BES 1.3.2, enveloped, with references
 * to the signed properties, the key and the document. The same input gives the same bytes.
 * @param document.xml the root element with `id="comprobante"`, in the form that inclusive C14N gives it, so that its
 *   bytes can be hashed as they stand; no XML declaration, no namespaces, not signed yet
 * @returns the file to send, UTF-8 with an XML declaration
 * @throws CertificateError CERTIFICATE_EXPIRED when the certificate is not valid at `signingTime`
 */
export function signDocument(
  signer: Signer,
  document: { xml: string; algorithm: SignatureAlgorithm; signingTime: Date },
): Buffer {
  const { xml, algorithm, signingTime } = document;
  const end = endOfContent(xml);
  assertUsable(signer.facts, signingTime);
  const keyInfo = keyInfoContent(signer);
  const properties = signedPropertiesContent(signer, algorithm, signingTime);
  const references = [
    reference(
      algorithm,
      'Id="Reference-SignedProperties" Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties"',
      `<etsi:SignedProperties ${NAMESPACES} Id="SignedProperties">${properties}</etsi:SignedProperties>`,
    ),
    reference(
      algorithm,
      'Id="Reference-KeyInfo" URI="#Certificate"',
      `<ds:KeyInfo ${NAMESPACES} Id="Certificate">${keyInfo}</ds:KeyInfo>`,
    ),
    reference(
      algorithm,
      `Id="${DOCUMENT_REFERENCE}" URI="#comprobante"`,
      xml,
      `<ds:Transforms><ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform></ds:Transforms>`,
    ),
  ];
  const signedInfo =
    `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${ALGORITHMS[algorithm].signature}"></ds:SignatureMethod>${references.join('')}`;
  const canonical = `<ds:SignedInfo ${NAMESPACES} Id="SignedInfo">${signedInfo}</ds:SignedInfo>`;
  const value = sign(algorithm, Buffer.from(canonical), signer.key).toString('base64');
  const signature =
    `<ds:Signature ${NAMESPACES} Id="Signature"><ds:SignedInfo Id="SignedInfo">${signedInfo}</ds:SignedInfo>` +
    `<ds:SignatureValue Id="SignatureValue">${value}</ds:SignatureValue>` +
    `<ds:KeyInfo Id="Certificate">${keyInfo}</ds:KeyInfo>` +
    '<ds:Object Id="Object"><etsi:QualifyingProperties Id="QualifyingProperties" Target="#Signature">' +
    `<etsi:SignedProperties Id="SignedProperties">${properties}</etsi:SignedProperties>` +
    '</etsi:QualifyingProperties></ds:Object></ds:Signature>';
  return Buffer.from(DECLARATION + xml.slice(0, end) + signature + xml.slice(end));
}

/** Where the root's closing tag begins; refuses what our own writer never writes and C14N would change. */
function endOfContent(xml: string): number {
  const [tag, name] = /^<([A-Za-z][\w.-]*)(?: (?!xmlns)[A-Za-z][\w.-]*="[^"<]*")*>/.exec(xml) ?? [];
  if (
    tag === undefined ||
    !tag.includes(' id="comprobante"') ||
    !xml.endsWith(`</${name}>`) ||
    /<[!?]|<ds:|\r/.test(xml) ||
    !xml.isWellFormed()
  ) {
    throw new Error('only one root element with id="comprobante", in canonical form and not signed yet, can be signed');
  }
  return xml.length - `</${name}>`.length;
}

function reference(algorithm: SignatureAlgorithm, attributes: string, canonical: string, transforms = ''): string {
  return (
    `<ds:Reference ${attributes}>${transforms}${digestMethod(algorithm)}` +
    `<ds:DigestValue>${hash(algorithm, canonical, 'base64')}</ds:DigestValue></ds:Reference>`
  );
}

function keyInfoContent({ certificate, modulus, exponent }: Signer): string {
  return (
    `<ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data>` +
    `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${modulus}</ds:Modulus><ds:Exponent>${exponent}</ds:Exponent>` +
    '</ds:RSAKeyValue></ds:KeyValue>'
  );
}

function signedPropertiesContent(signer: Signer, algorithm: SignatureAlgorithm, signingTime: Date): string {
  // The time is cut to the second, so never later than the clock: SRI refuses the future (error 39).
  return (
    `<etsi:SignedSignatureProperties><etsi:SigningTime>${guayaquilTime(signingTime)}</etsi:SigningTime>` +
    `<etsi:SigningCertificate><etsi:Cert><etsi:CertDigest>${digestMethod(algorithm)}` +
    `<ds:DigestValue>${signer.certificateDigest[algorithm]}</ds:DigestValue></etsi:CertDigest><etsi:IssuerSerial>` +
    `<ds:X509IssuerName>${canonicalText(signer.facts.issuerName)}</ds:X509IssuerName>` +
    `<ds:X509SerialNumber>${signer.facts.serial}</ds:X509SerialNumber></etsi:IssuerSerial></etsi:Cert>` +
    '</etsi:SigningCertificate></etsi:SignedSignatureProperties><etsi:SignedDataObjectProperties>' +
    `<etsi:DataObjectFormat ObjectReference="#${DOCUMENT_REFERENCE}">` +
    '<etsi:Description>contenido comprobante</etsi:Description><etsi:MimeType>text/xml</etsi:MimeType>' +
    '</etsi:DataObjectFormat></etsi:SignedDataObjectProperties>'
  );
}

function digestMethod(algorithm: SignatureAlgorithm): string {
  return `<ds:DigestMethod Algorithm="${ALGORITHMS[algorithm].digest}"></ds:DigestMethod>`;
}

/** The text of an element as C14N writes it. */
function canonicalText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
