import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factura, type FacturaBody } from '../../../domain/format/factura.ts';
import type { Item, LineTax, NameValue } from '../../../domain/model/document.ts';
import { computeTotals } from '../../../domain/model/sale-totals.ts';
import { Decimal, toMoney } from '../../../domain/model/money.ts';
import {
  anySale,
  FINAL_CONSUMER_LIMIT,
  finalConsumer,
  iva15,
  sampleBuyer,
  sampleIssuer,
  sampleItem,
  sampleOptions,
  sampleSale,
} from '../../support/sales.ts';

const check = (body: Partial<FacturaBody>) => factura.check(sampleSale(body), sampleOptions);
const fields = (body: Partial<FacturaBody>) => check(body).map(({ field }) => field);
const ofItem = (item: Partial<Item>) => fields({ items: [sampleItem(item)] });
const ofTax = (...taxes: LineTax[]) => ofItem({ taxes });
const info = (count: number): NameValue[] =>
  Array.from({ length: count }, (_, at) => ({ name: `Campo ${at}`, value: 'x' }));

describe('the checks of a factura', () => {
  it('let a right sale pass', () => {
    fc.assert(
      fc.property(anySale, (sale) => {
        expect(factura.check(sale, sampleOptions)).toEqual([]);
      }),
    );
  });

  it('say path, sentence and value', () => {
    expect(check({ payments: [{ method: '02', total: '11.50' }] })).toEqual([
      { field: 'payments[0].method', message: expect.stringMatching(/^must be one of 01 /), value: '02' },
    ]);
  });

  it('tell all that is wrong at once', () => {
    const items = [sampleItem({ quantity: '-1' }), sampleItem({ mainCode: 'x'.repeat(26) })];
    expect(fields({ items, buyer: { ...sampleBuyer, id: '1710034064' } })).toEqual([
      'items[1].mainCode',
      'buyer.id',
      'items[0].quantity',
    ]);
  });

  it('refuse texts that SRI’s schema or nobody’s eye would take', () => {
    expect(ofItem({ description: 'con\nsalto' })).toEqual(['items[0].description']);
    expect(fields({ buyer: { ...sampleBuyer, name: ' Rosa' } })).toEqual(['buyer.name']);
    expect(fields({ additionalInfo: [{ name: 'a', value: 'x'.repeat(301) }] })).toEqual(['additionalInfo[0].value']);
    expect(ofItem({ unit: 'x'.repeat(51) })).toEqual(['items[0].unit']);
    expect(check({ buyer: { ...sampleBuyer, name: 'a\u0007' } })[0]).not.toHaveProperty('value');
  });

  it('want lines and payments', () => {
    expect(fields({ items: [], payments: [{ method: '01', total: '0' }] })).toEqual(['items']);
    expect(factura.check({ ...sampleSale(), payments: [] }, sampleOptions).map(({ field }) => field)).toEqual([
      'payments',
    ]);
  });

  it('refuse an id that does not fit its type', () => {
    expect(fields({ buyer: { ...sampleBuyer, idType: '04', id: '1793213150002' } })).toEqual(['buyer.id']);
    expect(fields({ buyer: { ...sampleBuyer, idType: '09' as '08' } })).toEqual(['buyer.idType']);
  });

  it('hold numbers to SRI’s digits', () => {
    expect(ofItem({ quantity: '1.1234567' })).toEqual(['items[0].quantity']);
    expect(ofItem({ discount: '10.00' })).toEqual([]);
    const payments = Array.from({ length: 3 }, () => ({ method: '20', total: '690000000000.00' }));
    const ofLarge = (...items: Partial<Item>[]) => fields({ items: items.map(sampleItem), payments });
    expect(ofLarge({ unitPrice: '1234567890123' })).toEqual(['items[0].unitPrice']);
    expect(ofLarge({ quantity: '1000000', unitPrice: '1000000' })).toEqual(['items[0].unitPrice']);
    expect(ofLarge({ discount: '10.01' })).toEqual(['items[0].discount']);
    const half = { quantity: '1', unitPrice: '900000000000' };
    expect(ofLarge(half, half)).toEqual(['items']);
  });

  describe('of taxes', () => {
    const ice: LineTax = { code: '3', rateCode: '3680', rate: '150', taxableBase: '10', taxAmount: '15.00' };

    it('want exactly one IVA a line, at the rate of the day', () => {
      expect(ofTax(ice)).toEqual(['items[0].taxes']);
      expect(ofTax(iva15, { ...iva15, rateCode: '5', rate: '5' })).toEqual(['items[0].taxes[1].code']);
      expect(ofTax({ ...iva15, rate: '12' })).toEqual(['items[0].taxes[0].rate']);
      expect(ofTax({ ...iva15, rateCode: '2', rate: '12' })).toEqual(['items[0].taxes[0].rateCode']);
      expect(ofTax({ ...iva15, code: '4' as '2' })).toEqual(['items[0].taxes[0].code', 'items[0].taxes']);
    });

    it('take several ICE tariffs, each once', () => {
      expect(ofTax(iva15, ice, { ...ice, rateCode: '3092', rate: '15' })).toEqual([]);
      expect(ofTax(iva15, ice, ice)).toEqual(['items[0].taxes[2].code']);
    });

    it('want base and amount of ICE and IRBPNR, never guess them', () => {
      const { code, rateCode, rate } = ice;
      expect(ofTax(iva15, { code, rateCode, rate })).toEqual([
        'items[0].taxes[1].taxableBase',
        'items[0].taxes[1].taxAmount',
      ]);
    });

    it('want one tariff for one code all through the document', () => {
      const items = [sampleItem({ taxes: [iva15, ice] }), sampleItem({ taxes: [iva15, { ...ice, rate: '75' }] })];
      expect(fields({ items })).toEqual(['items[1].taxes[1].rate']);
    });
  });

  describe('of what the caller states', () => {
    it('let one cent pass, and no more', () => {
      const totals = { subtotal: '10.00', discount: '0.00', tax: '1.50', total: '11.50' };
      for (const name of ['subtotal', 'discount', 'tax', 'total'] as const) {
        const off = (cents: string) => ({
          totals: { ...totals, [name]: toMoney(new Decimal(totals[name]).plus(cents)) },
        });
        expect(fields(off('0.01'))).toEqual([]);
        expect(fields(off('0.02'))).toEqual([`totals.${name}`]);
      }
      expect(ofTax({ ...iva15, taxableBase: '10.01', taxAmount: '1.49' })).toEqual([]);
      expect(ofTax({ ...iva15, taxableBase: '10.02' })).toEqual(['items[0].taxes[0].taxableBase']);
      expect(ofTax({ ...iva15, taxAmount: '1.52' })).toEqual(['items[0].taxes[0].taxAmount']);
    });

    it('name the computed value', () => {
      expect(check({ totals: { total: '11.52' } })).toEqual([
        { field: 'totals.total', message: 'must be 11.50, as computed from the lines', value: '11.52' },
      ]);
    });
  });

  describe('of payments', () => {
    it('want the total to the cent', () => {
      expect(fields({ payments: [{ method: '01', total: '11.49' }] })).toEqual(['payments']);
      expect(fields({ payments: [{ method: '01', total: '11.51' }] })).toEqual(['payments']);
      fc.assert(
        fc.property(anySale, fc.integer({ min: 1, max: 100 }), (sale, cents) => {
          const more = { method: '01', total: toMoney(new Decimal(cents).dividedBy(100)) };
          const problems = factura.check({ ...sale, payments: [...sale.payments, more] }, sampleOptions);
          expect(problems.map(({ field }) => field)).toEqual(['payments']);
        }),
      );
    });

    it('want term and unit together', () => {
      const cash = { method: '01', total: '11.50' };
      expect(fields({ payments: [{ ...cash, term: '30' }] })).toEqual(['payments[0].termUnit']);
      expect(fields({ payments: [{ ...cash, termUnit: 'dias' }] })).toEqual(['payments[0].termUnit']);
      expect(fields({ payments: [{ ...cash, term: '30', termUnit: 'anios' as 'dias' }] })).toEqual([
        'payments[0].termUnit',
      ]);
      expect(fields({ payments: [{ ...cash, term: '30', termUnit: 'meses' }] })).toEqual([]);
    });
  });

  it('take a tip of 10 % of the subtotal at most', () => {
    expect(fields({ tip: '1.00' })).toEqual([]);
    expect(fields({ tip: '1.01' })).toEqual(['tip']);
    expect(fields({ tip: '1.001' })).toEqual(['tip']);
  });

  it('want a buyer’s name above the limit for the final consumer', () => {
    const sale = (unitPrice: string) => ({
      buyer: finalConsumer,
      items: [sampleItem({ quantity: '1', unitPrice, taxes: [{ ...iva15, rateCode: '0', rate: '0' }] })],
    });
    expect(computeTotals(sampleSale(sale('50.00'))).total).toBe(FINAL_CONSUMER_LIMIT);
    expect(fields(sale('50.00'))).toEqual([]);
    expect(fields(sale('50.01'))).toEqual(['buyer.idType']);
  });

  describe('of additional fields', () => {
    it('keep the places that the law asks for', () => {
      const count = (entries: number, largeTaxpayer: boolean) =>
        factura.check(sampleSale({ additionalInfo: info(entries) }), {
          ...sampleOptions,
          issuer: largeTaxpayer ? { ...sampleIssuer, largeTaxpayer: 'NAC-1' } : sampleIssuer,
        });
      expect(count(14, false)).toEqual([]);
      expect(count(15, false).map(({ field }) => field)).toEqual(['additionalInfo']);
      expect(count(13, true)).toEqual([]);
      expect(count(14, true)).toEqual([
        { field: 'additionalInfo', message: expect.stringContaining('13 fields at most'), value: 14 },
      ]);
    });

    it('keep the names too', () => {
      for (const name of ['RUC Proveedor', 'ruc proveedor', 'Gran Contribuyente']) {
        expect(fields({ additionalInfo: [{ name, value: 'x' }] })).toEqual(['additionalInfo[0].name']);
      }
    });

    it('take three of a line at most', () => {
      expect(ofItem({ additionalDetails: info(3) })).toEqual([]);
      expect(ofItem({ additionalDetails: info(4) })).toEqual(['items[0].additionalDetails']);
    });
  });
});
