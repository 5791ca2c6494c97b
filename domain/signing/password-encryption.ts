import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { type Asn1Node, integerOf, octetsOf, oidOf, parts } from './asn1.ts';
import { CertificateError } from './certificate-error.ts';

/** One way in which a program may have turned a password into bytes. */
export interface PasswordSpelling {
  /** What PKCS#12's own key derivation takes, as UTF-16 with a zero at its end (RFC 7292 appendix B.1); null: no bytes. */
  text: string | null;
  /** What PBKDF2 takes. */
  bytes: Buffer;
}

/**
 * Rounds of key derivation that may be spent on one file: some seconds. Firefox asks for 600,000 for the MAC, the
 * certificates and each key, which is the most to be seen; without an end, a small file could hold us up for hours.
 */
const MAX_ROUNDS = 2_500_000;

/** Counts the rounds of key derivation that one file asks for. */
export class DerivationBudget {
  #left = MAX_ROUNDS;

  /** @throws CertificateError CERTIFICATE_INVALID when the file asks for more than is left, before any of it is done */
  spend(rounds: bigint): void {
    if (rounds < 1n || rounds > BigInt(this.#left)) {
      throw new CertificateError(
        'CERTIFICATE_INVALID',
        'The certificate file asks for an unreasonable number of rounds to check its password.',
        'TOO_MANY_ROUNDS',
      );
    }
    this.#left -= Number(rounds);
  }
}

export function wrongPassword(): CertificateError {
  return new CertificateError(
    'CERTIFICATE_PASSWORD_INVALID',
    'The password does not open the certificate file.',
    'WRONG_PASSWORD',
  );
}

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const HMAC_SHA1 = '1.2.840.113549.2.7';

const PRFS: Readonly<Record<string, string>> = {
  [HMAC_SHA1]: 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Names as node:crypto has them, but for RC2, which it lacks; key lengths in bytes. */
const PBES2_CIPHERS: Readonly<Record<string, { name: string; keyLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24 },
};
const PKCS12_CIPHERS: Readonly<Record<string, { name: string; keyLength: number }>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', keyLength: 24 },
  '1.2.840.113549.1.12.1.4': { name: 'des-ede-cbc', keyLength: 16 },
  '1.2.840.113549.1.12.1.5': { name: 'rc2', keyLength: 16 },
  '1.2.840.113549.1.12.1.6': { name: 'rc2', keyLength: 5 },
};

const MAC_DIGESTS: Readonly<Record<string, 'sha1' | 'sha256' | 'sha384' | 'sha512'>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** What a file is protected with: such as `aes-256-cbc` (PBES2) or `rc2` of 40 bits; nothing where it is unknown here. */
export function cipherName(algorithm: Asn1Node | undefined): string | undefined {
  const [type, parameters] = parts(algorithm);
  const oid = oidOf(type);
  if (oid !== PBES2) {
    const cipher = PKCS12_CIPHERS[oid];
    return cipher && `${cipher.name}, ${cipher.keyLength * 8} bits`;
  }
  return PBES2_CIPHERS[oidOf(parts(parts(parameters)[1])[0])]?.name;
}

/** The digest of a file's MAC; nothing where there is none, or one that is unknown here. */
export function macName(macData: Asn1Node | undefined): string | undefined {
  if (macData === undefined) return undefined;
  return MAC_DIGESTS[oidOf(parts(parts(parts(macData)[0])[0])[0])];
}

/** Purposes of a derived key, RFC 7292 appendix B.3. */
const FOR_KEY = 1;
const FOR_IV = 2;
const FOR_MAC = 3;

/**
 * Whether the file's MAC (RFC 7292 §4) was made with the password. Also true where there is none, or one of a kind
 * unknown here: the decryption then decides.
 */
export function macMatches(
  macData: Asn1Node | undefined,
  content: Buffer,
  password: PasswordSpelling,
  budget: DerivationBudget,
): boolean {
  if (macData === undefined) return true;
  const [digestInfo, salt, iterations] = parts(macData);
  const [algorithm, expected] = parts(digestInfo);
  const digest = MAC_DIGESTS[oidOf(parts(algorithm)[0])];
  if (digest === undefined) return true;
  const rounds = iterations === undefined ? 1n : integerOf(iterations);
  const length = forge.md[digest].create().digestLength;
  const key = deriveKey({ password, salt: octetsOf(salt), rounds, purpose: FOR_MAC, length, digest, budget });
  return createHmac(digest, key).update(content).digest().equals(octetsOf(expected));
}

/**
 * Decrypts what is encrypted under a password.
 * @param algorithm the AlgorithmIdentifier: PBES2 (RFC 8018 §6.2) or one of PKCS#12's own (RFC 7292 appendix C)
 * @throws CertificateError CERTIFICATE_PASSWORD_INVALID; CERTIFICATE_INVALID for an algorithm unknown here
 */
export function decrypt(
  algorithm: Asn1Node | undefined,
  data: Buffer,
  password: PasswordSpelling,
  budget: DerivationBudget,
): Buffer {
  const [type, parameters] = parts(algorithm);
  const oid = oidOf(type);
  if (oid === PBES2) return decryptPbes2(parameters, data, password, budget);
  const cipher = known(PKCS12_CIPHERS, oid);
  const [salt, iterations] = parts(parameters);
  const derivation = { password, salt: octetsOf(salt), rounds: integerOf(iterations), digest: 'sha1', budget } as const;
  const key = deriveKey({ ...derivation, purpose: FOR_KEY, length: cipher.keyLength });
  const iv = deriveKey({ ...derivation, purpose: FOR_IV, length: 8 });
  return cipher.name === 'rc2' ? decipherRc2(key, iv, data) : decipher(cipher.name, key, iv, data);
}

function decryptPbes2(
  parameters: Asn1Node | undefined,
  data: Buffer,
  password: PasswordSpelling,
  budget: DerivationBudget,
): Buffer {
  const [derivation, encryption] = parts(parameters);
  const [derivationType, derivationParameters] = parts(derivation);
  const derivationOid = oidOf(derivationType);
  if (derivationOid !== PBKDF2) throw unknownAlgorithm(derivationOid);
  const [salt, iterations, ...optional] = parts(derivationParameters);
  // The key's length may come before the function's identifier; the cipher tells it as well.
  const prfIdentifier = optional.find((node) => Array.isArray(node.value));
  const prf = known(PRFS, prfIdentifier === undefined ? HMAC_SHA1 : oidOf(parts(prfIdentifier)[0]));
  const [cipherType, iv] = parts(encryption);
  const { name, keyLength } = known(PBES2_CIPHERS, oidOf(cipherType));
  const rounds = integerOf(iterations);
  budget.spend(rounds);
  const key = pbkdf2Sync(password.bytes, octetsOf(salt), Number(rounds), keyLength, prf);
  return decipher(name, key, octetsOf(iv), data);
}

function decipher(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = createDecipheriv(name, key, iv);
  try {
    return Buffer.concat([cipher.update(data), cipher.final()]);
  } catch {
    throw wrongPassword();
  }
}

function decipherRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = forge.rc2.createDecryptionCipher(forgeBuffer(key), key.length * 8);
  cipher.start(forgeBuffer(iv));
  cipher.update(forgeBuffer(data));
  if (!cipher.finish()) throw wrongPassword();
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/** The key derivation of RFC 7292 appendix B.2. */
function deriveKey(options: {
  password: PasswordSpelling;
  salt: Buffer;
  rounds: bigint;
  purpose: number;
  length: number;
  digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  budget: DerivationBudget;
}): Buffer {
  const { password, salt, rounds, purpose, length, digest, budget } = options;
  const md = forge.md[digest].create();
  // In JavaScript, a round of SHA-512 and its like takes three times as long as one of the others.
  const cost = Math.ceil(length / md.digestLength) * (md.blockLength === 128 ? 3 : 1);
  budget.spend(rounds * BigInt(cost));
  const key = forge.pkcs12.generateKey(password.text, forgeBuffer(salt), purpose, Number(rounds), length, md);
  return Buffer.from(key.getBytes(), 'latin1');
}

function forgeBuffer(bytes: Buffer): forge.util.ByteStringBuffer {
  return forge.util.createBuffer(bytes.toString('latin1'), 'raw');
}

function known<T>(table: Readonly<Record<string, T>>, oid: string): T {
  const entry = table[oid];
  if (entry === undefined) throw unknownAlgorithm(oid);
  return entry;
}

function unknownAlgorithm(oid: string): CertificateError {
  return new CertificateError(
    'CERTIFICATE_INVALID',
    `The certificate file is encrypted in a way that is not supported (${oid}).`,
    'UNSUPPORTED_ENCRYPTION',
  );
}
