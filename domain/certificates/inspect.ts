import { CertificateError } from '../signing/certificate-error.ts';
import { type CertificateFacts, certificateMatchesRuc, rucOf } from '../signing/certificate-facts.ts';
import {
  type Candidate,
  candidatesIn,
  chooseSigner,
  type NotChosen,
  type Pkcs12Contents,
  readPkcs12,
} from '../signing/pkcs12.ts';
import { signatureVerifies } from '../signing/probe.ts';
import { daysRemaining, thresholdOf } from './expiry.ts';
import type { CertificateProblem } from './problems.ts';

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
  /** Of the public key, such as `rsa`, and its bits, which only some kinds have. */
  keyType: string;
  keyBits?: number;
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
  /** Until the signing certificate ends, as `daysRemaining` counts them. */
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
    return notOpened(error);
  }
  const { mac, ciphers } = contents;
  const certificates = candidatesIn(contents).map(shown);
  const inside = { opened: true, ...(mac === undefined ? {} : { mac }), ciphers, certificates };
  try {
    const signer = chooseSigner(contents);
    const { facts } = signer;
    const found = rucOf(facts);
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
      daysLeft: daysRemaining(facts.notAfter, now),
      probe,
      problems,
      usable: problems.every(({ severity }) => severity !== 'error'),
    };
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return { ...inside, problems: [problemOf(error)], usable: false };
  }
}

/** What can be told of a file that could not be opened. */
export function notOpened(error: CertificateError): Inspection {
  return { opened: false, ciphers: [], certificates: [], problems: [problemOf(error)], usable: false };
}

const problemOf = ({ reason = 'NOT_A_P12' }: CertificateError): CertificateProblem => ({
  code: reason,
  severity: 'error',
});

function problemsOf(facts: CertificateFacts, ruc: string | undefined, now: Date): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  if (now > facts.notAfter) problems.push({ code: 'EXPIRED', severity: 'error' });
  else if (thresholdOf(daysRemaining(facts.notAfter, now)) !== undefined)
    problems.push({ code: 'EXPIRES_SOON', severity: 'warning' });
  if (now < facts.notBefore) problems.push({ code: 'NOT_YET_VALID', severity: 'error' });
  if (rucOf(facts) === undefined) problems.push({ code: 'RUC_NOT_FOUND', severity: 'error' });
  else if (ruc !== undefined && !certificateMatchesRuc(facts, ruc))
    problems.push({ code: 'RUC_MISMATCH', severity: 'error' });
  // Whoever signs for himself can write an authority's identifiers into it.
  if (facts.authority === undefined || facts.subject === facts.issuerName)
    problems.push({ code: 'UNKNOWN_AUTHORITY', severity: 'warning' });
  return problems;
}

function shown({ certificate, publicKey, facts, key, notChosen }: Candidate): InspectedCertificate {
  const { fingerprint, subject, issuerName, serial, authority, ruc, cedula, notBefore, notAfter, keyUsage } = facts;
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = publicKey;
  const keyBits = asymmetricKeyDetails?.modulusLength;
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
    ...(keyBits === undefined ? {} : { keyBits }),
    isAuthority: certificate.ca,
    hasKey: key !== undefined,
    signs: notChosen === undefined,
    ...(notChosen === undefined ? {} : { notChosen }),
  };
}
