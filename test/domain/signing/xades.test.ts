import { X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { type SignatureAlgorithm, type Signer, createSigner } from '../../../domain/signing/signer.ts';
import { signDocument } from '../../../domain/signing/xades.ts';
import {
  AUTHORITY,
  COMMON_NAME,
  COUNTRY,
  IA5,
  ORGANIZATION,
  PRINTABLE,
  certificateDer,
  isInstalled,
  makeCertificate,
  newKey,
  runWithFiles,
} from './fixtures.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const ETSI = 'http://uri.etsi.org/01903/v1.3.2#';

const key = newKey();
const authorityKey = newKey();
const authorityName = [
  { type: COUNTRY, value: 'EC', tag: PRINTABLE },
  { type: ORGANIZATION, value: 'Certificación & Cía., "Uno+Dos" <S.A.>' },
  { type: '1.2.840.113549.1.9.1', value: 'ca@example.com', tag: IA5 },
  { type: COMMON_NAME, value: 'AUTORIDAD ÑANDÚ' },
];
const authority = makeCertificate({
  key: authorityKey,
  subject: authorityName,
  issuer: authorityName,
  extensions: AUTHORITY,
});
const certificate = makeCertificate({
  key,
  issuerKey: authorityKey,
  issuer: authorityName,
  serial: '0100000000000000000000000000000000000007',
});
const signer = signerOf(certificate, key);
const signingTime = new Date('2026-11-26T03:04:05.999Z');
const algorithms: SignatureAlgorithm[] = ['sha1', 'sha256'];

function signerOf(of: forge.pki.Certificate, pem: string): Signer {
  return createSigner({
    privateKeyDer: createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }),
    certificateDer: certificateDer(of),
  });
}

/** A document with one text and one attribute, written in canonical form. */
function documentOf(text: string, name = 'factura'): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
  const attribute = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const inLine = attribute.replaceAll('\t', '&#x9;').replaceAll('\n', '&#xA;').replaceAll('\r', '&#xD;');
  return (
    `<${name} id="comprobante" version="2.1.0"><infoTributaria><razonSocial>${escaped}</razonSocial></infoTributaria>` +
    `<infoAdicional><campoAdicional nombre="${inLine}">${escaped}</campoAdicional></infoAdicional></${name}>`
  );
}

function signed(xml: string, algorithm: SignatureAlgorithm = 'sha1', by = signer): string {
  return signDocument(by, { xml, algorithm, signingTime }).toString('utf8');
}

/** What xml-crypto, a program of others, has verified: the canonical texts of the references; none when it has not. */
function verified(xml: string, by = certificate): string[] {
  try {
    // xml-crypto's own parser lets malformed end tags pass.
    XmlDocument.fromString(xml).dispose();
    const check = new SignedXml({ publicCert: forge.pki.certificateToPem(by), getCertFromKeyInfo: () => null });
    check.loadSignature(/<ds:Signature [^]*<\/ds:Signature>/.exec(xml)![0]);
    return check.checkSignature(xml) ? check.getSignedReferences() : [];
  } catch {
    return [];
  }
}

function parse(xml: string) {
  return new DOMParser().parseFromString(xml, 'text/xml');
}

function textOf(xml: string, namespace: string, name: string): string | null | undefined {
  return parse(xml).getElementsByTagNameNS(namespace, name)[0]?.textContent;
}

const CONTENTS = {
  accents: 'Panadería "El Ñandú" & Cía. <Ltda.>',
  quotes: `'"''""`,
  'what only looks escaped': '&amp; &#38; ]]> <!-- x --> <![CDATA[</factura>]]>',
  emoji: '🦜👩‍👩‍👧 𐍈',
  'odd spaces': 'a\u00a0b\u2003c\u200bd',
  'line ends and tabs': 'a\tb\nc\rd\r\ne',
  'a long text': 'ñ'.repeat(100_000),
};

describe.each(algorithms)('a document signed with %s', (algorithm) => {
  it.each(Object.entries(CONTENTS))('verifies in its three references with %s', (_, text) => {
    for (const name of ['factura', 'notaCredito', 'comprobanteRetencion']) {
      const xml = documentOf(text, name);
      const references = verified(signed(xml, algorithm));
      expect(references).toHaveLength(3);
      expect(references[2]).toBe(xml);
    }
  });

  it('verifies with any text', () => {
    fc.assert(
      // Characters that XML has; SRI's schemas want a text in each element.
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        // oxlint-disable-next-line no-control-regex
        const xml = documentOf(text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, 'x'));
        expect(verified(signed(xml, algorithm))[2]).toBe(xml);
      }),
      { numRuns: 50 },
    );
  });

  it('is noticed to be changed in any byte of content, key or properties', () => {
    const bytes = Buffer.from(signed(documentOf('Ñandú & Cía.'), algorithm));
    const xml = bytes.toString('utf8');
    expect(verified(xml)).toHaveLength(3);
    const covered = ['<factura', '<ds:SignedInfo', '<ds:KeyInfo', '<etsi:SignedProperties'].map((start) => {
      const from = bytes.indexOf(start);
      const end = start === '<factura' ? '<ds:Signature ' : `</${start.slice(1)}>`;
      return [from, bytes.indexOf(end, from)] as const;
    });
    let changes = 0;
    for (const [from, to] of covered) {
      for (let at = from; at < to; at += 11) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        const place = bytes.subarray(at - 20, at + 20).toString('latin1');
        expect(verified(changed.toString('utf8')), `byte ${at}, amid ${place}`).toEqual([]);
        changes++;
      }
    }
    expect(changes).toBeGreaterThan(300);
  });

  it('does not verify with another certificate', () => {
    expect(verified(signed(documentOf('x'), algorithm), authority)).toEqual([]);
  });
});

describe('the signature', () => {
  const xml = signed(documentOf('x'));

  it('stands before the end tag of the root, all else as it was', () => {
    const content = documentOf('x');
    expect(xml.replace(/<ds:Signature [^]*<\/ds:Signature>/, '')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
    );
    expect(xml).toMatch(/<\/infoAdicional><ds:Signature [^]*<\/ds:Signature><\/factura>$/);
  });

  it('has the parts that SRI expects, in order and with an Id', () => {
    const signature = parse(xml).getElementsByTagNameNS(DS, 'Signature')[0]!;
    const children = Array.from(signature.childNodes) as Element[];
    expect(children.map(({ localName }) => localName)).toEqual(['SignedInfo', 'SignatureValue', 'KeyInfo', 'Object']);
    const withId = ['Signature', 'SignedInfo', 'SignatureValue', 'KeyInfo', 'Object', 'Reference'];
    const elements = withId.flatMap((name) => Array.from(parse(xml).getElementsByTagNameNS(DS, name)));
    elements.push(parse(xml).getElementsByTagNameNS(ETSI, 'SignedProperties')[0]!);
    const ids = elements.map((element) => element.getAttribute('Id'));
    expect(new Set(ids).size).toBe(9);
    expect(ids).not.toContain('');
  });

  it('refers to the properties, the key and the document', () => {
    const references = Array.from(parse(xml).getElementsByTagNameNS(DS, 'Reference'));
    expect(references.map((reference) => reference.getAttribute('Type'))).toEqual([
      'http://uri.etsi.org/01903#SignedProperties',
      '',
      '',
    ]);
    const targets = references.map((reference) => reference.getAttribute('URI'));
    const idOf = (namespace: string, name: string) =>
      `#${parse(xml).getElementsByTagNameNS(namespace, name)[0]?.getAttribute('Id')}`;
    expect(targets).toEqual([idOf(ETSI, 'SignedProperties'), idOf(DS, 'KeyInfo'), '#comprobante']);
    expect(references.map((reference) => reference.getElementsByTagNameNS(DS, 'Transform').length)).toEqual([0, 0, 1]);
    const format = parse(xml).getElementsByTagNameNS(ETSI, 'DataObjectFormat')[0];
    expect(format?.getAttribute('ObjectReference')).toBe(`#${references[2]?.getAttribute('Id')}`);
    expect(format?.textContent).toBe('contenido comprobantetext/xml');
    const properties = parse(xml).getElementsByTagNameNS(ETSI, 'QualifyingProperties')[0];
    expect(properties?.getAttribute('Target')).toBe(idOf(DS, 'Signature'));
  });

  it('names the certificate by digest, issuer and serial', () => {
    expect(textOf(xml, DS, 'X509IssuerName')).toBe(
      String.raw`CN=AUTORIDAD ÑANDÚ,EMAILADDRESS=ca@example.com,O=Certificación & Cía.\, \"Uno\+Dos\" \<S.A.\>,C=EC`,
    );
    expect(textOf(xml, DS, 'X509SerialNumber')).toBe(BigInt('0x0100000000000000000000000000000000000007').toString());
    for (const algorithm of algorithms) {
      const digest = createHash(algorithm).update(certificateDer(certificate)).digest('base64');
      expect(textOf(signed(documentOf('x'), algorithm), ETSI, 'CertDigest')).toBe(digest);
    }
    expect(textOf(xml, DS, 'X509Certificate')).toBe(certificateDer(certificate).toString('base64'));
  });

  it('carries the key of the certificate, without a sign byte', () => {
    const { publicKey } = new X509Certificate(certificateDer(certificate));
    const modulus = Buffer.from(textOf(xml, DS, 'Modulus') ?? '', 'base64');
    expect(modulus).toHaveLength(256);
    expect(modulus.toString('base64url')).toBe(publicKey.export({ format: 'jwk' }).n);
    expect(textOf(xml, DS, 'Exponent')).toBe('AQAB');
  });

  it('tells Ecuador’s time, and never a later one', () => {
    expect(textOf(xml, ETSI, 'SigningTime')).toBe('2026-11-25T22:04:05-05:00');
  });

  it('is the same for the same input', () => {
    expect(signed(documentOf('x'))).toBe(xml);
    expect(signed(documentOf('y'))).not.toBe(xml);
  });

  it('is made with keys of 4096 bits as well', () => {
    const large = newKey(4096);
    const itsCertificate = makeCertificate({ key: large, issuerKey: authorityKey });
    const document = signed(documentOf('x'), 'sha256', signerOf(itsCertificate, large));
    expect(verified(document, itsCertificate)).toHaveLength(3);
  });
});

describe('what is not signed', () => {
  it.each(['2025-12-31T23:59:59Z', '2028-01-01T00:00:01Z'])('is anything at %s, outside the validity', (time) => {
    const sign = () => signDocument(signer, { xml: documentOf('x'), algorithm: 'sha1', signingTime: new Date(time) });
    expect(sign).toThrow(expect.objectContaining({ name: 'CertificateError', code: 'CERTIFICATE_EXPIRED' }));
  });

  it.each([
    ['nothing', ''],
    ['a text', 'factura'],
    ['another id', '<factura id="otro" version="2.1.0"><a>x</a></factura>'],
    ['no id', '<factura version="2.1.0"><a>x</a></factura>'],
    ['an id within', '<factura version="2.1.0"><a id="comprobante">x</a></factura>'],
    ['a declaration', '<?xml version="1.0"?><factura id="comprobante"><a>x</a></factura>'],
    ['a byte order mark', '\ufeff<factura id="comprobante"><a>x</a></factura>'],
    ['a comment after the root', '<factura id="comprobante"><a>x</a></factura><!-- x -->'],
    ['a comment within', '<factura id="comprobante"><a>x<!-- x --></a></factura>'],
    ['CDATA that holds the end tag', '<factura id="comprobante"><a><![CDATA[</factura>]]></a></factura>'],
    ['a document type', '<!DOCTYPE factura><factura id="comprobante"><a>x</a></factura>'],
    ['namespaces', '<factura xmlns="urn:x" id="comprobante"><a>x</a></factura>'],
    ['namespaces with a prefix', '<factura xmlns:xsi="urn:x" id="comprobante"><a>x</a></factura>'],
    ['line ends of Windows', '<factura id="comprobante"><a>x\r\n</a></factura>'],
    ['white space after the root', '<factura id="comprobante"><a>x</a></factura>\n'],
    ['another end tag', '<factura id="comprobante"><a>x</a></facturas>'],
    ['half a character', '<factura id="comprobante"><a>\ud83e</a></factura>'],
    ['what is signed', signed(documentOf('x')).replace(/^.*\n/, '')],
  ])('has or is %s', (_, xml) => {
    expect(() => signDocument(signer, { xml, algorithm: 'sha1', signingTime })).toThrow('canonical form');
  });
});

/** Documents that the format engineer's tests keep. */
function goldens(): [string, string][] {
  const root = new URL('../../golden/', import.meta.url);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.xml'))
    .map((path) => [path, readFileSync(new URL(path, root), 'utf8').trimEnd()]);
}

const samples: [string, string][] = [['odd characters', documentOf(CONTENTS.accents)], ...goldens()];

describe.each(algorithms)('golden documents signed with %s', (algorithm) => {
  it.each(samples)('are verified by xml-crypto: %s', (_, xml) => {
    expect(verified(signed(xml, algorithm))[2]).toBe(xml);
  });

  it.skipIf(!isInstalled('xmlsec1'))('are verified by xmlsec1, which trusts the authority', () => {
    const run = xmlsec1(samples.map(([, xml]) => signed(xml, algorithm)));
    expect(run.stderr.match(/References \(ok\/all\): 3\/3/g)).toHaveLength(samples.length);
    expect(run.status).toBe(0);
  });

  it.skipIf(!isInstalled('xmlsec1'))('are refused by xmlsec1 when altered, or when it trusts another authority', () => {
    const document = signed(documentOf('x'), algorithm);
    expect(xmlsec1([document]).status).toBe(0);
    for (const element of ['razonSocial', 'ds:Modulus', 'etsi:SigningTime', 'ds:SignatureValue Id="SignatureValue"']) {
      const altered = document.replace(new RegExp(`(<${element}>)(.)`), '$1$2$2');
      expect(altered).not.toBe(document);
      expect(xmlsec1([altered]).status, element).not.toBe(0);
    }
    const other = makeCertificate({ key, subject: authorityName, issuer: authorityName, extensions: AUTHORITY });
    expect(xmlsec1([document], other).status).not.toBe(0);
  });
});

function xmlsec1(documents: string[], trusted = authority) {
  const files = Object.fromEntries(documents.map((xml, at) => [`${at}.xml`, xml]));
  const roots = new Set(documents.map((xml) => /<(\w+) id="comprobante"/.exec(xml)![1]!));
  const args = ['--verify', '--enabled-key-data', 'x509', '--trusted-pem', 'authority.pem']
    .concat(['--verification-gmt-time', '2026-11-26 03:04:05'])
    .concat(['--id-attr:Id', `${DS}:KeyInfo`, '--id-attr:Id', `${ETSI}:SignedProperties`])
    .concat([...roots].flatMap((root) => ['--id-attr:id', root]))
    .concat(Object.keys(files));
  return runWithFiles('xmlsec1', args, { ...files, 'authority.pem': forge.pki.certificateToPem(trusted) });
}

const schemas = new URL('../../../../shared/reference/xsd/', import.meta.url);

/** One document of each type. */
const FIRST = /one-line|one-recipient|partial-return|interest|renta-and-iva/;

describe.skipIf(!existsSync(schemas) || !isInstalled('xmllint'))('SRI’s own schema', () => {
  it.each(goldens().filter(([path]) => FIRST.test(path)))('takes %s when signed', (path, xml) => {
    const [name] = path.split('/');
    const file = readdirSync(schemas).find((entry) => entry.toLowerCase().startsWith(`${name!.toLowerCase()}_v`))!;
    const schema = fileURLToPath(new URL(file, schemas));
    const run = runWithFiles('xmllint', ['--noout', '--nonet', '--schema', schema, 'signed.xml'], {
      'signed.xml': signed(xml),
    });
    // Two of SRI's files declare XML 1.1, which is worth a warning.
    expect(run.stderr).toMatch(/signed.xml validates\n$/);
  });
});
