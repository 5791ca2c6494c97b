import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { C14nCanonicalization } from 'xml-crypto';
import type { WriteInput } from '../../../domain/format/document-type.ts';
import { factura, type FacturaBody } from '../../../domain/format/factura.ts';
import { validateXml } from '../../../domain/format/schema-check.ts';
import type { SaleTotals } from '../../../domain/model/document.ts';
import { anySale, PROVIDER_RUC, sampleHead, sampleIssuer, sampleOptions, sampleSale } from '../../support/sales.ts';

function write(body: FacturaBody, more: Partial<Omit<WriteInput<FacturaBody, SaleTotals>, 'body' | 'totals'>> = {}) {
  const input = { head: sampleHead(), issuer: sampleIssuer, version: factura.versions[0], ...more };
  return factura.write({ ...input, body, totals: factura.totals(body) });
}

function fieldNames(xml: string): string[] {
  return [...xml.matchAll(/<campoAdicional nombre="([^"]*)"/g)].map((match) => match[1]!);
}

describe('the factura', () => {
  it('of every sale that passes the checks fits our schema and is canonical, in both versions', () => {
    const c14n = new C14nCanonicalization();
    fc.assert(
      fc.property(anySale, fc.constantFrom(...factura.versions), (sale, version) => {
        expect(factura.check(sale, sampleOptions)).toEqual([]);
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
        const issuer = largeTaxpayer ? { ...sampleIssuer, largeTaxpayer: 'NAC-1' } : sampleIssuer;
        const fields = fieldNames(write(sale, { issuer, providerRuc: PROVIDER_RUC })).length;
        expect(factura.check(sale, { ...sampleOptions, issuer }).map(({ field }) => field)).toEqual(
          fields > 15 ? ['additionalInfo'] : [],
        );
      }),
    );
  });

  it('is not written in a version that is not known', () => {
    expect(() => write(sampleSale(), { version: '9.9.9' })).toThrow('9.9.9');
  });
});
