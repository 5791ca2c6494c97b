import { createHash, createSign, generateKeyPairSync, type KeyObject, randomInt, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { buildAccessKey } from '../../../domain/model/access-key.ts';
import { taxDateOf } from '../../../domain/model/tax-date.ts';

/** Facturas signed by other code than the product's, in another layout than its own, and wrong on request. */

export const RUC = '1790012345001';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

export interface Identity {
  key: KeyObject;
  /** PEM. */
  certificate: string;
}

export interface CertificateOptions {
  /** Itself, when there is none. */
  issuer?: Identity;
  key?: KeyObject;
  subject?: forge.pki.CertificateField[];
  extensions?: object[];
  notBefore?: Date;
  notAfter?: Date;
}

const HOUR = 3_600_000;
/** One pair of keys for all signers: making them is what takes time. */
const SIGNER_KEY = newKey();

function newKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function forgeKey(key: KeyObject): forge.pki.rsa.PrivateKey {
  return forge.pki.privateKeyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

export const SIGNING_USE = { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true };

/** An extension with a number as one of Ecuador's authorities writes it. */
export function numberExtension(id: string, text: string): object {
  return { id, value: forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.UTF8, false, text) };
}

/** A certificate with a serial number that no float holds. */
export function certificateOf(options: CertificateOptions): Identity {
  const { issuer, key = SIGNER_KEY, subject = [{ name: 'commonName', value: 'Firmante' }], extensions = [] } = options;
  const certificate = forge.pki.createCertificate();
  const { n, e } = forgeKey(key);
  certificate.publicKey = forge.pki.setRsaPublicKey(n, e);
  certificate.serialNumber = `01${'f3'.repeat(15)}`;
  certificate.validity.notBefore = options.notBefore ?? new Date(Date.now() - HOUR);
  certificate.validity.notAfter = options.notAfter ?? new Date(Date.now() + 24 * HOUR);
  certificate.setSubject(subject);
  certificate.setIssuer(AUTHORITY_NAME);
  certificate.setExtensions(extensions);
  certificate.sign(forgeKey(issuer?.key ?? key), forge.md.sha256.create());
  return { key, certificate: forge.pki.certificateToPem(certificate) };
}

/** In the order of a certificate; a comma and an accent are what popular signers stumble over. */
const AUTHORITY_NAME: forge.pki.CertificateField[] = [
  { name: 'countryName', value: 'EC' },
  { name: 'organizationName', value: 'Prueba' },
  { name: 'commonName', value: 'Autoridad, Peña S.A.', valueTagClass: forge.asn1.Type.UTF8 as number },
];
const ISSUER_NAME = 'CN=Autoridad\\, Peña S.A.,O=Prueba,C=EC';

export function newAuthority(): Identity {
  const extensions = [{ name: 'basicConstraints', cA: true }];
  return certificateOf({ key: newKey(), subject: AUTHORITY_NAME, extensions });
}

/** Of a taxpayer, as Security Data sells it. */
export function signerOf(issuer: Identity, ruc = RUC): Identity {
  return certificateOf({ issuer, extensions: [SIGNING_USE, numberExtension('1.3.6.1.4.1.37746.3.11', ruc)] });
}

export interface FacturaOptions {
  sequential?: number;
  /** dd/mm/yyyy; today in Ecuador by default. */
  issueDate?: string;
  environment?: 'sandbox' | 'production';
  /** Text of the one line. */
  description?: string;
}

let lastSequential = randomInt(1_000_000);

/** A factura 2.1.0 that is in order, canonical and not signed. */
export function facturaOf(options: FacturaOptions = {}): { accessKey: string; xml: string } {
  const { sequential = ++lastSequential, issueDate = taxDateOf(new Date()), environment = 'sandbox' } = options;
  const number = String(sequential).padStart(9, '0');
  const accessKey = buildAccessKey({
    issueDate,
    documentType: '01',
    ruc: RUC,
    environment,
    branchCode: '001',
    issuePointCode: '002',
    sequential: number,
    numericCode: String(randomInt(100_000_000)).padStart(8, '0'),
  });
  const description = options.description ?? 'Café "Ñandú" €10 &amp; más';
  const xml = `<factura id="comprobante" version="2.1.0"><infoTributaria><ambiente>${environment === 'sandbox' ? 1 : 2}</ambiente><tipoEmision>1</tipoEmision><razonSocial>Peña e Hijos</razonSocial><ruc>${RUC}</ruc><claveAcceso>${accessKey}</claveAcceso><codDoc>01</codDoc><estab>001</estab><ptoEmi>002</ptoEmi><secuencial>${number}</secuencial><dirMatriz>Quito</dirMatriz></infoTributaria><infoFactura><fechaEmision>${issueDate}</fechaEmision><obligadoContabilidad>SI</obligadoContabilidad><tipoIdentificacionComprador>05</tipoIdentificacionComprador><razonSocialComprador>Juan Pérez</razonSocialComprador><identificacionComprador>1710034065</identificacionComprador><totalSinImpuestos>25.00</totalSinImpuestos><totalDescuento>0.00</totalDescuento><totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><baseImponible>25.00</baseImponible><tarifa>15</tarifa><valor>3.75</valor></totalImpuesto></totalConImpuestos><propina>2.50</propina><importeTotal>31.25</importeTotal><moneda>DOLAR</moneda><pagos><pago><formaPago>19</formaPago><total>31.25</total></pago></pagos></infoFactura><detalles><detalle><codigoPrincipal>A1</codigoPrincipal><descripcion>${description}</descripcion><cantidad>2.000000</cantidad><precioUnitario>12.500000</precioUnitario><descuento>0.00</descuento><precioTotalSinImpuesto>25.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15</tarifa><baseImponible>25.00</baseImponible><valor>3.75</valor></impuesto></impuestos></detalle></detalles><infoAdicional><campoAdicional nombre="RUC Proveedor">1790012345001</campoAdicional></infoAdicional></factura>`;
  return { accessKey, xml };
}

export interface SignOptions {
  hash?: 'sha1' | 'sha256' | 'sha512';
  signingTime?: string;
  issuerName?: string;
  serial?: string;
  modulus?: string;
  /** PEM of the certificate that SigningCertificate speaks of. */
  described?: string;
  target?: string;
  describedReference?: string;
  transform?: string;
  /** References that are left out. */
  without?: 'key' | 'properties' | 'document';
  certificateText?: string;
}

const DIGEST_URI = {
  sha1: `${DS}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
};
const SIGNATURE_URI = {
  sha1: `${DS}rsa-sha1`,
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
};

/** XAdES-BES in the layout of MITyCLib: document first, line breaks in the key and in base64. */
export function signed(xml: string, identity: Identity, options: SignOptions = {}): Buffer {
  const { hash = 'sha1', without } = options;
  const x509 = new X509Certificate(identity.certificate);
  const described = new X509Certificate(options.described ?? identity.certificate);
  const namespaces = `xmlns:ds="${DS}" xmlns:xades="${XADES}"`;
  const digest = (text: string | Buffer) => createHash(hash).update(text).digest('base64');
  const method = `<ds:DigestMethod Algorithm="${DIGEST_URI[hash]}"></ds:DigestMethod>`;
  const reference = (attributes: string, text: string, transforms = '') =>
    `<ds:Reference ${attributes}>${transforms}${method}<ds:DigestValue>${digest(text)}</ds:DigestValue></ds:Reference>`;
  const { n = '', e = '' } = x509.publicKey.export({ format: 'jwk' });
  const certificateText = options.certificateText ?? wrapped(x509.raw.toString('base64'));

  const keyInfo = `\n<ds:X509Data>\n<ds:X509Certificate>${certificateText}</ds:X509Certificate>\n</ds:X509Data>\n<ds:KeyValue>\n<ds:RSAKeyValue>\n<ds:Modulus>${options.modulus ?? wrapped(Buffer.from(n, 'base64url').toString('base64'))}</ds:Modulus>\n<ds:Exponent>${Buffer.from(e, 'base64url').toString('base64')}</ds:Exponent>\n</ds:RSAKeyValue>\n</ds:KeyValue>\n`;
  const signingTime = options.signingTime ?? new Date().toISOString();
  const serial = options.serial ?? BigInt(`0x${described.serialNumber}`).toString();
  const properties = `<xades:SignedSignatureProperties><xades:SigningTime>${signingTime}</xades:SigningTime><xades:SigningCertificate><xades:Cert><xades:CertDigest>${method}<ds:DigestValue>${digest(described.raw)}</ds:DigestValue></xades:CertDigest><xades:IssuerSerial><ds:X509IssuerName>${options.issuerName ?? ISSUER_NAME}</ds:X509IssuerName><ds:X509SerialNumber>${serial}</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert></xades:SigningCertificate></xades:SignedSignatureProperties><xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#${options.describedReference ?? 'Ref1'}"><xades:Description>contenido comprobante</xades:Description><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>`;

  const transforms = `<ds:Transforms><ds:Transform Algorithm="${options.transform ?? `${DS}enveloped-signature`}"></ds:Transform></ds:Transforms>`;
  const references = {
    document: reference('Id="Ref1" URI="#comprobante"', xml, transforms),
    properties: reference(
      'Type="http://uri.etsi.org/01903#SignedProperties" URI="#Props1"',
      `<xades:SignedProperties ${namespaces} Id="Props1">${properties}</xades:SignedProperties>`,
    ),
    key: reference('URI="#Key1"', `<ds:KeyInfo ${namespaces} Id="Key1">${keyInfo}</ds:KeyInfo>`),
  };
  if (without !== undefined) references[without] = '';
  const info = `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${SIGNATURE_URI[hash]}"></ds:SignatureMethod>${Object.values(references).join('')}`;
  const value = createSign(hash)
    .update(`<ds:SignedInfo ${namespaces}>${info}</ds:SignedInfo>`)
    .sign(identity.key, 'base64');
  const signature = `<ds:Signature ${namespaces} Id="Sig1"><ds:SignedInfo>${info}</ds:SignedInfo><ds:SignatureValue>\n${wrapped(value)}\n</ds:SignatureValue><ds:KeyInfo Id="Key1">${keyInfo}</ds:KeyInfo><ds:Object><xades:QualifyingProperties Target="${options.target ?? '#Sig1'}"><xades:SignedProperties Id="Props1">${properties}</xades:SignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>`;
  const end = xml.lastIndexOf('</');
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml.slice(0, end)}${signature}${xml.slice(end)}`);
}

function wrapped(base64: string): string {
  return base64.replaceAll(/.{76}(?=.)/g, '$&\n');
}
