import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineTax, SaleTotals } from '../../../domain/model/document.ts';
import { computeTotals } from '../../../domain/model/sale-totals.ts';
import { sum, toMoney } from '../../../domain/model/money.ts';
import { anySale, iva15, sampleItem, sampleSale } from '../../support/sales.ts';

const iva = (rateCode: string, rate: string): LineTax => ({ code: '2', rateCode, rate });
const ice: LineTax = { code: '3', rateCode: '3610', rate: '20', taxableBase: '10.00', taxAmount: '2.00' };
const irbpnr: LineTax = { code: '5', rateCode: '5001', rate: '0.02', taxableBase: '132', taxAmount: '2.64' };
const totalsOf = (...taxes: LineTax[]) => computeTotals(sampleSale({ items: [sampleItem({ taxes })] }));
const inOrder = ({ taxes }: SaleTotals) =>
  taxes.toSorted((one, other) => (`${one.code}/${one.rateCode}` < `${other.code}/${other.rateCode}` ? -1 : 1));

describe('the totals of a sale', () => {
  it('round each line half up, and IVA once on the summed base', () => {
    const items = Array.from({ length: 3 }, () => sampleItem({ quantity: '1', unitPrice: '0.03', taxes: [iva15] }));
    const totals = computeTotals(sampleSale({ items }));
    // 3 × round(0.0045) would be nothing.
    expect(totals.lines.map((line) => line.taxes[0]!.amount)).toEqual(['0.00', '0.00', '0.00']);
    expect(totals.taxes).toEqual([{ code: '2', rateCode: '4', rate: '15', base: '0.09', amount: '0.01' }]);
    expect(totals.total).toBe('0.10');
    expect(computeTotals(sampleSale({ items: [sampleItem({ quantity: '1', unitPrice: '1.005' })] })).subtotal).toBe(
      '1.01',
    );
  });

  it('take the discount off the line before rounding', () => {
    const { lines, discount } = computeTotals(
      sampleSale({ items: [sampleItem({ quantity: '0.333333', unitPrice: '9.99', discount: '1.00' })] }),
    );
    expect(lines[0]!.net).toBe('2.33');
    expect(discount).toBe('1.00');
  });

  it('put ICE into the base of IVA', () => {
    for (const taxes of [
      [iva15, ice],
      [ice, iva15],
    ]) {
      const totals = totalsOf(...taxes);
      expect(totals.taxes.find(({ code }) => code === '2')).toMatchObject({ base: '12.00', amount: '1.80' });
      expect(totals.total).toBe('13.80');
    }
  });

  it.each(['0', '6', '7'])('leave ICE out of the base of the untaxed code %s', (rateCode) => {
    const totals = totalsOf(iva(rateCode, '0'), ice);
    expect(totals.taxes[0]).toMatchObject({ base: '10.00', amount: '0.00' });
    expect(totals.total).toBe('12.00');
  });

  it('leave IRBPNR and the tip outside of the base', () => {
    const totals = computeTotals(sampleSale({ items: [sampleItem({ taxes: [iva15, irbpnr] })], tip: '1' }));
    expect(totals.taxes).toEqual([
      { code: '2', rateCode: '4', rate: '15', base: '10.00', amount: '1.50' },
      { code: '5', rateCode: '5001', rate: '0.02', base: '132.00', amount: '2.64' },
    ]);
    expect(totals.tip).toBe('1.00');
    expect(totals.total).toBe('15.14');
  });

  it('have one row for each rate, in the order of the lines', () => {
    const items = [iva('5', '5'), iva15, iva('0', '0'), { ...iva15, rate: '15.00' }].map((tax) =>
      sampleItem({ taxes: [tax] }),
    );
    expect(computeTotals(sampleSale({ items })).taxes.map(({ rateCode, base }) => [rateCode, base])).toEqual([
      ['5', '10.00'],
      ['4', '20.00'],
      ['0', '10.00'],
    ]);
  });

  it('are the sum of their parts', () => {
    fc.assert(
      fc.property(anySale, (sale) => {
        const { lines, subtotal, discount, taxes, tip, total } = computeTotals(sale);
        expect(subtotal).toBe(toMoney(sum(lines.map(({ net }) => net))));
        expect(discount).toBe(toMoney(sum(sale.items.map((item) => item.discount ?? 0))));
        expect(total).toBe(toMoney(sum([subtotal, tip, ...taxes.map(({ amount }) => amount)])));
        expect(total).toBe(toMoney(sum(sale.payments.map((payment) => payment.total))));
        for (const { code, rateCode, base } of taxes) {
          const same = lines
            .flatMap((line) => line.taxes)
            .filter((tax) => tax.code === code && tax.rateCode === rateCode);
          expect(base).toBe(toMoney(sum(same.map((tax) => tax.base))));
        }
      }),
    );
  });

  it('do not depend on the order of the lines', () => {
    fc.assert(
      fc.property(anySale, (sale) => {
        const there = computeTotals(sale);
        const back = computeTotals({ ...sale, items: sale.items.toReversed() });
        expect({ ...back, taxes: inOrder(back), lines: back.lines.toReversed() }).toEqual({
          ...there,
          taxes: inOrder(there),
        });
      }),
    );
  });
});
