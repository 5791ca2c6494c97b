import { X509Certificate } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { openPkcs12 } from '../../../domain/signing/pkcs12.ts';
import { createSigner } from '../../../domain/signing/signer.ts';
import { signDocument } from '../../../domain/signing/xades.ts';
import {
  AUTHORITY,
  COMMON_NAME,
  COUNTRY,
  DECRYPTING,
  isInstalled,
  makeCertificate,
  makeP12,
  mergeP12,
  newKey,
  opensslP12,
  ORGANIZATION,
  runWithFiles,
  toBer,
} from './fixtures.ts';

/*
 * Every kind of certificate file that is sold, by the six types of document, by both algorithms: all signatures verify.
 */

const PASSWORD = 'clave';
const ACCENTED = 'Contraseña-ñandú-€';
const key = newKey();
const authorityKey = newKey();
const authorityName = [
  { type: COUNTRY, value: 'EC' },
  { type: ORGANIZATION, value: 'Certificación & Cía., "Uno+Dos"' },
  { type: COMMON_NAME, value: 'AUTORIDAD, ÑANDÚ S.A.' },
];
const authority = makeCertificate({
  key: authorityKey,
  subject: authorityName,
  issuer: authorityName,
  extensions: AUTHORITY,
});
const issued = (options: object = {}) => ({ issuerKey: authorityKey, issuer: authorityName, ...options });
const signer = makeCertificate({ key, ...issued() });
const openssl = isInstalled('openssl');

/** A file with its password; one that only OpenSSL writes is made where that is installed. */
const FILES: Record<string, () => [file: Buffer, password: string]> = {
  '3DES in DER, by node-forge': () => [makeP12(key, [signer], PASSWORD), PASSWORD],
  'the same in BER': () => [toBer(makeP12(key, [signer], PASSWORD)), PASSWORD],
  'AES-256, by node-forge': () => [makeP12(key, [signer], PASSWORD, { algorithm: 'aes256' }), PASSWORD],
  'a password with accents': () => [makeP12(key, [signer], ACCENTED), ACCENTED],
  'a chain, the authority first': () => [makeP12(key, [authority, signer], PASSWORD), PASSWORD],
  'two keys, that for decryption first': () => {
    const other = newKey();
    const plain = { algorithm: '3des', useMac: false } as const;
    const decrypting = makeCertificate({ key: other, ...issued({ extensions: DECRYPTING }) });
    return [mergeP12(makeP12(other, [decrypting], PASSWORD, plain), makeP12(key, [signer], PASSWORD, plain)), PASSWORD];
  },
  'a key of 3072 bits': () => {
    const large = newKey(3072);
    return [makeP12(large, [makeCertificate({ key: large, ...issued() })], PASSWORD), PASSWORD];
  },
  'a key of 4096 bits': () => {
    const large = newKey(4096);
    return [makeP12(large, [makeCertificate({ key: large, ...issued() })], PASSWORD), PASSWORD];
  },
  'a serial number of 20 bytes': () => {
    const certificate = makeCertificate({ key, ...issued({ serial: `7f${'f3'.repeat(19)}` }) });
    return [makeP12(key, [certificate], PASSWORD), PASSWORD];
  },
  'accents and a comma in the name': () => {
    const subject = [{ type: COMMON_NAME, value: 'PEÑA ÁÉÍ, MARÍA JOSÉ "LA CHOLA"' }];
    return [makeP12(key, [makeCertificate({ key, ...issued({ subject }) })], PASSWORD), PASSWORD];
  },
  ...(openssl && {
    'RC2-40 and 3DES, by OpenSSL': () => [
      opensslP12(key, signer, [authority], PASSWORD, ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1']),
      PASSWORD,
    ],
    'AES-256 with a SHA-256 MAC and accents, by OpenSSL': () => [
      opensslP12(key, signer, [authority], ACCENTED, ['-certpbe', 'AES-256-CBC', '-macalg', 'sha256']),
      ACCENTED,
    ],
  }),
};

const GOLDEN = resolve(import.meta.dirname, '../../golden');
/** The first golden document of each type. */
const DOCUMENTS = [
  'factura',
  'liquidacionCompra',
  'notaCredito',
  'notaDebito',
  'guiaRemision',
  'comprobanteRetencion',
].map(
  (root) =>
    [root, readFileSync(join(GOLDEN, globSync(`${root}/*.xml`, { cwd: GOLDEN }).toSorted()[0]!), 'utf8')] as const,
);

const signingTime = new Date('2026-11-26T03:04:05Z');
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const ETSI = 'http://uri.etsi.org/01903/v1.3.2#';

describe.each(Object.entries(FILES))('a file with %s', (_, make) => {
  const [file, password] = make();
  const opened = openPkcs12(file, password);
  const signedBy = createSigner(opened);
  const publicCert = new X509Certificate(opened.certificateDer).toString();
  const signed = DOCUMENTS.flatMap(([root, xml]) =>
    (['sha1', 'sha256'] as const).map(
      (algorithm) => [root, algorithm, signDocument(signedBy, { xml, algorithm, signingTime }).toString()] as const,
    ),
  );

  it('signs all six types with both algorithms, as xml-crypto verifies', () => {
    for (const [root, algorithm, xml] of signed) {
      const check = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
      check.loadSignature(/<ds:Signature [^]*<\/ds:Signature>/.exec(xml)![0]);
      expect([root, algorithm, check.checkSignature(xml)]).toEqual([root, algorithm, true]);
      expect(check.getSignedReferences()).toHaveLength(3);
    }
  });

  it.skipIf(!isInstalled('xmlsec1'))('signs them as xmlsec1 verifies, which trusts the authority', () => {
    const files = Object.fromEntries(signed.map(([, , xml], at) => [`${at}.xml`, xml]));
    const args = ['--verify', '--enabled-key-data', 'x509', '--trusted-pem', 'authority.pem']
      .concat(['--verification-gmt-time', '2026-11-26 03:04:05'])
      .concat(['--id-attr:Id', `${DS}:KeyInfo`, '--id-attr:Id', `${ETSI}:SignedProperties`])
      .concat(DOCUMENTS.flatMap(([root]) => ['--id-attr:id', root]))
      .concat(Object.keys(files));
    const run = runWithFiles('xmlsec1', args, { ...files, 'authority.pem': forge.pki.certificateToPem(authority) });
    expect(run.stderr.match(/References \(ok\/all\): 3\/3/g)).toHaveLength(signed.length);
    expect(run.status).toBe(0);
  });
});
