import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { C14nCanonicalization } from 'xml-crypto';
import type { WriteInput } from '../../../domain/format/document-type.ts';
import { documentTypes } from '../../../domain/format/document-types.ts';
import { validateXml } from '../../../domain/format/schema-check.ts';
import type { DocumentBody } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { FINAL_CONSUMER_LIMIT, PROVIDER_RUC, sampleHead, sampleIssuer, sampleOptions } from '../../support/sales.ts';

/** SRI's own schema of each type's first version. */
const OFFICIAL: Readonly<Record<string, string>> = {
  '01': 'factura_V2.1.0.xsd',
  '03': 'LiquidacionCompra_V1.1.0.xsd',
  '04': 'NotaCredito_V1.1.0.xsd',
  '05': 'NotaDebito_V1.0.0.xsd',
  '06': 'GuiaRemision_V1.1.0.xsd',
  '07': 'ComprobanteRetencion_V2.0.0.xsd',
};
/** Its text is what the ficha prescribes and SRI's schemas refuse (anexo 22). */
const NEGOCIO_POPULAR = 'rimpe-negocio-popular';

describe.each(documentTypes.map((type) => [type.root, type] as const))('the golden documents: %s', (root, type) => {
  const golden = new URL(`../../golden/${root}/`, import.meta.url);
  const names = readdirSync(golden)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
  const official = new URL(`../../../../shared/reference/xsd/${OFFICIAL[type.code]}`, import.meta.url);

  function write(body: DocumentBody, more: Partial<Omit<WriteInput, 'body' | 'totals'>> = {}): string {
    const head = sampleHead({ documentType: type.code });
    const input = { head, issuer: sampleIssuer, version: type.versions[0], ...more };
    return type.write({ ...input, body, totals: type.totals(body) });
  }

  it('are there', () => {
    expect(names.length).toBeGreaterThan(2);
  });

  describe.each(names)('%s', (name) => {
    const input = JSON.parse(readFileSync(new URL(`${name}.json`, golden), 'utf8')) as Omit<WriteInput, 'totals'>;
    const { body, version, ...rest } = input;
    const file = new URL(`${name}.xml`, golden);

    it('breaks no rule', () => {
      const { issuer, head } = input;
      const options = { issueDate: head.issueDate, finalConsumerLimit: FINAL_CONSUMER_LIMIT, issuer };
      expect(type.check(body, options)).toEqual([]);
    });

    it('is written to the byte', () => {
      const xml = write(body, { version, ...rest });
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, xml);
      expect(xml).toBe(readFileSync(file, 'utf8'));
    });

    it('fits our schema', () => {
      expect(validateXml(type.code, version, readFileSync(file, 'utf8'))).toEqual([]);
    });

    it('is canonical in the eyes of those who verify signatures', () => {
      const xml = readFileSync(file, 'utf8');
      const document = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
      expect(new C14nCanonicalization().process(document, {})).toBe(xml);
    });
  });

  it('is what our parser takes for the example of the documentation, and breaks no rule', () => {
    const example = type.body.parse(type.example) as unknown as DocumentBody;
    const { issueDate } = sampleHead();
    const options = { issueDate, finalConsumerLimit: FINAL_CONSUMER_LIMIT, issuer: sampleIssuer };
    expect(type.check(example, options)).toEqual([]);
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

    it.each(names.filter((name) => name !== NEGOCIO_POPULAR))('takes %s', (name) => {
      expect(flawsOf(readFileSync(new URL(`${name}.xml`, golden), 'utf8'))).toEqual([]);
    });

    it.runIf(names.includes(NEGOCIO_POPULAR))(
      'refuses one thing that the ficha prescribes, the text of a negocio popular',
      () => {
        const flaws = flawsOf(readFileSync(new URL(`${NEGOCIO_POPULAR}.xml`, golden), 'utf8'));
        expect(flaws.length).toBeGreaterThan(0);
        expect(flaws.filter((message) => !message.includes("'contribuyenteRimpe'"))).toEqual([]);
      },
    );

    it('takes every body that passes the checks', () => {
      fc.assert(
        fc.property(anyBodyOf(type.code), (body) => {
          expect(type.check(body, sampleOptions)).toEqual([]);
          expect(flawsOf(write(body, { providerRuc: PROVIDER_RUC }))).toEqual([]);
        }),
        { numRuns: 100 },
      );
    });
  });
});
