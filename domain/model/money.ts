import { Decimal as Base } from 'decimal.js';

/** Decimals wide enough for any product of 18-digit numbers; half-up as SRI rounds. Never a float. */
export const Decimal = Base.clone({ precision: 60, rounding: Base.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 40 });
export type Decimal = InstanceType<typeof Decimal>;

/** Two decimals, half-up: `"10.35"`. */
export function toMoney(value: Base.Value): string {
  return new Decimal(value).toFixed(2, Base.ROUND_HALF_UP);
}

/** As it stands, with two to six decimals: `"2.00"`, `"0.333333"`. */
export function toQuantity(value: Base.Value): string {
  const exact = new Decimal(value);
  return exact.toFixed(Math.min(6, Math.max(2, exact.decimalPlaces())), Base.ROUND_HALF_UP);
}

/** The sum of decimal strings. */
export function sum(values: Iterable<Base.Value>): Decimal {
  let total = new Decimal(0);
  for (const value of values) total = total.plus(value);
  return total;
}

/** Whether `text` is a non-negative decimal with at most so many digits before and after the point. */
export function isDecimal(text: string, integerDigits: number, fractionDigits: number): boolean {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return false;
  return match[1]!.replace(/^0+(?=\d)/, '').length <= integerDigits && (match[2] ?? '').length <= fractionDigits;
}
