import { X509Certificate, createHash } from 'node:crypto';
import {
  type Asn1Node,
  MalformedAsn1,
  bytesOf,
  integerOf,
  isContext,
  octetsOf,
  oidOf,
  parseAsn1,
  parts,
  textOf,
} from './asn1.ts';
import { ANY_CEDULA, ANY_RUC, AUTHORITIES } from './authorities.ts';
import { CertificateError } from './certificate-error.ts';
import { type DistinguishedName, attributeText, formatName, readName } from './distinguished-name.ts';

/** What this service needs to know of an X.509 certificate. Names are in RFC 2253 form, most specific part first. */
export interface CertificateFacts {
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string;
  subject: string;
  commonName: string;
  issuerName: string;
  /** Decimal digits, of any length. */
  serial: string;
  notBefore: Date;
  notAfter: Date;
  /** 13 digits: the taxpayer the certificate names. */
  ruc?: string;
  /** 10 digits: the person the certificate names. */
  cedula?: string;
  /** Name of the certification authority, when it is one of Ecuador's known ones. */
  authority?: string;
  /** Names of RFC 5280 §4.2.1.3 such as `digitalSignature`; empty when the certificate does not restrict its use. */
  keyUsage: string[];
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const ORGANIZATION_IDENTIFIER = '2.5.4.97';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';

/**
 * Reads a certificate.
 * @param der the X.509 certificate in DER
 * @throws CertificateError CERTIFICATE_INVALID
 */
export function readCertificate(der: Uint8Array): CertificateFacts {
  try {
    return read(der);
  } catch (error) {
    if (error instanceof CertificateError) throw error;
    throw new CertificateError('CERTIFICATE_INVALID', 'The certificate cannot be read.');
  }
}

function read(der: Uint8Array): CertificateFacts {
  const x509 = new X509Certificate(der);
  const fields = parts(parts(parseAsn1(der))[0]);
  // The version is optional and explicitly tagged; what follows it has fixed places (RFC 5280 §4.1).
  const [serial, , issuer, , subject] = fields.slice(isContext(fields[0]!, 0) ? 1 : 0);
  const extensions = readExtensions(fields.find((field) => isContext(field, 3)));
  const subjectName = readName(subject);
  const taxpayer = readTaxpayer(subjectName, extensions);
  // As Node prints them: of a time that is none, its own `validToDate` makes any date, and one that may pass.
  const [notBefore, notAfter] = [new Date(x509.validFrom), new Date(x509.validTo)];
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) throw new MalformedAsn1('no dates');
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    subject: formatName(subjectName),
    commonName: attributeText(subjectName, COMMON_NAME) ?? '',
    issuerName: formatName(readName(issuer)),
    serial: integerOf(serial).toString(),
    notBefore,
    notAfter,
    ...taxpayer,
    keyUsage: readKeyUsage(extensions.get(KEY_USAGE)),
  };
}

/**
 * The RUC whose documents the certificate signs. One that is written in it decides alone: a representative's certificate
 * names the company's. One with a cédula only is a natural person's, whose RUC is the cédula and 001.
 */
export function rucOf({ ruc, cedula }: Pick<CertificateFacts, 'ruc' | 'cedula'>): string | undefined {
  return ruc ?? (cedula === undefined ? undefined : `${cedula}001`);
}

/**
 * Whether documents of that RUC may be signed with the certificate. One with neither RUC nor cédula matches nobody, since
 * SRI answers it with error 39, "No existe el RUC en el certificado", and since nothing would then tie the certificate to
 * the taxpayer who registers with it.
 */
export function certificateMatchesRuc(facts: CertificateFacts, ruc: string): boolean {
  return rucOf(facts) === ruc;
}

/**
 * Refuses a certificate outside its validity.
 * @throws CertificateError CERTIFICATE_EXPIRED, also when it is not valid yet
 */
export function assertUsable(facts: CertificateFacts, now: Date): void {
  if (now > facts.notAfter) {
    throw new CertificateError('CERTIFICATE_EXPIRED', `The certificate expired at ${facts.notAfter.toISOString()}.`);
  }
  if (now < facts.notBefore) {
    throw new CertificateError(
      'CERTIFICATE_EXPIRED',
      `The certificate is not valid before ${facts.notBefore.toISOString()}.`,
    );
  }
}

/** Extension values by identifier, as the bytes inside their octet string. */
function readExtensions(node: Asn1Node | undefined): Map<string, Buffer> {
  if (node === undefined) return new Map();
  return new Map(
    parts(parts(node)[0]).map((extension) => {
      const fields = parts(extension);
      return [oidOf(fields[0]), octetsOf(fields.at(-1))];
    }),
  );
}

function readKeyUsage(extension: Buffer | undefined): string[] {
  if (extension === undefined) return [];
  // A bit string: the count of unused bits, then the bits from the highest down.
  const bits = bytesOf(parseAsn1(extension)).subarray(1);
  return KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

type Taxpayer = Pick<CertificateFacts, 'ruc' | 'cedula' | 'authority'>;

function readTaxpayer(subject: DistinguishedName, extensions: Map<string, Buffer>): Taxpayer {
  const values = new Map([...alternativeNames(extensions.get(SUBJECT_ALT_NAME)), ...plainExtensions(extensions)]);
  const known = AUTHORITIES.find(({ ruc, cedula }) => values.has(ruc) || (cedula !== undefined && values.has(cedula)));
  const oids = [...values.keys()];
  const ruc =
    digits(13, values.get(known?.ruc ?? '')) ??
    digits(13, values.get(oids.find((oid) => ANY_RUC.test(oid)) ?? '')) ??
    digits(13, attributeText(subject, ORGANIZATION_IDENTIFIER)) ??
    rucInSubject(subject);
  const cedula =
    digits(10, values.get(known?.cedula ?? '')) ??
    digits(10, values.get(oids.find((oid) => ANY_CEDULA.test(oid)) ?? '')) ??
    digits(10, /^IDCEC-(.*)$/.exec(attributeText(subject, SERIAL_NUMBER) ?? '')?.[1]);
  return {
    ...(ruc !== undefined && { ruc }),
    ...(cedula !== undefined && { cedula }),
    ...(known !== undefined && { authority: known.name }),
  };
}

/** The texts under private enterprise identifiers; some authorities write a string's DER, some the bare characters. */
function plainExtensions(extensions: Map<string, Buffer>): [string, string][] {
  return [...extensions]
    .filter(([oid]) => oid.startsWith('1.3.6.1.4.1.'))
    .map(([oid, value]) => [oid, stringIn(value) ?? value.toString('latin1')]);
}

function stringIn(value: Buffer): string | undefined {
  try {
    return textOf(parseAsn1(value));
  } catch (error) {
    if (error instanceof MalformedAsn1) return undefined;
    throw error;
  }
}

/** The texts in the SAN: `otherName` ([0]) and the attributes of a `directoryName` ([4]). */
function alternativeNames(extension: Buffer | undefined): [string, string][] {
  if (extension === undefined) return [];
  return parts(parseAsn1(extension)).flatMap((name): [string, string][] => {
    if (isContext(name, 4)) {
      return readName(parts(name)[0])
        .flat()
        .map(({ oid, text }) => [oid, text ?? '']);
    }
    if (!isContext(name, 0)) return [];
    const [type, wrapped] = parts(name);
    const value = parts(wrapped)[0];
    return [[oidOf(type), (value && textOf(value)) ?? '']];
  });
}

/** The one run of exactly that many digits in a text, such as the RUC in `VATEC-1790012345001`. */
function digits(count: 10 | 13, text: string | undefined): string | undefined {
  return text?.match(count === 13 ? /(?<!\d)\d{13}(?!\d)/ : /(?<!\d)\d{10}(?!\d)/)?.[0];
}

/** Last resort, so only what has a RUC's ending: a subject holds other long numbers too. */
function rucInSubject(subject: DistinguishedName): string | undefined {
  return subject
    .flat()
    .map(({ text }) => text?.match(/(?<!\d)\d{10}001(?!\d)/)?.[0])
    .find((run) => run !== undefined);
}
