import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { AUTHORITIES } from '../../../domain/signing/authorities.ts';
import { CertificateError } from '../../../domain/signing/certificate-error.ts';
import {
  type CertificateFacts,
  assertUsable,
  certificateMatchesRuc,
  readCertificate,
} from '../../../domain/signing/certificate-facts.ts';
import {
  type CertificateOptions,
  AUTHORITY,
  COMMON_NAME,
  COUNTRY,
  DECRYPTING,
  IA5,
  ORGANIZATION,
  PRINTABLE,
  SIGNING,
  UTF8,
  asn1String,
  certificateDer,
  isInstalled,
  makeCertificate,
  newKey,
  replaced,
  runWithFiles,
} from './fixtures.ts';

const key = newKey();
const RUC = '1790012345001';
const CEDULA = '1710034065';

function facts(options: Omit<CertificateOptions, 'key'>): CertificateFacts {
  return readCertificate(certificateDer(makeCertificate({ key, ...options })));
}

const { Class, Type } = forge.asn1;
const structure = (tagClass: forge.asn1.Class, type: number, value: forge.asn1.Asn1[]) =>
  forge.asn1.create(tagClass, type, true, value);
const sequence = (...value: forge.asn1.Asn1[]) => structure(Class.UNIVERSAL, Type.SEQUENCE, value);
const identifier = (oid: string) =>
  forge.asn1.create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(oid).getBytes());

/** A subject alternative name that holds the text as otherName. */
function otherName(oid: string, text: string, tag: number) {
  const value = structure(Class.CONTEXT_SPECIFIC, 0, [asn1String(text, tag)]);
  return { id: '2.5.29.17', value: sequence(structure(Class.CONTEXT_SPECIFIC, 0, [identifier(oid), value])) };
}

/** One that holds it as an attribute of a directoryName, beside a mail address. */
function directoryName(oid: string, text: string) {
  const relative = structure(Class.UNIVERSAL, Type.SET, [sequence(identifier(oid), asn1String(text))]);
  const mail = forge.asn1.create(Class.CONTEXT_SPECIFIC, 1, false, 'firma@example.com');
  return { id: '2.5.29.17', value: sequence(mail, structure(Class.CONTEXT_SPECIFIC, 4, [sequence(relative)])) };
}

describe('names', () => {
  it.each([
    ['commas, quotes and plus signs', 'A, B + "C"', String.raw`A\, B \+ \"C\"`],
    ['the other special characters', 'a\\b<c>;d=e', String.raw`a\\b\<c\>\;d=e`],
    ['accents and emoji', 'Certificación Ñandú 🦜', 'Certificación Ñandú 🦜'],
    ['spaces at the ends', ' x ', String.raw`\ x\ `],
    ['a number sign in front', '#1 # 2', String.raw`\#1 # 2`],
    ['only a space', ' ', String.raw`\ `],
    ['what XML cannot carry', 'a\u0001\r\nb', String.raw`a\01\0D\0Ab`],
  ])('escape %s', (_, text, escaped) => {
    const name = [
      { type: COUNTRY, value: 'EC', tag: PRINTABLE },
      { type: COMMON_NAME, value: text },
    ];
    expect(facts({ issuer: name }).issuerName).toBe(`CN=${escaped},C=EC`);
    expect(facts({ subject: name }).commonName).toBe(text);
  });

  it('go from the most specific part to the country, with the keywords that Java parses', () => {
    const { issuerName } = facts({
      issuer: [
        { type: COUNTRY, value: 'EC', tag: PRINTABLE },
        { type: '2.5.4.8', value: 'Pichincha' },
        { type: '2.5.4.7', value: 'Quito' },
        { type: '2.5.4.9', value: 'Av. 10 de Agosto' },
        { type: ORGANIZATION, value: 'AUTORIDAD S.A.' },
        { type: '2.5.4.11', value: 'Entidad de Certificación' },
        { type: '1.2.840.113549.1.9.1', value: 'ca@example.com', tag: IA5 },
        { type: '2.5.4.97', value: 'VATEC-1790000000001' },
        { type: '2.5.4.5', value: '12', tag: PRINTABLE },
        { type: COMMON_NAME, value: 'SUBCA-1' },
      ],
    });
    expect(issuerName).toBe(
      'CN=SUBCA-1,2.5.4.5=12,2.5.4.97=VATEC-1790000000001,EMAILADDRESS=ca@example.com,OU=Entidad de Certificación,' +
        'O=AUTORIDAD S.A.,STREET=Av. 10 de Agosto,L=Quito,ST=Pichincha,C=EC',
    );
  });

  it('read every kind of string', () => {
    const utf16 = Buffer.from('Ñandú', 'utf16le').swap16().toString('latin1');
    const utf32 = Buffer.from([0, 0, 0, 0xd1, 0, 1, 0xf9, 0x9c]).toString('latin1');
    const { issuerName } = facts({
      issuer: [
        { type: ORGANIZATION, value: utf16, tag: 30 },
        { type: '2.5.4.11', value: 'Ñandú', tag: 20 },
        { type: COMMON_NAME, value: utf32, tag: 28 },
      ],
    });
    expect(issuerName).toBe('CN=Ñ🦜,OU=Ñandú,O=Ñandú');
  });

  it.skipIf(!isInstalled('openssl'))('agree with OpenSSL about several attributes in one part', () => {
    const { stdout, stderr } = runWithFiles(
      'openssl',
      ['req', '-x509', '-key', 'key.pem', '-outform', 'DER', '-multivalue-rdn', '-utf8'].concat([
        '-subj',
        '/C=EC/O=Uno, Dos/CN=Ñandú+serialNumber=12',
      ]),
      { 'key.pem': key },
    );
    expect(stderr).toBe('');
    expect(readCertificate(stdout).issuerName).toMatch(
      /^(CN=Ñandú\+2\.5\.4\.5=12|2\.5\.4\.5=12\+CN=Ñandú),O=Uno\\, Dos,C=EC$/,
    );
  });
});

describe('numbers and dates', () => {
  it.each([
    ['01', '1'],
    ['00ffffffffffffffff', '18446744073709551615'],
    ['0100000000000000000000000000000000000000', '5708990770823839524233143877797980545530986496'],
  ])('the serial %s has all its digits', (hex, decimal) => {
    expect(facts({ serial: hex }).serial).toBe(decimal);
  });

  it('dates are instants', () => {
    const dates = { notBefore: new Date('2026-02-03T04:05:06Z'), notAfter: new Date('2061-02-03T04:05:06Z') };
    expect(facts(dates)).toMatchObject(dates);
  });

  it('a certificate is usable from its first second to its last', () => {
    const read = facts({ notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-12-31T00:00:00Z') });
    for (const instant of ['2026-01-01T00:00:00.000Z', '2026-12-31T00:00:00.000Z']) {
      expect(() => assertUsable(read, new Date(instant))).not.toThrow();
    }
    for (const instant of ['2025-12-31T23:59:59.999Z', '2026-12-31T00:00:00.001Z']) {
      expect(() => assertUsable(read, new Date(instant))).toThrow(
        expect.objectContaining({ name: 'CertificateError', code: 'CERTIFICATE_EXPIRED' }),
      );
    }
  });
});

describe('usage', () => {
  it.each([
    [SIGNING, ['digitalSignature', 'nonRepudiation']],
    [DECRYPTING, ['keyEncipherment']],
    [AUTHORITY, ['digitalSignature', 'keyCertSign']],
    [[{ name: 'keyUsage', decipherOnly: true, keyAgreement: true }], ['keyAgreement', 'decipherOnly']],
    [[], []],
  ])('is read: %j', (extensions, usage) => {
    expect(facts({ extensions }).keyUsage).toEqual(usage);
  });
});

describe('the taxpayer', () => {
  it.each(AUTHORITIES)('is found where $name ($ruc) writes it', ({ name, ruc, cedula }) => {
    for (const tag of [UTF8, PRINTABLE, IA5]) {
      expect(facts({ extensions: [{ id: ruc, value: asn1String(RUC, tag) }] })).toMatchObject({
        ruc: RUC,
        authority: name,
      });
    }
    expect(facts({ extensions: [{ id: ruc, value: RUC }] })).toMatchObject({ ruc: RUC, authority: name });
    expect(facts({ extensions: [otherName(ruc, RUC, UTF8)] })).toMatchObject({ ruc: RUC, authority: name });
    expect(facts({ extensions: [directoryName(ruc, RUC)] })).toMatchObject({ ruc: RUC, authority: name });
    if (cedula === undefined) return;
    const person = facts({ extensions: [{ id: cedula, value: asn1String(CEDULA) }] });
    expect(person).toMatchObject({ cedula: CEDULA, authority: name });
    expect(person.ruc).toBeUndefined();
  });

  it.each([
    ['of an authority not known yet', { extensions: [{ id: '1.3.6.1.4.1.99999.7.3.11', value: asn1String(RUC) }] }],
    ['as organization identifier', { subject: [{ type: '2.5.4.97', value: `VATEC-${RUC}` }] }],
    ['in the subject', { subject: [{ type: COMMON_NAME, value: `JUAN PEREZ ${RUC}` }] }],
  ])('is found in the certificate %s', (_, options) => {
    const read = facts(options);
    expect(read.ruc).toBe(RUC);
    expect(read.authority).toBeUndefined();
  });

  it('is the person of a serial number of the new profiles', () => {
    expect(facts({ subject: [{ type: '2.5.4.5', value: `IDCEC-${CEDULA}` }] })).toMatchObject({ cedula: CEDULA });
  });

  it.each([
    ['longer runs', { subject: [{ type: COMMON_NAME, value: `${RUC}9` }] }],
    ['numbers that do not end as a RUC', { subject: [{ type: COMMON_NAME, value: '1790012345002' }] }],
    ['texts that are none', { extensions: [{ id: '1.3.6.1.4.1.37746.3.11', value: asn1String('NO APLICA') }] }],
  ])('is not made up from %s', (_, options) => {
    expect(facts(options).ruc).toBeUndefined();
  });

  it('matches by RUC, else by the cédula of a natural person', () => {
    const company = facts({
      extensions: [
        { id: '1.3.6.1.4.1.37746.3.11', value: asn1String(RUC) },
        { id: '1.3.6.1.4.1.37746.3.1', value: asn1String(CEDULA) },
      ],
    });
    expect(certificateMatchesRuc(company, RUC)).toBe(true);
    expect(certificateMatchesRuc(company, `${CEDULA}001`)).toBe(false);
    const person = facts({ extensions: [{ id: '1.3.6.1.4.1.37746.3.1', value: asn1String(CEDULA) }] });
    expect(certificateMatchesRuc(person, `${CEDULA}001`)).toBe(true);
    expect(certificateMatchesRuc(person, RUC)).toBe(false);
    expect(certificateMatchesRuc(facts({}), RUC)).toBe(false);
  });
});

describe('what is no certificate', () => {
  const der = certificateDer(makeCertificate({ key }));

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('certificado')],
    ['half of one', der.subarray(0, der.length / 2)],
    ['one whose last day is in a thirteenth month', replaced(der, Buffer.from('280101'), Buffer.from('281301'))],
    ['one whose first day is', replaced(der, Buffer.from('260101'), Buffer.from('261301'))],
  ])('is refused: %s', (_, bytes) => {
    expect(() => readCertificate(bytes)).toThrow(CertificateError);
    expect(() => readCertificate(bytes)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_INVALID' }));
  });
});
