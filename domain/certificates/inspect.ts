import { CertificateError } from '../signing/certificate-error.ts';
import { type CertificateFacts, certificateMatchesRuc } from '../signing/certificate-facts.ts';
import {
  type Candidate,
  candidatesIn,
  chooseSigner,
  type NotChosen,
  type Pkcs12Contents,
  readPkcs12,
} from '../signing/pkcs12.ts';
import { signatureVerifies } from '../signing/probe.ts';
import type { CertificateProblem } from './problems.ts';

const DAY_MS = 86_400_000;
/** As long before its end as the first notification comes. */
const SOON_DAYS = 30;

export interface InspectedCertificate {
  fingerprint: string;
  subject: string;
  issuerName: string;
  serial: string;
  /** One of Ecuador's authorities that are known here. */
  authority?: string;
  ruc?: string;
  cedula?: string;
  notBefore: Date;
  notAfter: Date;
  keyUsage: string[];
  /** Of the public key, such as `rsa`, and its bits. */
  keyType: string;
  keyBits: number;
  isAuthority: boolean;
  /** Its private key is in the file. */
  hasKey: boolean;
  /** Documents would be signed with it. */
  signs: boolean;
  notChosen?: NotChosen;
}

/** What a certificate file is good for. */
export interface Inspection {
  /** Whether the file and its password fit together. */
  opened: boolean;
  /** Digest of the MAC, and the ciphers: how the file is protected. */
  mac?: string;
  ciphers: string[];
  certificates: InspectedCertificate[];
  /** RUC that the signing certificate is for; a person's is the cédula and 001. */
  ruc?: string;
  /** Whole days until the signing certificate ends; negative afterwards. */
  daysLeft?: number;
  /** Whether a probe that was signed with it has been verified; absent when nothing in the file signs. */
  probe?: { sha1: boolean; sha256: boolean };
  problems: CertificateProblem[];
  /** Documents can be signed with it today. */
  usable: boolean;
}

/** Everything that can be told of a certificate file; nothing is kept, and a file that is no good is no error. */
export function inspectCertificate(
  { pkcs12, password, ruc }: { pkcs12: Uint8Array; password: string; ruc?: string | undefined },
  now: Date,
): Inspection {
  let contents: Pkcs12Contents;
  try {
    contents = readPkcs12(pkcs12, password);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const problems: CertificateProblem[] = [{ code: error.reason ?? 'NOT_A_P12', severity: 'error' }];
    return { opened: false, ciphers: [], certificates: [], problems, usable: false };
  }
  const { mac, ciphers } = contents;
  const certificates = candidatesIn(contents).map(shown);
  const inside = { opened: true, ...(mac === undefined ? {} : { mac }), ciphers, certificates };
  try {
    const signer = chooseSigner(contents);
    const { facts } = signer;
    const found = facts.ruc ?? (facts.cedula === undefined ? undefined : `${facts.cedula}001`);
    const probe = {
      sha1: signatureVerifies(signer, 'sha1', now),
      sha256: signatureVerifies(signer, 'sha256', now),
    };
    const problems = problemsOf(facts, ruc, now);
    const valid = now >= facts.notBefore && now <= facts.notAfter;
    if (valid && !(probe.sha1 && probe.sha256)) problems.push({ code: 'PROBE_FAILED', severity: 'error' });
    return {
      ...inside,
      ...(found === undefined ? {} : { ruc: found }),
      daysLeft: Math.floor((facts.notAfter.getTime() - now.getTime()) / DAY_MS),
      probe,
      problems,
      usable: problems.every(({ severity }) => severity !== 'error'),
    };
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return { ...inside, problems: [{ code: error.reason ?? 'NOT_A_P12', severity: 'error' }], usable: false };
  }
}

function problemsOf(facts: CertificateFacts, ruc: string | undefined, now: Date): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  const left = facts.notAfter.getTime() - now.getTime();
  if (left < 0) problems.push({ code: 'EXPIRED', severity: 'error' });
  else if (left < SOON_DAYS * DAY_MS) problems.push({ code: 'EXPIRES_SOON', severity: 'warning' });
  if (now < facts.notBefore) problems.push({ code: 'NOT_YET_VALID', severity: 'error' });
  if (facts.ruc === undefined && facts.cedula === undefined)
    problems.push({ code: 'RUC_NOT_FOUND', severity: 'error' });
  else if (ruc !== undefined && !certificateMatchesRuc(facts, ruc))
    problems.push({ code: 'RUC_MISMATCH', severity: 'error' });
  if (facts.authority === undefined) problems.push({ code: 'UNKNOWN_AUTHORITY', severity: 'warning' });
  return problems;
}

function shown({ certificate, facts, key, notChosen }: Candidate): InspectedCertificate {
  const { fingerprint, subject, issuerName, serial, authority, ruc, cedula, notBefore, notAfter, keyUsage } = facts;
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey;
  return {
    fingerprint,
    subject,
    issuerName,
    serial,
    ...(authority === undefined ? {} : { authority }),
    ...(ruc === undefined ? {} : { ruc }),
    ...(cedula === undefined ? {} : { cedula }),
    notBefore,
    notAfter,
    keyUsage,
    keyType: asymmetricKeyType,
    keyBits: asymmetricKeyDetails?.modulusLength ?? 0,
    isAuthority: certificate.ca,
    hasKey: key !== undefined,
    signs: notChosen === undefined,
    ...(notChosen === undefined ? {} : { notChosen }),
  };
}
