import type { Item, LineTax } from '../../domain/model/document.ts';

/*
 * The totals of documents once more, in whole cents: they share no code with those that are computed for SRI.
 */

/** A decimal in units of so many decimals: `('1.5', 2)` are 150. */
function units(text: string, decimals: number): bigint {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole! + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

export const cents = (text: string) => units(text, 2);

/** Half up; amounts are never negative. */
function rounded(amount: bigint, divisor: bigint): bigint {
  return (2n * amount + divisor) / (2n * divisor);
}

const UNTAXED = ['0', '6', '7'];

const add = (amounts: bigint[]) => amounts.reduce((one, other) => one + other, 0n);
const statedOf = (taxes: readonly LineTax[], code: string) =>
  add(taxes.filter((tax) => tax.code === code).map(({ taxAmount }) => cents(taxAmount!)));

/** A percentage has two decimals. */
const ivaOn = (base: bigint, rate: string) => rounded(base * units(rate, 2), 10_000n);

/** What lines come to, without and with their taxes. */
export function linesInCents(items: readonly Item[]): { subtotal: bigint; total: bigint } {
  const rates = new Map<string, { base: bigint; rate: string }>();
  let subtotal = 0n;
  let others = 0n;
  for (const { quantity, unitPrice, discount = '0', taxes } of items) {
    const net = rounded(units(quantity, 6) * units(unitPrice, 6) - cents(discount) * 10n ** 10n, 10n ** 10n);
    const ice = statedOf(taxes, '3');
    const { rateCode, rate } = taxes.find(({ code }) => code === '2')!;
    const base = net + (UNTAXED.includes(rateCode) ? 0n : ice);
    rates.set(rateCode, { rate, base: (rates.get(rateCode)?.base ?? 0n) + base });
    subtotal += net;
    others += ice + statedOf(taxes, '5');
  }
  return { subtotal, total: subtotal + others + add([...rates.values()].map(({ base, rate }) => ivaOn(base, rate))) };
}

/** What a nota de débito comes to. */
export function reasonsInCents(amounts: readonly string[], taxes: readonly LineTax[]) {
  const subtotal = add(amounts.map(cents));
  const ice = statedOf(taxes, '3');
  const iva = taxes
    .filter(({ code }) => code === '2')
    .map(({ rateCode, rate, taxableBase }) => {
      const whole = subtotal + (UNTAXED.includes(rateCode) ? 0n : ice);
      return ivaOn(taxableBase === undefined ? whole : cents(taxableBase), rate);
    });
  return { subtotal, total: subtotal + ice + statedOf(taxes, '5') + add(iva) };
}
