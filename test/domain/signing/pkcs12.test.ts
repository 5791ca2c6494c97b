import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemoAuthority } from '../../../dev/demo-authority.ts';
import { CertificateError } from '../../../domain/signing/certificate-error.ts';
import { type SigningCertificate, openPkcs12 } from '../../../domain/signing/pkcs12.ts';
import {
  asn1String,
  AUTHORITY,
  COMMON_NAME,
  DECRYPTING,
  certificateDer,
  isInstalled,
  makeCertificate,
  makeP12,
  makeP12Of,
  mergeP12,
  newKey,
  oddCertificates,
  opensslP12,
  replaced,
  runWithFiles,
  toBer,
  withMacRounds,
} from './fixtures.ts';

const key = newKey();
const otherKey = newKey();
const authorityName = [{ type: COMMON_NAME, value: 'Autoridad raíz' }];
const authority = makeCertificate({
  key: otherKey,
  subject: authorityName,
  issuer: authorityName,
  extensions: AUTHORITY,
});
const signer = makeCertificate({ key, issuerKey: otherKey, issuer: authorityName });
const accented = 'contraseña €';

const openssl = isInstalled('openssl');
const noMac = { algorithm: '3des', useMac: false } as const;

/** The code of the refusal. */
function refusal(bytes: Uint8Array, password = 'clave'): string {
  try {
    openPkcs12(bytes, password);
  } catch (error) {
    if (error instanceof CertificateError) return error.code;
    throw error;
  }
  return 'opened';
}

function expectSigner(opened: SigningCertificate, certificate = signer): void {
  expect(opened.certificateDer).toEqual(certificateDer(certificate));
  const privateKey = createPrivateKey({ key: opened.privateKeyDer, format: 'der', type: 'pkcs8' });
  expect(new X509Certificate(opened.certificateDer).publicKey.equals(createPublicKey(privateKey))).toBe(true);
}

describe.skipIf(!openssl)('a file written by OpenSSL', () => {
  it.each([
    [
      'RC2-40 and 3DES, SHA-1 MAC',
      ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ],
    [
      'RC2-128 and two-key 3DES',
      ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-2DES', '-macalg', 'sha1'],
    ],
    ['3DES for both', ['-legacy', '-descert', '-macalg', 'sha1']],
    ['AES-256, SHA-256 MAC', ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-256-CBC', '-macalg', 'sha256']],
    ['AES-128 and AES-192, SHA-384 MAC', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-macalg', 'sha384']],
    ['3DES in PBES2, SHA-512 MAC', ['-certpbe', 'DES-EDE3-CBC', '-keypbe', 'AES-256-CBC', '-macalg', 'sha512']],
    ['plain certificates', ['-certpbe', 'NONE', '-keypbe', 'AES-256-CBC']],
    ['a plain key', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['no MAC', ['-nomac']],
    ['one round', ['-noiter', '-nomaciter']],
  ])('opens with %s', (_, args) => {
    for (const password of ['clave', accented]) {
      const file = opensslP12(key, signer, [authority], password, args);
      expectSigner(openPkcs12(file, password));
      expectSigner(openPkcs12(toBer(file), password));
    }
  });

  it('opens with as many rounds as Firefox asks for', () => {
    expectSigner(openPkcs12(opensslP12(key, signer, [authority], 'clave', ['-iter', '600000']), 'clave'));
  });

  it.each([['-legacy'], ['-nomac'], ['-certpbe', 'AES-256-CBC']])('tells a wrong password with %s', (...args) => {
    const file = opensslP12(key, signer, [authority], accented, args);
    for (const wrong of ['', 'contrasena €', 'CONTRASEÑA €', 'x'.repeat(300)]) {
      expect(refusal(file, wrong)).toBe('CERTIFICATE_PASSWORD_INVALID');
    }
  });
});

describe('a file written by node-forge', () => {
  it.each(['3des', 'aes128', 'aes256'] as const)(
    'opens with %s, in BER, and with an accented password',
    (algorithm) => {
      for (const password of ['clave', 'contraseña']) {
        const file = makeP12(key, [signer, authority], password, { algorithm });
        expectSigner(openPkcs12(file, password));
        expectSigner(openPkcs12(toBer(file), password));
      }
    },
  );

  it('opens with a password whose UTF-8 was taken for characters, as old programs did', () => {
    expectSigner(openPkcs12(makeP12(key, [signer], Buffer.from(accented).toString('latin1')), accented));
  });

  it('opens with no password, whether that was taken for none or for an empty one', () => {
    for (const password of ['', null]) expectSigner(openPkcs12(makeP12(key, [signer], password), ''));
  });

  it('opens what the demo authority issues', () => {
    const demo = createDemoAuthority();
    const p12 = demo.issue({
      ruc: '1790012345001',
      commonName: 'Empresa "Ñ", S.A.',
      password: accented,
      privateKeyPem: key,
    });
    const { facts } = openPkcs12(p12, accented);
    expect(facts.ruc).toBe('1790012345001');
    expect(facts.commonName).toBe('Empresa "Ñ", S.A.');
    expect(facts.keyUsage).toEqual(['digitalSignature', 'nonRepudiation']);
    const again = createDemoAuthority(JSON.parse(JSON.stringify(demo)));
    const later = again.issue({ ruc: '1790012345001', commonName: 'x', password: 'x', privateKeyPem: key });
    const certificate = new X509Certificate(openPkcs12(later, 'x').certificateDer);
    expect(certificate.verify(new X509Certificate(demo.certificatePem).publicKey)).toBe(true);
    expect(certificate.checkIssued(new X509Certificate(demo.certificatePem))).toBe(true);
  });
});

describe('the choice of the certificate', () => {
  const decrypting = makeCertificate({ key: otherKey, extensions: DECRYPTING });

  it('does not depend on the order: the authority may come first', () => {
    expectSigner(openPkcs12(makeP12(key, [authority, signer], 'clave'), 'clave'));
  });

  it('is the signing one of a file with two keys, in either order', () => {
    const sign = makeP12(key, [signer], 'clave', noMac);
    const decrypt = makeP12(otherKey, [decrypting], 'clave', noMac);
    expectSigner(openPkcs12(mergeP12(decrypt, sign), 'clave'));
    expectSigner(openPkcs12(mergeP12(sign, decrypt), 'clave'));
  });

  it('is the one that is valid longest, after a renewal with the same key', () => {
    const renewed = makeCertificate({ key, notAfter: new Date('2030-01-01T00:00:00Z') });
    expectSigner(openPkcs12(makeP12(key, [signer, renewed], 'clave'), 'clave'), renewed);
    expectSigner(openPkcs12(makeP12(key, [renewed, signer], 'clave'), 'clave'), renewed);
  });

  it('takes a certificate that does not restrict its use', () => {
    const unrestricted = makeCertificate({ key, extensions: [] });
    expectSigner(openPkcs12(makeP12(key, [unrestricted], 'clave'), 'clave'), unrestricted);
  });

  it('opens an expired certificate, for others to judge', () => {
    const expired = makeCertificate({ key, notAfter: new Date('2026-01-02T00:00:00Z') });
    expectSigner(openPkcs12(makeP12(key, [expired], 'clave'), 'clave'), expired);
  });

  it.each(oddCertificates(key))('does not mind another beside it, of which %s cannot be read', (_, odd, der) => {
    const file = replaced(makeP12(key, [odd, signer], 'clave', noMac), certificateDer(odd), der);
    expectSigner(openPkcs12(file, 'clave'));
  });

  it('needs a key for signing', () => {
    expect(refusal(makeP12(otherKey, [decrypting], 'clave'))).toBe('CERTIFICATE_KEY_NOT_FOUND');
    expect(refusal(makeP12(otherKey, [authority], 'clave'))).toBe('CERTIFICATE_KEY_NOT_FOUND');
    expect(refusal(makeP12(otherKey, [signer], 'clave'))).toBe('CERTIFICATE_KEY_NOT_FOUND');
  });

  it.skipIf(!openssl)('needs a key at all', () => {
    expect(refusal(opensslP12(key, signer, [authority], 'clave', ['-nokeys']))).toBe('CERTIFICATE_KEY_NOT_FOUND');
  });

  it.skipIf(!openssl)('takes no key but RSA', () => {
    const { stdout } = runWithFiles(
      'sh',
      [
        '-c',
        'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=EC ' +
          '-addext basicConstraints=critical,CA:FALSE -out certificate.pem 2>messages && ' +
          'openssl pkcs12 -export -inkey key.pem -in certificate.pem -passout pass:clave',
      ],
      {},
    );
    expect(refusal(stdout)).toBe('CERTIFICATE_INVALID');
    expect(() => openPkcs12(stdout, 'clave')).toThrow('RSA');
  });

  it('takes RSA keys of 2048 to 4096 bits', () => {
    const large = newKey(4096);
    const certificate = makeCertificate({ key: large, issuerKey: otherKey });
    expectSigner(openPkcs12(makeP12(large, [certificate], 'clave'), 'clave'), certificate);
    for (const bits of [1024, 2040, 4104]) {
      const unusable = newKey(bits);
      const p12 = makeP12(unusable, [makeCertificate({ key: unusable, issuerKey: otherKey })], 'clave');
      expect(refusal(p12), `${bits} bits`).toBe('CERTIFICATE_INVALID');
    }
  });
});

describe('what is no usable file', () => {
  const file = makeP12(key, [signer, authority], 'clave');

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n')],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
    ['a certificate', certificateDer(signer)],
    ['a key', createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })],
    ['nested far too deep', Buffer.alloc(20_000, Buffer.from([0x30, 0x80]))],
    ['two megabytes', Buffer.concat([file, Buffer.alloc(2_000_000)])],
  ])('is refused: %s', (_, bytes) => {
    expect(refusal(bytes)).toBe('CERTIFICATE_INVALID');
  });

  it('is refused when cut anywhere, but not when padded', () => {
    for (let end = 0; end < file.length; end += 37) expect(refusal(file.subarray(0, end))).toBe('CERTIFICATE_INVALID');
    expectSigner(openPkcs12(Buffer.concat([file, Buffer.alloc(16)]), 'clave'));
    const ber = toBer(file);
    for (let end = 0; end < ber.length; end += 97) expect(refusal(ber.subarray(0, end))).toBe('CERTIFICATE_INVALID');
  });

  it.each([
    ['the MAC', {}],
    ['the key, in PKCS#12', { useMac: false }],
    ['the key, in PBES2', { useMac: false, algorithm: 'aes256' }],
  ] as const)('is refused at once for endless rounds of %s', (_, options) => {
    const count = Buffer.from('0203010001', 'hex');
    const p12 = makeP12(key, [signer], 'clave', { algorithm: '3des', count: 0x010001, ...options });
    // The public exponent, the same number, changes as well; but no certificate is looked at before the rounds are.
    const bomb = Buffer.from(p12.toString('hex').replaceAll(count.toString('hex'), '02037fffff'), 'hex');
    expect(bomb).not.toEqual(p12);
    expect(refusal(bomb)).toBe('CERTIFICATE_INVALID');
    for (const rounds of ['0203000000', '0203ffffff']) {
      const none = Buffer.from(p12.toString('hex').replaceAll(count.toString('hex'), rounds), 'hex');
      expect(refusal(none)).toBe('CERTIFICATE_INVALID');
    }
  });

  it('is refused at once for ten million rounds', () => {
    expect(() => openPkcs12(withMacRounds(file, 10_000_000), 'clave')).toThrow(/unreasonable number of rounds/);
    expectSigner(openPkcs12(withMacRounds(file, 2_048), 'clave'));
  });

  it('never fails otherwise, whatever is changed in it', () => {
    const codes = ['CERTIFICATE_INVALID', 'CERTIFICATE_PASSWORD_INVALID', 'CERTIFICATE_KEY_NOT_FOUND', 'opened'];
    const macless = makeP12(key, [signer], 'clave', noMac);
    fc.assert(
      fc.property(fc.nat(macless.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(macless);
        changed[at]! ^= change;
        expect(codes).toContain(refusal(changed));
      }),
      { numRuns: 300 },
    );
  });

  it('tells a wrong password where its padding and what comes out happen to be right, but no key', () => {
    expect(refusal(makeP12Of(asn1String('x'), 'clave'))).toBe('CERTIFICATE_PASSWORD_INVALID');
  });

  it('says nothing of the password', () => {
    expect(() => openPkcs12(file, 'mi-clave-secreta')).toThrow(/^(?!.*mi-clave-secreta)/);
  });
});
