import { type KeyObject, X509Certificate, createPrivateKey } from 'node:crypto';
import { type Asn1Node, MalformedAsn1, derOf, octetsOf, oidOf, parseAsn1, parts } from './asn1.ts';
import { CertificateError, type CertificateErrorReason } from './certificate-error.ts';
import { type CertificateFacts, readCertificate } from './certificate-facts.ts';
import {
  DerivationBudget,
  type PasswordSpelling,
  cipherName,
  decrypt,
  macMatches,
  macName,
  wrongPassword,
} from './password-encryption.ts';

/** The files that authorities sell have 3 to 20 kB. */
const MAX_BYTES = 256 * 1024;
const MIN_KEY_BITS = 2048;
const MAX_KEY_BITS = 4096;

const SEQUENCE = 0x30;

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const BAG = '1.2.840.113549.1.12.10.1';
const KEY_BAG = `${BAG}.1`;
const SHROUDED_KEY_BAG = `${BAG}.2`;
const CERTIFICATE_BAG = `${BAG}.3`;
const SAFE_CONTENTS_BAG = `${BAG}.6`;

/** A signer's certificate with its key. */
export interface SigningCertificate {
  /** PKCS#8. */
  privateKeyDer: Buffer;
  certificateDer: Buffer;
  facts: CertificateFacts;
}

/**
 * Opens a PKCS#12 file (`.p12`, `.pfx`; RFC 7292) and finds the certificate to sign with: not by its place in the file,
 * but as the one that belongs to a key inside, is no authority's, and may be used for digital signatures. Of several,
 * the one that is valid longest. Whose it is and whether it is valid today is not looked at.
 * @throws CertificateError CERTIFICATE_INVALID, CERTIFICATE_PASSWORD_INVALID or CERTIFICATE_KEY_NOT_FOUND
 */
export function openPkcs12(bytes: Uint8Array, password: string): SigningCertificate {
  return chooseSigner(readPkcs12(bytes, password));
}

interface FoundCertificate {
  certificate: X509Certificate;
  publicKey: KeyObject;
  facts: CertificateFacts;
}

/** What a file holds, in no order, and how it is protected. */
export interface Pkcs12Contents {
  keys: KeyObject[];
  /** Those that can be read. */
  certificates: FoundCertificate[];
  /** Digest of the MAC. */
  mac?: string;
  /** Ciphers, each once. */
  ciphers: string[];
}

/**
 * Everything in a PKCS#12 file.
 * @throws CertificateError CERTIFICATE_INVALID or CERTIFICATE_PASSWORD_INVALID
 */
export function readPkcs12(bytes: Uint8Array, password: string): Pkcs12Contents {
  try {
    return readFile(bytes, password);
  } catch (error) {
    if (error instanceof CertificateError) throw error;
    throw new CertificateError(
      'CERTIFICATE_INVALID',
      'The file is not a PKCS#12 certificate file, or is damaged.',
      'NOT_A_P12',
    );
  }
}

/** Decrypts a structure of the file, given its AlgorithmIdentifier. */
type Unlock = (algorithm: Asn1Node | undefined, encrypted: Asn1Node | undefined) => Buffer;

function readFile(bytes: Uint8Array, password: string): Pkcs12Contents {
  if (bytes.length > MAX_BYTES) throw new MalformedAsn1('far too long');
  const [, authenticatedSafe, macData] = parts(parseAsn1(bytes));
  const [type, content] = parts(authenticatedSafe);
  if (oidOf(type) !== DATA) throw new MalformedAsn1('not protected by a password');
  const safe = octetsOf(parts(content)[0]);
  const budget = new DerivationBudget();
  for (const spelling of spellings(password)) {
    try {
      if (!macMatches(macData, safe, spelling, budget)) continue;
      const mac = macName(macData);
      const contents = readSafe(safe, (algorithm, encrypted) => unlock(algorithm, encrypted, spelling, budget));
      return { ...contents, ...(mac === undefined ? {} : { mac }) };
    } catch (error) {
      if (!(error instanceof CertificateError && error.code === 'CERTIFICATE_PASSWORD_INVALID')) throw error;
    }
  }
  throw wrongPassword();
}

/**
 * Programs agree about ASCII only. Beyond it PBKDF2 is given UTF-8 (OpenSSL, Windows) or Latin-1 (node-forge), and
 * PKCS#12's own derivation the characters, or each byte of their UTF-8 as if it were one (OpenSSL before 1.1). To that
 * derivation an empty password is no bytes (Windows), or the two zeros that end every other (OpenSSL).
 */
function spellings(password: string): PasswordSpelling[] {
  const utf8 = Buffer.from(password, 'utf8');
  if (password === '') return ['', null].map((text) => ({ text, bytes: utf8 }));
  const latin1 = Buffer.from(password, 'latin1');
  if (utf8.equals(latin1)) return [{ text: password, bytes: utf8 }];
  return [
    { text: password, bytes: utf8 },
    { text: password, bytes: latin1 },
    { text: utf8.toString('latin1'), bytes: utf8 },
  ];
}

/** Keys and bags are sequences: anything else shows a wrong password, where the padding happened to be right. */
function unlock(
  algorithm: Asn1Node | undefined,
  encrypted: Asn1Node | undefined,
  password: PasswordSpelling,
  budget: DerivationBudget,
): Buffer {
  const der = decrypt(algorithm, octetsOf(encrypted), password, budget);
  if (der[0] !== SEQUENCE) throw wrongPassword();
  try {
    parseAsn1(der);
    return der;
  } catch {
    throw wrongPassword();
  }
}

function readSafe(safe: Buffer, unlockWith: Unlock): Pkcs12Contents {
  const contents: Pkcs12Contents = { keys: [], certificates: [], ciphers: [] };
  const open: Unlock = (algorithm, encrypted) => {
    const cipher = cipherName(algorithm);
    if (cipher !== undefined && !contents.ciphers.includes(cipher)) contents.ciphers.push(cipher);
    return unlockWith(algorithm, encrypted);
  };
  for (const contentInfo of parts(parseAsn1(safe))) {
    const [type, wrapped] = parts(contentInfo);
    const content = parts(wrapped)[0];
    switch (oidOf(type)) {
      case DATA:
        readBags(parseAsn1(octetsOf(content)), open, contents);
        break;
      case ENCRYPTED_DATA: {
        const [, algorithm, encrypted] = parts(parts(content)[1]);
        readBags(parseAsn1(open(algorithm, encrypted)), open, contents);
      }
    }
  }
  return contents;
}

/** Adds the keys and certificates of a SafeContents; what is neither is left out. */
function readBags(bags: Asn1Node | undefined, open: Unlock, contents: Pkcs12Contents): void {
  for (const bag of parts(bags)) {
    const [type, wrapped] = parts(bag);
    const value = parts(wrapped)[0];
    switch (oidOf(type)) {
      case KEY_BAG:
        if (value !== undefined) addKey(derOf(value), contents);
        break;
      case SHROUDED_KEY_BAG: {
        const [algorithm, encrypted] = parts(value);
        addKey(open(algorithm, encrypted), contents);
        break;
      }
      case CERTIFICATE_BAG: {
        const [certificateType, certificate] = parts(value);
        if (oidOf(certificateType) === X509_CERTIFICATE) addCertificate(octetsOf(parts(certificate)[0]), contents);
        break;
      }
      case SAFE_CONTENTS_BAG:
        readBags(value, open, contents);
    }
  }
}

function addKey(der: Buffer, { keys }: Pkcs12Contents): void {
  try {
    keys.push(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  } catch {
    // A key of a kind that OpenSSL does not know signs no XML.
  }
}

function addCertificate(der: Buffer, { certificates }: Pkcs12Contents): void {
  try {
    const certificate = new X509Certificate(der);
    certificates.push({ certificate, publicKey: certificate.publicKey, facts: readCertificate(certificate.raw) });
  } catch {
    // Files carry odd certificates beside the signer's; if it was the signer's, its key remains without one.
  }
}

/** Why a certificate of a file is not the one to sign with. */
export type NotChosen = 'AUTHORITY' | 'NO_KEY' | 'NOT_FOR_SIGNING' | 'KEY_UNUSABLE' | 'ANOTHER_IS_VALID_LONGER';

export interface Candidate extends FoundCertificate {
  /** Its key, if that is in the file. */
  key?: KeyObject;
  /** Absent: it is the one. */
  notChosen?: NotChosen;
}

/** Each certificate of a file, and whether it is the one to sign with. */
export function candidatesIn({ keys, certificates }: Pkcs12Contents): Candidate[] {
  const candidates = certificates.map((found): Candidate => {
    const { certificate, facts } = found;
    const key = keys.find((entry) => certificate.checkPrivateKey(entry));
    const notChosen = obstacle(certificate, facts, key);
    return {
      ...found,
      ...(key === undefined ? {} : { key }),
      ...(notChosen === undefined ? {} : { notChosen }),
    };
  });
  const [chosen] = candidates
    .filter(({ notChosen }) => notChosen === undefined)
    .toSorted((a, b) => b.facts.notAfter.getTime() - a.facts.notAfter.getTime());
  for (const candidate of candidates) {
    if (candidate.notChosen === undefined && candidate !== chosen) candidate.notChosen = 'ANOTHER_IS_VALID_LONGER';
  }
  return candidates;
}

/** In the order in which they matter: whose key is there, what it is for, whether SRI takes it. */
function obstacle(
  certificate: X509Certificate,
  { keyUsage }: CertificateFacts,
  key: KeyObject | undefined,
): NotChosen | undefined {
  if (key === undefined) return certificate.ca ? 'AUTHORITY' : 'NO_KEY';
  if (certificate.ca) return 'AUTHORITY';
  if (keyUsage.length > 0 && !keyUsage.includes('digitalSignature')) return 'NOT_FOR_SIGNING';
  return hasUsableSize(key) ? undefined : 'KEY_UNUSABLE';
}

/** @throws CertificateError CERTIFICATE_KEY_NOT_FOUND, or CERTIFICATE_INVALID for a key of the wrong kind or size */
export function chooseSigner(contents: Pkcs12Contents): SigningCertificate {
  if (contents.keys.length === 0) throw keyNotFound('NO_KEY', 'The certificate file holds no private key.');
  const candidates = candidatesIn(contents);
  const withKey = candidates.filter(({ key }) => key !== undefined);
  if (withKey.length === 0) {
    throw keyNotFound(
      'NO_MATCHING_CERTIFICATE',
      'The certificate file holds no certificate that belongs to its private key.',
    );
  }
  const chosen = withKey.find(({ notChosen }) => notChosen === undefined);
  if (chosen !== undefined) {
    return {
      privateKeyDer: chosen.key!.export({ type: 'pkcs8', format: 'der' }),
      certificateDer: chosen.certificate.raw,
      facts: chosen.facts,
    };
  }
  if (withKey.some(({ notChosen }) => notChosen === 'KEY_UNUSABLE')) {
    throw new CertificateError(
      'CERTIFICATE_INVALID',
      `The certificate's key is not an RSA key of ${MIN_KEY_BITS} to ${MAX_KEY_BITS} bits.`,
      'KEY_UNUSABLE',
    );
  }
  throw keyNotFound(
    'NO_SIGNING_CERTIFICATE',
    'The certificate file holds no certificate for digital signatures, only for other uses.',
  );
}

function hasUsableSize({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return asymmetricKeyType === 'rsa' && bits >= MIN_KEY_BITS && bits <= MAX_KEY_BITS;
}

function keyNotFound(reason: CertificateErrorReason, sentence: string): CertificateError {
  return new CertificateError('CERTIFICATE_KEY_NOT_FOUND', sentence, reason);
}
