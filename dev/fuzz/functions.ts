import { XmlParseError } from 'libxml2-wasm';
import { readLine, splitLines } from '../../domain/batches/lines.ts';
import { validateXml } from '../../domain/format/schema-check.ts';
import { readDocumentTree } from '../../domain/format/ride/document-tree.ts';
import { Refusal } from '../../domain/refusal.ts';
import { CertificateError } from '../../domain/signing/certificate-error.ts';
import { readCertificate } from '../../domain/signing/certificate-facts.ts';
import { openPkcs12 } from '../../domain/signing/pkcs12.ts';
import { parseAuthorization, parseReception, settle } from '../../domain/sri/answers.ts';
import { readEnvelope } from '../../domain/sri/envelope.ts';
import { SriUnavailable } from '../../domain/sri/unavailable.ts';
import { decodeXml, XmlRefused } from '../../domain/sri/xml-tree.ts';
import { logoProblems } from '../../domain/tenants/logo.ts';
import type { Vocabulary } from './mutate.ts';
import {
  certificateSamples,
  lineSamples,
  P12_PASSWORD,
  p12Samples,
  pictureSamples,
  soapSamples,
  xmlSamples,
} from './samples.ts';
import { DER, JSON_TEXT, PICTURE, XML } from './vocabularies.ts';

/** A reader of outside bytes that is a function. */
export interface Reader {
  samples(): Buffer[];
  vocabulary: Vocabulary;
  /** The product's own ways to read them, one after the other: a reader that refuses does not keep the next from its turn. */
  read: readonly ((bytes: Buffer) => unknown)[];
  /** What it may throw to say no; anything else is a fault of ours. */
  refusals: readonly (new (...args: never[]) => Error)[];
}

export const READERS = {
  xml: {
    samples: xmlSamples,
    vocabulary: XML,
    read: [
      (bytes) => readEnvelope(decodeXml(bytes).text),
      (bytes) => validateXml('01', '2.1.0', bytes),
      (bytes) => readDocumentTree(decodeXml(bytes).text),
    ],
    refusals: [XmlRefused, XmlParseError],
  },
  soap: {
    samples: soapSamples,
    vocabulary: XML,
    read: [(bytes) => parseReception(bytes), (bytes) => settle(parseAuthorization(bytes, 'text/xml; charset=utf-8'))],
    refusals: [SriUnavailable],
  },
  p12: {
    samples: p12Samples,
    vocabulary: DER,
    read: [(bytes) => openPkcs12(bytes, P12_PASSWORD)],
    refusals: [CertificateError],
  },
  certificate: {
    samples: certificateSamples,
    vocabulary: DER,
    read: [readCertificate],
    refusals: [CertificateError],
  },
  picture: { samples: pictureSamples, vocabulary: PICTURE, read: [logoProblems], refusals: [] },
  lines: {
    samples: lineSamples,
    vocabulary: JSON_TEXT,
    read: [(bytes) => splitLines(bytes).map(readLine)],
    refusals: [Refusal],
  },
} as const satisfies Record<string, Reader>;

export type ReaderName = keyof typeof READERS;
