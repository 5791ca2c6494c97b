import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { XmlBufferInputProvider, XmlDocument, XmlLibError, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { validateXml } from '../../../domain/format/schema-check.ts';
import {
  EDITS,
  pick,
  PROBES,
  readTree,
  type Random,
  seeded,
  sitesOf,
  STRUCTURE,
  type Tree,
  withoutRepeats,
  writeTree,
} from '../../support/xml-mutations.ts';

const REFERENCE = new URL('../../../../shared/reference/', import.meta.url);
const SEED = 20_261_125;

const TYPES = [
  { title: 'factura 2.1.0', code: '01', version: '2.1.0', sri: 'factura_V2.1.0' },
  { title: 'liquidación 1.1.0', code: '03', version: '1.1.0', sri: 'LiquidacionCompra_V1.1.0' },
  { title: 'nota de crédito 1.1.0', code: '04', version: '1.1.0', sri: 'NotaCredito_V1.1.0' },
  { title: 'nota de débito 1.0.0', code: '05', version: '1.0.0', sri: 'NotaDebito_V1.0.0' },
  { title: 'guía 1.1.0', code: '06', version: '1.1.0', sri: 'GuiaRemision_V1.1.0' },
  { title: 'retención 2.0.0', code: '07', version: '2.0.0', sri: 'ComprobanteRetencion_V2.0.0' },
];
type Type = (typeof TYPES)[number];

/** Factura 1.1.0 has no schema of SRI's here; it is 2.1.0 without these two. */
const FACTURA_1 = { ...TYPES[0]!, title: 'factura 1.1.0', version: '1.1.0' };
const ONLY_IN_2 = ['infoSustitutivaGuiaRemision', 'otrosRubrosTerceros'];

const CODE_BY_ROOT: Readonly<Record<string, string>> = {
  factura: '01',
  liquidacionCompra: '03',
  notaCredito: '04',
  notaDebito: '05',
  guiaRemision: '06',
  comprobanteRetencion: '07',
};

/** No sample is signed; this has what an enveloped XAdES-BES signature is made of. */
const SIGNATURE =
  readTree(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Id="Signature1">
  <ds:SignedInfo Id="SignedInfo1">
    <ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
    <ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/>
    <ds:Reference Id="Reference1" URI="#comprobante" Type="http://uri.etsi.org/01903#SignedProperties">
      <ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms>
      <ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>
      <ds:DigestValue>2jmj7l5rSw0yVb/vlWAYkK/YBwk=</ds:DigestValue>
    </ds:Reference>
  </ds:SignedInfo>
  <ds:SignatureValue Id="SignatureValue1">QUJDREVG</ds:SignatureValue>
  <ds:KeyInfo Id="Certificate1">
    <ds:X509Data><ds:X509Certificate>QUJDREVG</ds:X509Certificate></ds:X509Data>
    <ds:KeyValue><ds:RSAKeyValue><ds:Modulus>QUJDREVG</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>
  </ds:KeyInfo>
  <ds:Object Id="Object1">
    <xades:QualifyingProperties Target="#Signature1">
      <xades:CertDigest>
        <ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>
        <ds:DigestValue>2jmj7l5rSw0yVb/vlWAYkK/YBwk=</ds:DigestValue>
      </xades:CertDigest>
    </xades:QualifyingProperties>
  </ds:Object>
</ds:Signature>`);

describe.skipIf(!existsSync(REFERENCE))('our schemas against SRI’s own', () => {
  const samples = new Map<string, string>();
  const sriSchemas = new Map<string, { validator: XsdValidator; source: XmlDocument }>();

  beforeAll(() => {
    for (const name of readdirSync(new URL('samples/', REFERENCE))) {
      samples.set(name, readFileSync(new URL(`samples/${name}`, REFERENCE), 'utf8'));
    }
    const xmldsig = readFileSync(new URL('xsd/xmldsig-core-schema.xsd', REFERENCE));
    xmlRegisterInputProvider(new XmlBufferInputProvider({ 'xmldsig-core-schema.xsd': xmldsig }));
    for (const { sri } of TYPES) {
      const source = XmlDocument.fromBuffer(readFileSync(new URL(`xsd/${sri}.xsd`, REFERENCE)), { url: `${sri}.xsd` });
      sriSchemas.set(sri, { validator: XsdValidator.fromDoc(source), source });
    }
  });

  /** Which elements and attributes are refused, by SRI's schema. */
  function refusedBySri(type: Type, xml: string): string[] {
    try {
      const document = XmlDocument.fromBuffer(Buffer.from(xml));
      try {
        sriSchemas.get(type.sri)!.validator.validate(document);
        return [];
      } finally {
        document.dispose();
      }
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error;
      return placesOf(error.details.map(({ message, xpath }) => ({ message, path: xpath })));
    }
  }

  const refusedByUs = (type: Type, xml: string) => placesOf(validateXml(type.code, type.version, xml));

  function placesOf(flaws: { message: string; path?: string | undefined }[]): string[] {
    const places = flaws.map(
      ({ message, path }) => (path ?? '') + (/^Element '[^']*'(, attribute '[^']*')?/.exec(message)?.[1] ?? ''),
    );
    return [...new Set(places)].toSorted();
  }

  /** Compares verdicts over many documents of a type and keeps count. */
  class Comparison {
    readonly type: Type;
    readonly disagreements: unknown[] = [];
    accepted = 0;
    refused = 0;

    constructor(type: Type) {
      this.type = type;
    }

    add(tree: Tree, mutation: string): void {
      const xml = writeTree(tree);
      const sri = refusedBySri(this.type, xml);
      const ours = refusedByUs(this.type, xml);
      if (ours.join() !== sri.join()) {
        this.disagreements.push({ seed: SEED, type: this.type.title, mutation, sri, ours });
      }
      if (sri.length === 0) this.accepted += 1;
      else this.refused += 1;
    }

    get documents(): number {
      return this.accepted + this.refused;
    }

    expectAgreement(): void {
      expect(this.disagreements.slice(0, 5)).toEqual([]);
    }
  }

  /** SRI's complete instance of the type, signed. */
  function completeInstance(type: Type): Tree {
    const tree = readTree(samples.get(`official-instance_${type.sri}.xml`)!);
    if (type === FACTURA_1) tree.children = tree.children.filter(({ name }) => !ONLY_IN_2.includes(name));
    for (const { element } of sitesOf(tree)) {
      // SRI's guía leaves these lists empty.
      if (element.name === 'detallesAdicionales' && element.children.length === 0) {
        element.children.push({
          name: 'detAdicional',
          attributes: { nombre: 'n', valor: 'v' },
          children: [],
          text: '',
        });
      }
    }
    tree.children.push(structuredClone(SIGNATURE));
    return tree;
  }

  it('agree on every sample', () => {
    expect(samples.size).toBeGreaterThan(10);
    for (const [name, xml] of samples) {
      const type = TYPES.find(({ code }) => code === CODE_BY_ROOT[readTree(xml).name])!;
      const places = { name, sri: refusedBySri(type, xml), ours: refusedByUs(type, xml) };
      if (name.includes('negocio-popular')) {
        // The one intended difference: anexo 22 prescribes the text that SRI's schema does not know.
        expect(places).toMatchObject({ sri: ['/factura/infoTributaria/contribuyenteRimpe'], ours: [] });
      } else {
        expect(places).toEqual({ ...places, ours: places.sri });
        expect(places.sri.length > 0).toBe(/(?<!RULE-)INVALID/.test(name));
      }
    }
  });

  it.each(TYPES)('start from an instance of $title that has every element', (type) => {
    const schema = readFileSync(new URL(`xsd/${type.sri}.xsd`, REFERENCE), 'utf8');
    const declared = Array.from(schema.matchAll(/<xsd:element[^>]*?\sname="(\w+)"/g), (match) => match[1]);
    const present = new Set(sitesOf(completeInstance(type)).map(({ element }) => element.name));
    // Declared in a type of the notes' schemas that no element has.
    present.add('motivoModificacion');
    expect(declared.filter((name) => !present.has(name!))).toEqual([]);
  });

  describe.each([...TYPES, FACTURA_1])('$title', (type) => {
    it('agree when one element is changed, for every element and every change', () => {
      const base = withoutRepeats(completeInstance(type));
      const random = seeded(SEED);
      const comparison = new Comparison(type);
      comparison.add(base, 'none');
      expect(comparison.accepted).toBe(1);
      for (const [at, { path }] of sitesOf(base).entries()) {
        for (const [name, change] of Object.entries(STRUCTURE)) {
          const tree = structuredClone(base);
          if (change(sitesOf(tree)[at]!, random)) comparison.add(tree, `${name}: ${path}`);
        }
      }
      comparison.expectAgreement();
      expect(comparison.documents).toBeGreaterThan(800);
      expect(comparison.accepted / comparison.documents).toBeGreaterThan(0.1);
      expect(comparison.refused / comparison.documents).toBeGreaterThan(0.3);
    });

    it('agree, value by value, when all values are changed', () => {
      const base = withoutRepeats(completeInstance(type));
      const comparison = new Comparison(type);
      for (const probe of PROBES) {
        const tree = withValues(base, () => probe);
        comparison.add(tree, `every value is ${JSON.stringify(probe)}`);
      }
      for (const [name, edit] of Object.entries(EDITS)) comparison.add(withValues(base, edit), `every value: ${name}`);
      comparison.expectAgreement();
    });

    it('agree on samples with several changes at once', () => {
      const random = seeded(SEED + 1);
      const comparison = new Comparison(type);
      const bases = [completeInstance(type)];
      for (const [name, xml] of samples) {
        const tree = readTree(xml);
        if (CODE_BY_ROOT[tree.name] !== type.code || name.startsWith('official-') || name.includes('negocio-popular'))
          continue;
        bases.push(tree);
      }
      for (let number = 0; number < 2_000; number += 1) {
        const tree = structuredClone(pick(random, bases));
        const changes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => changeSomewhere(tree, random));
        comparison.add(tree, `document ${number}: ${changes.join(', ')}`);
      }
      comparison.expectAgreement();
      expect(comparison.accepted).toBeGreaterThan(30);
      expect(comparison.refused).toBeGreaterThan(100);
    });
  });

  function withValues(base: Tree, change: (value: string) => string): Tree {
    const tree = structuredClone(base);
    for (const { element } of sitesOf(tree)) {
      if (element.children.length === 0) element.text = change(element.text);
      for (const [name, value] of Object.entries(element.attributes)) element.attributes[name] = change(value);
    }
    return tree;
  }

  function changeSomewhere(tree: Tree, random: Random): string {
    const site = pick(random, sitesOf(tree));
    if (site.element.children.length > 0 || random() < 0.4) {
      const [name, change] = pick(random, Object.entries(STRUCTURE));
      change(site, random);
      return `${name}: ${site.path}`;
    }
    const [name, edit] = pick(random, Object.entries(EDITS));
    site.element.text = random() < 0.5 ? edit(site.element.text) : pick(random, PROBES);
    return `${name} or a probe: ${site.path} is ${JSON.stringify(site.element.text)}`;
  }
});
