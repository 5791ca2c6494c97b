import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { C14nCanonicalization } from 'xml-crypto';
import { documentTypes, type WriteInput } from '../../../domain/format/document-types.ts';
import { validateXml } from '../../../domain/format/schema-check.ts';
import type { FacturaBody } from '../../../domain/model/document.ts';
import {
  anySale,
  FINAL_CONSUMER_LIMIT,
  PROVIDER_RUC,
  SAMPLE_DATE,
  sampleHead,
  sampleIssuer,
  sampleSale,
} from '../../support/sales.ts';

const factura = documentTypes.find(({ code }) => code === '01')!;
const golden = new URL('../../golden/factura/', import.meta.url);
const names = readdirSync(golden)
  .filter((name) => name.endsWith('.json'))
  .map((name) => basename(name, '.json'));

const official = new URL('../../../../shared/reference/xsd/factura_V2.1.0.xsd', import.meta.url);
const NEGOCIO_POPULAR = 'rimpe-negocio-popular';

function write(body: FacturaBody, more: Partial<Omit<WriteInput, 'body' | 'totals'>> = {}): string {
  const input = { head: sampleHead(), issuer: sampleIssuer, version: factura.defaultVersion, ...more };
  return factura.write({ ...input, body, totals: factura.totals(body) });
}

function fieldNames(xml: string): string[] {
  return [...xml.matchAll(/<campoAdicional nombre="([^"]*)"/g)].map((match) => match[1]!);
}

describe.each(names)('the golden factura %s', (name) => {
  const input = JSON.parse(readFileSync(new URL(`${name}.json`, golden), 'utf8')) as Omit<WriteInput, 'totals'>;
  const { body, version, ...rest } = input;
  const file = new URL(`${name}.xml`, golden);

  it('is a sale that breaks no rule', () => {
    const largeTaxpayer = input.issuer.largeTaxpayer !== undefined;
    const options = { issueDate: input.head.issueDate, finalConsumerLimit: FINAL_CONSUMER_LIMIT, largeTaxpayer };
    expect(factura.check(body, options)).toEqual([]);
  });

  it('is written to the byte', () => {
    const xml = write(body, { version, ...rest });
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, xml);
    expect(xml).toBe(readFileSync(file, 'utf8'));
  });

  it('fits our schema', () => {
    expect(validateXml('01', version, readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('is canonical in the eyes of those who verify signatures', () => {
    const xml = readFileSync(file, 'utf8');
    const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
    expect(new C14nCanonicalization().process(root, {})).toBe(xml);
  });
});

describe.skipIf(!existsSync(official))("SRI's own schema", () => {
  // The compiled schema points into its document, which must live as long.
  let source: XmlDocument;
  let validator: XsdValidator;

  beforeAll(() => {
    xmlRegisterFsInputProviders();
    source = XmlDocument.fromBuffer(readFileSync(official), { url: fileURLToPath(official) });
    validator = XsdValidator.fromDoc(source);
  });

  afterAll(() => {
    validator.dispose();
    source.dispose();
  });

  function flawsOf(xml: string): string[] {
    using document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
      return [];
    } catch (error) {
      if (error instanceof XmlValidateError) return error.details.map(({ message }) => message);
      throw error;
    }
  }

  it.each(names.filter((name) => name !== NEGOCIO_POPULAR))('takes the golden factura %s', (name) => {
    expect(flawsOf(readFileSync(new URL(`${name}.xml`, golden), 'utf8'))).toEqual([]);
  });

  it('refuses one thing that the ficha prescribes, the text of a negocio popular', () => {
    const flaws = flawsOf(readFileSync(new URL(`${NEGOCIO_POPULAR}.xml`, golden), 'utf8'));
    expect(flaws.length).toBeGreaterThan(0);
    expect(flaws.filter((message) => !message.includes("'contribuyenteRimpe'"))).toEqual([]);
  });

  it('takes every sale that passes the checks', () => {
    fc.assert(
      fc.property(anySale, (sale) => {
        expect(flawsOf(write(sale, { providerRuc: PROVIDER_RUC }))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the factura', () => {
  it('of every sale that passes the checks fits our schema and is canonical, in both versions', () => {
    const c14n = new C14nCanonicalization();
    fc.assert(
      fc.property(anySale, fc.constantFrom(...factura.versions), (sale, version) => {
        expect(factura.check(sale, { issueDate: SAMPLE_DATE, finalConsumerLimit: FINAL_CONSUMER_LIMIT })).toEqual([]);
        const xml = write(sale, { version, providerRuc: PROVIDER_RUC });
        expect(validateXml('01', version, xml)).toEqual([]);
        expect(c14n.process(new DOMParser().parseFromString(xml, 'text/xml').documentElement, {})).toBe(xml);
      }),
      { numRuns: 100 },
    );
  });

  it('says the environment', () => {
    expect(write(sampleSale())).toContain('<ambiente>1</ambiente>');
    expect(write(sampleSale(), { head: sampleHead({ environment: 'production' }) })).toContain(
      '<ambiente>2</ambiente>',
    );
  });

  it('has the fields of the law after the caller’s own, and no e-mail of the buyer', () => {
    const sale = sampleSale({ additionalInfo: [{ name: 'Vendedor', value: 'Rosa' }] });
    const issuer = { ...sampleIssuer, largeTaxpayer: 'NAC-1' };
    expect(fieldNames(write(sale, { issuer, providerRuc: PROVIDER_RUC }))).toEqual([
      'Vendedor',
      'RUC Proveedor',
      'Gran Contribuyente',
    ]);
    expect(write(sale)).not.toContain(sale.buyer.email);
  });

  it('has no infoAdicional when there is nothing to say', () => {
    expect(write(sampleSale())).not.toContain('infoAdicional');
  });

  it('never has more than 15 additional fields, whoever the issuer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 16 }), fc.boolean(), (count, largeTaxpayer) => {
        const additionalInfo = Array.from({ length: count }, (_, index) => ({ name: `Campo ${index}`, value: 'x' }));
        const sale = sampleSale({ additionalInfo });
        const options = { issueDate: SAMPLE_DATE, finalConsumerLimit: FINAL_CONSUMER_LIMIT, largeTaxpayer };
        const issuer = largeTaxpayer ? { ...sampleIssuer, largeTaxpayer: 'NAC-1' } : sampleIssuer;
        const fields = fieldNames(write(sale, { issuer, providerRuc: PROVIDER_RUC })).length;
        expect(factura.check(sale, options).map(({ field }) => field)).toEqual(fields > 15 ? ['additionalInfo'] : []);
      }),
    );
  });

  it('is not written in a version that is not known', () => {
    expect(() => write(sampleSale(), { version: '9.9.9' })).toThrow('9.9.9');
    expect(factura.versions).toContain(factura.defaultVersion);
  });
});
