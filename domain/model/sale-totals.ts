import type { ComputedLine, ComputedTax, Item, LineTax, SaleTotals } from './document.ts';
import { Decimal, sum, toMoney } from './money.ts';

const IVA = '2';
const ICE = '3';

/** IVA codes whose base takes the line's ICE in: not 0 %, no objeto, exento. */
export const UNTAXED_IVA = new Set(['0', '6', '7']);

/** What totals are made of. */
export interface Sale {
  items: Item[];
  tip?: string;
}

/**
 * Totals of checked lines as the ficha técnica has them (2.34, §"Totales"): each line's net is rounded half-up to two decimals; IVA is
 * computed for each rate on the summed base, which holds the line's ICE; IRBPNR and tip stay outside of it.
 */
export function computeTotals(body: Sale): SaleTotals {
  const lines = body.items.map(computeLine);
  const taxes = groupTaxes(lines);
  const subtotal = sum(lines.map((line) => line.net));
  const tip = toMoney(body.tip ?? 0);
  return {
    lines,
    subtotal: toMoney(subtotal),
    discount: toMoney(sum(lines.map((line) => line.discount))),
    taxes,
    tip,
    total: toMoney(subtotal.plus(sum(taxes.map((tax) => tax.amount))).plus(tip)),
  };
}

function computeLine(item: Item): ComputedLine {
  const discount = new Decimal(item.discount ?? 0);
  const net = new Decimal(toMoney(new Decimal(item.quantity).times(item.unitPrice).minus(discount)));
  return { net: toMoney(net), discount: toMoney(discount), taxes: computeTaxes(net, item.taxes) };
}

/** Taxes of an amount, each rounded to the cent. */
export function computeTaxes(net: Decimal, taxes: readonly LineTax[]): ComputedTax[] {
  const ice = iceOf(taxes);
  return taxes.map((tax) => {
    // ICE and IRBPNR are what the caller states: their tariffs apply to litres, grams, bottles or shelf prices.
    if (tax.code !== IVA) return computed(tax, new Decimal(tax.taxableBase ?? 0), new Decimal(tax.taxAmount ?? 0));
    const base = UNTAXED_IVA.has(tax.rateCode) ? net : net.plus(ice);
    return computed(tax, base, base.times(tax.rate).dividedBy(100));
  });
}

export function iceOf(taxes: readonly LineTax[]): Decimal {
  return sum(taxes.filter((tax) => tax.code === ICE).map((tax) => tax.taxAmount ?? 0));
}

function computed({ code, rateCode, rate }: LineTax, base: Decimal, amount: Decimal): ComputedTax {
  return { code, rateCode, rate: new Decimal(rate).toFixed(), base: toMoney(base), amount: toMoney(amount) };
}

/** What makes two taxes one row of the totals. */
export function taxKey({ code, rateCode }: Pick<LineTax, 'code' | 'rateCode'>): string {
  return `${code}/${rateCode}`;
}

function groupTaxes(lines: readonly ComputedLine[]): ComputedTax[] {
  const groups = Map.groupBy(
    lines.flatMap((line) => line.taxes),
    taxKey,
  );
  return [...groups.values()].map((group) => {
    const { code, rateCode, rate } = group[0]!;
    const base = sum(group.map((tax) => tax.base));
    const amount = code === IVA ? base.times(rate).dividedBy(100) : sum(group.map((tax) => tax.amount));
    return { code, rateCode, rate, base: toMoney(base), amount: toMoney(amount) };
  });
}
