import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';

export interface Attribute {
  type: string;
  value: string;
  /** The ASN.1 string type's tag; default UTF8String. */
  tag?: number;
}

export interface CertificateOptions {
  /** PKCS#8 PEM of the certificate's own key. */
  key: string;
  /** PKCS#8 PEM of the key that signs it; default: its own. */
  issuerKey?: string;
  subject?: Attribute[];
  /** Default: a plain authority. */
  issuer?: Attribute[];
  /** Hex. */
  serial?: string;
  /** As node-forge takes them. */
  extensions?: object[];
  notBefore?: Date;
  notAfter?: Date;
}

export const COUNTRY = '2.5.4.6';
export const ORGANIZATION = '2.5.4.10';
export const COMMON_NAME = '2.5.4.3';
export const UTF8 = 12;
export const PRINTABLE = 19;
export const IA5 = 22;

/** Extensions of a certificate for signing. */
export const SIGNING = [{ name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true }];
/** Extensions of one that only decrypts, like the second certificate of Banco Central's files. */
export const DECRYPTING = [{ name: 'keyUsage', critical: true, keyEncipherment: true }];
/** Extensions of an authority's. */
export const AUTHORITY = [
  { name: 'basicConstraints', critical: true, cA: true },
  { name: 'keyUsage', critical: true, keyCertSign: true, digitalSignature: true },
];

export function newKey(bits = 2048): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function makeCertificate(options: CertificateOptions): forge.pki.Certificate {
  const { n, e } = forge.pki.privateKeyFromPem(options.key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(n, e);
  certificate.serialNumber = options.serial ?? '0102';
  certificate.validity.notBefore = options.notBefore ?? new Date('2026-01-01T00:00:00Z');
  certificate.validity.notAfter = options.notAfter ?? new Date('2028-01-01T00:00:00Z');
  certificate.setSubject((options.subject ?? [{ type: COMMON_NAME, value: 'Firmante de prueba' }]).map(field));
  certificate.setIssuer((options.issuer ?? [{ type: COMMON_NAME, value: 'Autoridad de prueba' }]).map(field));
  certificate.setExtensions(options.extensions ?? SIGNING);
  certificate.sign(forge.pki.privateKeyFromPem(options.issuerKey ?? options.key), forge.md.sha256.create());
  return certificate;
}

function field({ type, value, tag = UTF8 }: Attribute): forge.pki.CertificateField {
  return { type, value, valueTagClass: tag };
}

export function certificateDer(certificate: forge.pki.Certificate): Buffer {
  return toDer(forge.pki.certificateToAsn1(certificate));
}

/** The same bytes with others, as many, in the place of some. */
export function replaced(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  const changed = bytes.toString('latin1').replaceAll(from.toString('latin1'), to.toString('latin1'));
  return Buffer.from(changed, 'latin1');
}

/** Certificates in DER, each with something of its own that cannot be read. */
export function oddCertificates(key: string): [what: string, as: forge.pki.Certificate, der: Buffer][] {
  const names = [...SIGNING, { id: '2.5.29.17', value: asn1String('no list') }];
  const [unknown, dateless, nameless] = [{}, {}, { extensions: names }].map((options) =>
    makeCertificate({ key, ...options }),
  ) as [forge.pki.Certificate, forge.pki.Certificate, forge.pki.Certificate];
  const rsa = Buffer.from('2a864886f70d010101', 'hex');
  const none = Buffer.from('2a864886f70d010163', 'hex');
  const [january, thirteenth] = ['280101000000Z', '281301000000Z'].map((text) => Buffer.from(text)) as [Buffer, Buffer];
  return [
    ['its kind of key', unknown, replaced(certificateDer(unknown), rsa, none)],
    ['its last day', dateless, replaced(certificateDer(dateless), january, thirteenth)],
    ['its names', nameless, certificateDer(nameless)],
  ];
}

/** A string of that ASN.1 type, for the value of an extension. */
export function asn1String(text: string, tag: number = UTF8): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, tag, false, tag === UTF8 ? forge.util.encodeUtf8(text) : text);
}

/** A P12 as node-forge writes it, the certificates in the given order; with a key or without. */
export function makeP12(
  key: string | null,
  certificates: forge.pki.Certificate[],
  password: string | null,
  options: Parameters<typeof forge.pkcs12.toPkcs12Asn1>[3] = { algorithm: '3des' },
): Buffer {
  const forgeKey = key === null ? null : forge.pki.privateKeyFromPem(key);
  return toDer(forge.pkcs12.toPkcs12Asn1(forgeKey as forge.pki.rsa.PrivateKey, certificates, password, options));
}

/** A P12 without a MAC, and with this structure in the place of its key, encrypted. */
export function makeP12Of(inside: forge.asn1.Asn1, password: string): Buffer {
  const sequence = (...parts: forge.asn1.Asn1[]) =>
    forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SEQUENCE, true, parts);
  const oid = (text: string) =>
    forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.OID, false, forge.asn1.oidToDer(text).getBytes());
  const tagged = (node: forge.asn1.Asn1) =>
    forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [node]);
  const data = (node: forge.asn1.Asn1) => sequence(oid(forge.pki.oids['data']!), tagged(octets(node)));
  const octets = (node: forge.asn1.Asn1) => asn1String(toDer(node).toString('latin1'), forge.asn1.Type.OCTETSTRING);
  const encrypted = forge.pki.encryptPrivateKeyInfo(inside, password, { algorithm: 'aes256' });
  const bag = sequence(oid(forge.pki.oids['pkcs8ShroudedKeyBag']!), tagged(encrypted));
  return toDer(sequence(asn1String('\x03', forge.asn1.Type.INTEGER), data(sequence(data(sequence(bag))))));
}

/** The contents of several files in one, without a MAC; the files must have none either. */
export function mergeP12(...files: Buffer[]): Buffer {
  const pfxs = files.map((file) => forge.asn1.fromDer(file.toString('latin1')));
  const safes = pfxs.map((pfx) => forge.asn1.fromDer(authenticatedSafe(pfx).value as string));
  const first = pfxs[0]!;
  authenticatedSafe(first).value = toDer({ ...safes[0]!, value: safes.flatMap(children) }).toString('latin1');
  return toDer(first);
}

/** The file with another number of rounds in its MAC, which matches no more unless it is the right one. */
export function withMacRounds(p12: Buffer, rounds: number): Buffer {
  const pfx = forge.asn1.fromDer(p12.toString('latin1'));
  children(children(pfx)[2]!)[2]!.value = forge.asn1.integerToDer(rounds).getBytes();
  return toDer(pfx);
}

/** The octet string that holds everything but the MAC. */
function authenticatedSafe(pfx: forge.asn1.Asn1): forge.asn1.Asn1 {
  return children(children(children(pfx)[1]!)[1]!)[0]!;
}

function children(node: forge.asn1.Asn1): forge.asn1.Asn1[] {
  return node.value as forge.asn1.Asn1[];
}

function toDer(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

/** The same structure in BER with indefinite lengths and octet strings in chunks of 100 bytes, as Java and Windows may write it. */
export function toBer(der: Buffer): Buffer {
  return ber(forge.asn1.fromDer(der.toString('latin1')));
}

function ber(node: forge.asn1.Asn1): Buffer {
  const open = (contents: Buffer[]) =>
    Buffer.concat([Buffer.from([node.tagClass | node.type | 0x20, 0x80]), ...contents, Buffer.from([0, 0])]);
  if (Array.isArray(node.value)) return open(node.value.map(ber));
  if (node.type !== forge.asn1.Type.OCTETSTRING || node.value.length <= 100) return toDer(node);
  const chunks = node.value.match(/[^]{1,100}/g) ?? [];
  return open(chunks.map((chunk) => Buffer.concat([Buffer.from([4, chunk.length]), Buffer.from(chunk, 'latin1')])));
}

/** Whether a program answers at all. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

/** Runs a program in a folder with these files. */
export function runWithFiles(
  program: string,
  args: string[],
  files: Record<string, string | Buffer>,
  env: Record<string, string> = {},
): { status: number | null; stdout: Buffer; stderr: string } {
  const dir = mkdtempSync(join(tmpdir(), 'signing-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: dir, env: { ...process.env, ...env } });
    return { status, stdout, stderr: stderr.toString() };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A P12 as OpenSSL writes it. */
export function opensslP12(
  key: string,
  certificate: forge.pki.Certificate,
  chain: forge.pki.Certificate[],
  password: string,
  args: string[],
): Buffer {
  const { status, stdout, stderr } = runWithFiles(
    'openssl',
    ['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'certificate.pem', '-certfile', 'chain.pem']
      .concat(['-passout', 'env:P12_PASSWORD'])
      .concat(args),
    {
      'key.pem': key,
      'certificate.pem': forge.pki.certificateToPem(certificate),
      'chain.pem': chain.map((each) => forge.pki.certificateToPem(each)).join(''),
    },
    { P12_PASSWORD: password },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
