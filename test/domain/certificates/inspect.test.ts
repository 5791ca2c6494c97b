import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectCertificate } from '../../../domain/certificates/inspect.ts';
import { NOT_CHOSEN_WORDS, PROBLEM_CODES, PROBLEM_WORDS } from '../../../domain/certificates/problems.ts';
import {
  asn1String,
  AUTHORITY,
  certificateDer,
  COMMON_NAME,
  DECRYPTING,
  makeCertificate,
  makeP12,
  mergeP12,
  newKey,
  oddCertificates,
  replaced,
  SIGNING,
  toBer,
} from '../signing/fixtures.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const PASSWORD = 'Contraseña-7';
const RUC = '1790012345001';
const key = newKey();
const authorityKey = newKey();
const authority = makeCertificate({
  key: authorityKey,
  subject: [{ type: COMMON_NAME, value: 'AUTORIDAD DE PRUEBA' }],
  extensions: AUTHORITY,
});

/** Where Security Data writes the RUC. */
const named = (ruc = RUC) => ({ id: '1.3.6.1.4.1.37746.3.11', value: asn1String(ruc) });
const signing = (options: object = {}) =>
  makeCertificate({ key, issuerKey: authorityKey, extensions: [...SIGNING, named()], ...options });

const inspect = (pkcs12: Uint8Array, ruc?: string, password = PASSWORD) =>
  inspectCertificate({ pkcs12, password, ruc }, NOW);
const codesOf = (pkcs12: Uint8Array, ruc?: string, password?: string) =>
  inspect(pkcs12, ruc, password).problems.map(({ code }) => code);
const fileOf = (...certificates: Parameters<typeof makeP12>[1]) => makeP12(key, certificates, PASSWORD);

describe('what is told of a certificate file', () => {
  it('of one that is good: what is inside, whose it is, that a probe verifies, and nothing wrong', () => {
    const found = inspect(fileOf(authority, signing()), RUC);
    expect(found).toMatchObject({
      usable: true,
      opened: true,
      mac: 'sha1',
      ciphers: [expect.stringContaining('des-ede3-cbc')],
      ruc: RUC,
      daysLeft: 401,
      probe: { sha1: true, sha256: true },
      problems: [],
    });
    expect(found.certificates).toMatchObject([
      { isAuthority: true, hasKey: false, signs: false, notChosen: 'AUTHORITY' },
      { authority: 'Security Data', ruc: RUC, hasKey: true, signs: true, keyType: 'rsa', keyBits: 2048 },
    ]);
  });

  it('of a file of Banco Central, with a key for signatures and one for decryption', () => {
    const other = newKey();
    const open = { algorithm: '3des', useMac: false } as const;
    const decrypting = makeCertificate({ key: other, extensions: [...DECRYPTING, named()] });
    const merged = mergeP12(makeP12(other, [decrypting], PASSWORD, open), makeP12(key, [signing()], PASSWORD, open));
    expect(inspect(merged).certificates.map(({ signs, notChosen }) => [signs, notChosen])).toEqual([
      [false, 'NOT_FOR_SIGNING'],
      [true, undefined],
    ]);
  });

  it('of a renewal beside the one before', () => {
    const before = signing({ notAfter: new Date('2027-01-01T00:00:00Z') });
    const { certificates, daysLeft } = inspect(fileOf(before, signing()));
    expect(certificates.map(({ notChosen }) => notChosen)).toEqual(['ANOTHER_IS_VALID_LONGER', undefined]);
    expect(daysLeft).toBe(401);
  });

  it.each([
    ['no file', Buffer.from('no'), ['NOT_A_P12']],
    ['only a key for decryption', fileOf(makeCertificate({ key, extensions: DECRYPTING })), ['NO_SIGNING_CERTIFICATE']],
    ['a certificate of another key', fileOf(makeCertificate({ key: newKey() })), ['NO_MATCHING_CERTIFICATE']],
    ['one that has expired', fileOf(signing({ notAfter: new Date('2026-11-24T00:00:00Z') })), ['EXPIRED']],
    ['one that ends soon', fileOf(signing({ notAfter: new Date('2026-12-01T00:00:00Z') })), ['EXPIRES_SOON']],
    ['one of tomorrow', fileOf(signing({ notBefore: new Date('2026-11-26T00:00:00Z') })), ['NOT_YET_VALID']],
    ['one of nobody', fileOf(signing({ extensions: SIGNING })), ['RUC_NOT_FOUND', 'UNKNOWN_AUTHORITY']],
  ])('of %s', (_, file, codes) => {
    expect(codesOf(file)).toEqual(codes);
  });

  it('of a key that is too small', () => {
    const small = newKey(1024);
    const file = makeP12(small, [makeCertificate({ key: small })], PASSWORD);
    expect(codesOf(file)).toEqual(['KEY_UNUSABLE']);
  });

  it('of a file without a key', () => {
    const found = inspect(makeP12(null, [signing()], PASSWORD));
    expect(found.problems.map(({ code }) => code)).toEqual(['NO_KEY']);
    expect(found.certificates.map(({ notChosen }) => notChosen)).toEqual(['NO_KEY']);
  });

  it('of a wrong password, without a word of it', () => {
    const found = inspect(fileOf(signing()), RUC, 'otra-clave');
    expect(found).toEqual({
      opened: false,
      usable: false,
      ciphers: [],
      certificates: [],
      problems: [{ code: 'WRONG_PASSWORD', severity: 'error' }],
    });
  });

  it('of another taxpayer’s', () => {
    expect(codesOf(fileOf(signing()), '1710034065001')).toEqual(['RUC_MISMATCH']);
    expect(inspect(fileOf(signing()), '1710034065001').usable).toBe(false);
  });

  it.each(oddCertificates(key))(
    'of one of which %s cannot be read, alone and beside one that is good',
    (_, odd, der) => {
      const open = { algorithm: '3des', useMac: false } as const;
      const damaged = (...certificates: Parameters<typeof makeP12>[1]) =>
        replaced(makeP12(key, certificates, PASSWORD, open), certificateDer(odd), der);
      expect(inspect(damaged(odd))).toMatchObject({ opened: true, problems: [{ code: 'NO_MATCHING_CERTIFICATE' }] });
      expect(inspect(damaged(odd, signing()), RUC)).toMatchObject({ usable: true, problems: [] });
    },
  );

  it('of a file whose cipher is unknown, which is no damage', () => {
    const [tripleDes, rc4] = ['2a864886f70d010c0103', '2a864886f70d010c0101'].map((hex) => Buffer.from(hex, 'hex'));
    const file = makeP12(key, [signing()], PASSWORD, { algorithm: '3des', useMac: false });
    expect(codesOf(replaced(file, tripleDes!, rc4!))).toEqual(['UNSUPPORTED_ENCRYPTION']);
  });

  it('of one that somebody signed for himself with an authority’s identifiers', () => {
    const name = [{ type: COMMON_NAME, value: 'SECURITY DATA' }];
    const own = makeCertificate({ key, subject: name, issuer: name, extensions: [...SIGNING, named()] });
    expect(inspect(fileOf(own), RUC)).toMatchObject({ usable: true, problems: [{ code: 'UNKNOWN_AUTHORITY' }] });
  });

  it('counts its days as the notifications do, by the calendar of Ecuador', () => {
    const tonight = signing({ notAfter: new Date('2026-11-26T04:59:59Z') });
    expect(inspect(fileOf(tonight), RUC)).toMatchObject({ daysLeft: 0, problems: [{ code: 'EXPIRES_SOON' }] });
  });

  it('never fails, whatever is changed in a file', () => {
    const file = makeP12(key, [authority, signing()], PASSWORD, { algorithm: '3des', useMac: false });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(file);
        changed[at]! ^= change;
        const { usable, problems } = inspect(changed, RUC);
        expect(usable).toBe(problems.every(({ severity }) => severity === 'warning'));
      }),
      { numRuns: 50 },
    );
  });

  it('of a person’s, whose RUC is the cédula and 001', () => {
    const person = signing({
      extensions: [...SIGNING, { id: '1.3.6.1.4.1.37746.3.1', value: asn1String('1710034065') }],
    });
    expect(inspect(fileOf(person), '1710034065001')).toMatchObject({ ruc: '1710034065001', usable: true });
  });

  it('of a file in BER', () => {
    expect(inspect(toBer(fileOf(signing())), RUC)).toMatchObject({ usable: true });
  });

  it('is usable with warnings alone', () => {
    const file = fileOf(signing({ notAfter: new Date('2026-12-01T00:00:00Z') }));
    expect(inspect(file, RUC).usable).toBe(true);
  });

  it('has words for every problem, in both languages, with what to do', () => {
    for (const code of PROBLEM_CODES) {
      for (const { message, remedy } of Object.values(PROBLEM_WORDS[code])) {
        expect(message).toMatch(/\.$/);
        expect(remedy.length).toBeGreaterThan(20);
      }
    }
    for (const words of Object.values(NOT_CHOSEN_WORDS)) expect(Object.keys(words)).toEqual(['es', 'en']);
  });
});
