import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { authorizationAnswer, receptionAnswer, soapFault, toLatin1 } from '../sri-simulator/soap.ts';
import { messageOf } from '../sri-simulator/messages.ts';
import {
  AUTHORITY,
  certificateDer,
  makeCertificate,
  makeP12,
  newKey,
  oddCertificates,
  toBer,
} from '../../test/domain/signing/fixtures.ts';
import { GIF, JPEG, png } from '../../test/support/pictures.ts';

/*
 * What the mutations begin with: things as they should be, from the golden documents, from SRI's simulator and made here.
 */

const GOLDEN = fileURLToPath(new URL('../../test/golden/', import.meta.url));
const KEY = '2511202601171003406500110010010000000011234567811';
export const P12_PASSWORD = 'clave';

function goldenFiles(extension: string): string[] {
  return globSync(`${GOLDEN}*/*.${extension}`)
    .toSorted()
    .map((file) => readFileSync(file, 'utf8'));
}

/** Bodies of `POST /v1/documents`, of all types. */
export function goldenBodies(): object[] {
  return goldenFiles('json').map((file) => (JSON.parse(file) as { body: object }).body);
}

/** Documents, with and without SRI's envelope around them. */
export function xmlSamples(): Buffer[] {
  const documents = goldenFiles('xml');
  const envelopes = documents
    .slice(0, 5)
    .map(
      (xml) => `<autorizacion><estado>AUTORIZADO</estado><comprobante><![CDATA[${xml}]]></comprobante></autorizacion>`,
    );
  return [...documents, ...envelopes].map((xml) => Buffer.from(xml));
}

/** What SRI's two services answer. */
export function soapSamples(): Buffer[] {
  const [document = '', other = ''] = goldenFiles('xml');
  const node = { state: 'AUTORIZADO', date: '2026-11-25T10:20:30-05:00', accessKey: KEY, document, messages: [] };
  const refused = { ...node, state: 'NO AUTORIZADO', document: other, messages: [messageOf('39')] };
  const answers = [
    receptionAnswer(undefined, undefined),
    receptionAnswer(KEY, messageOf('35')),
    receptionAnswer(KEY, messageOf('43')),
    authorizationAnswer(KEY, []),
    authorizationAnswer(KEY, [node]),
    authorizationAnswer(KEY, [refused], true),
    authorizationAnswer(KEY, [refused, node]),
    soapFault('Server', 'java.lang.NullPointerException'),
  ];
  return [...answers.map((answer) => Buffer.from(answer)), toLatin1(answers[4]!)];
}

/** Certificate files: with few rounds, since it is not the hashing that is to be tried, and as programs write them. */
export function p12Samples(): Buffer[] {
  const { key, certificates } = signers();
  return [
    makeP12(key, certificates, P12_PASSWORD, { algorithm: '3des', count: 3 }),
    makeP12(key, certificates, P12_PASSWORD, { algorithm: '3des', count: 3, useMac: false }),
    makeP12(key, certificates, P12_PASSWORD, { algorithm: 'aes256', count: 3, useMac: false }),
    // Nothing is encrypted: every change arrives.
    makeP12(key, certificates, null, { useMac: false }),
    toBer(makeP12(key, certificates, P12_PASSWORD, { algorithm: 'aes128', count: 3 })),
  ];
}

/** Certificates by themselves, some of them with something that cannot be read. */
export function certificateSamples(): Buffer[] {
  const { key, certificates } = signers();
  return [...certificates.map(certificateDer), ...oddCertificates(key).map(([, , der]) => der)];
}

function signers() {
  const [key, authorityKey] = [newKey(), newKey()] as const;
  const names = { type: '2.5.4.3', value: 'Autoridad Ñ' };
  const authority = makeCertificate({ key: authorityKey, subject: [names], issuer: [names], extensions: AUTHORITY });
  return { key, certificates: [makeCertificate({ key, issuerKey: authorityKey, issuer: [names] }), authority] };
}

export function pictureSamples(): Buffer[] {
  return [png(3, 2), png(40, 40), JPEG, GIF, Buffer.concat([JPEG, png(3, 2)])];
}

/** Batches of documents, a line each. */
export function lineSamples(): Buffer[] {
  const lines = goldenBodies().map((body, index) => JSON.stringify({ ...body, idempotencyKey: `line-${index}` }));
  return [...lines, lines.slice(0, 3).join('\n'), `\ufeff${lines[0]}\r\n`].map((text) => Buffer.from(text));
}
