import { codeProblem } from './catalogue.ts';
import { isRate, PAYMENT_METHODS, rateProblem, TAX_TYPES, TERM_UNITS } from './catalogues.ts';
import {
  AMOUNT,
  AMOUNT_LIMIT,
  checkCode,
  checkSum,
  type CheckOptions,
  differs,
  isAmount,
  type Report,
} from './checks.ts';
import type { Item, LineTax, Party, Payment, SaleTotals, StatedTotals } from './document.ts';
import { Decimal, isDecimal, sum, toMoney } from './money.ts';
import { type Sale, taxKey } from './sale-totals.ts';

const MAX_ADDITIONAL_DETAILS = 3;
const QUANTITY = 'must be a number with up to 12 digits and 6 decimals';

/** Lines with quantity, price and taxes, at least one; `taxDate` (DD/MM/YYYY) is the day whose rates hold. */
export function checkItems(items: readonly Item[], taxDate: string, report: Report): void {
  if (items.length === 0) report('items', 'must have at least one line');
  items.forEach((item, index) => checkItem(item, `items[${index}]`, taxDate, report));
}

/** How it is paid, in at least one way (mandatory by ficha técnica 2.34, though not by the schema). */
export function checkPayments(payments: readonly Payment[], issueDate: string, report: Report): void {
  if (payments.length === 0) report('payments', 'must have at least one payment');
  payments.forEach((payment, index) => checkPayment(payment, `payments[${index}]`, issueDate, report));
}

function checkItem(item: Item, path: string, issueDate: string, report: Report): void {
  const { quantity, unitPrice, unsubsidizedPrice = '0', discount = '0', taxes, additionalDetails = [] } = item;
  const numbers = [
    ['quantity', quantity, isDecimal(quantity, 12, 6), QUANTITY],
    ['unitPrice', unitPrice, isDecimal(unitPrice, 12, 6), QUANTITY],
    ['unsubsidizedPrice', unsubsidizedPrice, isDecimal(unsubsidizedPrice, 12, 6), QUANTITY],
    ['discount', discount, isAmount(discount), AMOUNT],
  ] as const;
  for (const [name, value, right, message] of numbers) {
    if (!right) report(`${path}.${name}`, message, value);
  }
  if (numbers.every(([, , right]) => right)) {
    const gross = new Decimal(quantity).times(unitPrice);
    if (gross.greaterThanOrEqualTo(AMOUNT_LIMIT)) {
      report(`${path}.unitPrice`, 'makes the line larger than 12 digits', unitPrice);
    } else if (new Decimal(discount).greaterThan(gross)) {
      report(`${path}.discount`, `must not exceed quantity × unit price, ${gross.toFixed()}`, discount);
    }
    if (item.unsubsidizedPrice !== undefined && new Decimal(unsubsidizedPrice).lessThan(unitPrice)) {
      report(`${path}.unsubsidizedPrice`, 'must not be below the unit price', unsubsidizedPrice);
    }
  }
  if (additionalDetails.length > MAX_ADDITIONAL_DETAILS) {
    report(`${path}.additionalDetails`, `takes ${MAX_ADDITIONAL_DETAILS} at most`, additionalDetails.length);
  }
  checkTaxes(taxes, { path: `${path}.taxes`, taxDate: issueDate }, report);
}

/**
 * The taxes of a line, or of a document that has none: IVA among them, each once. `taxDate` (DD/MM/YYYY) is the day
 * whose rates hold; `several` rates of IVA may be there where they are not a line's.
 */
export function checkTaxes(
  taxes: readonly LineTax[],
  { path, taxDate, several = false }: { path: string; taxDate: string; several?: boolean },
  report: Report,
): void {
  const seen = new Set<string>();
  taxes.forEach((tax, index) => {
    // A line has one IVA, but may carry several ICE tariffs.
    const key = tax.code === '2' && !several ? tax.code : taxKey(tax);
    if (seen.has(key)) report(`${path}[${index}].code`, 'is there twice', tax.code);
    seen.add(key);
    checkTax(tax, `${path}[${index}]`, taxDate, report);
  });
  if (!taxes.some((tax) => tax.code === '2')) {
    report(path, 'must name the IVA (code 2); 0 %, no objeto and exento have codes too');
  }
}

function checkTax(tax: LineTax, at: string, issueDate: string, report: Report): void {
  const wrongCode = codeProblem(TAX_TYPES, tax.code, issueDate);
  if (wrongCode !== undefined) return report(`${at}.code`, wrongCode, tax.code);
  if (!isRate(tax.rate))
    return report(`${at}.rate`, 'must be a number with up to 4 digits, 2 of them decimals', tax.rate);
  const wrong = rateProblem(tax, issueDate);
  if (wrong !== undefined) report(`${at}.${wrong.field}`, wrong.message, tax[wrong.field]);
  for (const name of ['taxableBase', 'taxAmount'] as const) {
    const stated = tax[name];
    if (stated === undefined && tax.code !== '2') {
      report(
        `${at}.${name}`,
        'is mandatory for ICE and IRBPNR: quantity and price do not tell what the tariff applies to',
      );
    }
    if (stated !== undefined && !isAmount(stated)) report(`${at}.${name}`, AMOUNT, stated);
  }
}

function checkPayment(
  { method, total, term, termUnit }: Payment,
  path: string,
  issueDate: string,
  report: Report,
): void {
  checkCode(method, `${path}.method`, PAYMENT_METHODS, issueDate, report);
  if (!isAmount(total)) report(`${path}.total`, AMOUNT, total);
  if (term !== undefined && !isAmount(term)) report(`${path}.term`, 'must be a number with up to 2 decimals', term);
  if ((term === undefined) !== (termUnit === undefined)) report(`${path}.termUnit`, 'and term go together');
  checkCode(termUnit, `${path}.termUnit`, TERM_UNITS, issueDate, report);
}

function checkLineTaxes(body: Sale, totals: SaleTotals, report: Report): void {
  const rates = new Map(totals.taxes.map((tax) => [taxKey(tax), tax.rate]));
  totals.lines.forEach((line, item) =>
    line.taxes.forEach((tax, index) => {
      const at = `items[${item}].taxes[${index}]`;
      const { taxableBase, taxAmount, rate } = body.items[item]!.taxes[index]!;
      const computed = 'as computed from the line';
      if (differs(taxableBase, tax.base)) report(`${at}.taxableBase`, `must be ${tax.base}, ${computed}`, taxableBase);
      if (differs(taxAmount, tax.amount)) report(`${at}.taxAmount`, `must be ${tax.amount}, ${computed}`, taxAmount);
      const first = rates.get(taxKey(tax))!;
      if (tax.rate !== first) report(`${at}.rate`, `must be ${first}, as in the first line with this rate code`, rate);
    }),
  );
}

/** What the caller states of a sale's amounts, against what they are; all to one cent. */
export function checkStatedTotals(body: Sale & { totals?: StatedTotals }, totals: SaleTotals, report: Report): void {
  checkLineTaxes(body, totals, report);
  const computed = {
    subtotal: totals.subtotal,
    discount: totals.discount,
    tax: toMoney(sum(totals.taxes.map((tax) => tax.amount))),
    total: totals.total,
  };
  for (const name of ['subtotal', 'discount', 'tax', 'total'] as const) {
    const stated = body.totals?.[name];
    if (differs(stated, computed[name]))
      report(`totals.${name}`, `must be ${computed[name]}, as computed from the lines`, stated);
  }
  // Discounts, and bases of ICE and IRBPNR, are no part of the total.
  const sums = [totals.total, totals.discount, ...totals.taxes.map(({ base }) => base)];
  checkSum('items', Decimal.max(...sums).toFixed(2), report);
}

/** Payments make the total exactly; `path` is theirs. */
export function checkPaid(
  payments: readonly Pick<Payment, 'total'>[],
  total: string,
  report: Report,
  path = 'payments',
): void {
  const paid = toMoney(sum(payments.map((payment) => payment.total)));
  if (paid !== total) report(path, `must add up to the total ${total}; they make ${paid}`, paid);
}

/** Propina: the legal service charge of 10 % (ficha técnica 2.34, §"Totales"). */
export function checkTip(tip: string, subtotal: string, report: Report): void {
  if (new Decimal(tip).greaterThan(toMoney(new Decimal(subtotal).dividedBy(10)))) {
    report('tip', `must not exceed 10 % of the subtotal ${subtotal}`, tip);
  }
}

/** Above a limit the final consumer must be named (ficha técnica 2.34, §9.10). */
export function checkFinalConsumer(
  { idType }: Party,
  total: string,
  { finalConsumerLimit }: CheckOptions,
  report: Report,
): void {
  if (idType !== '07' || !new Decimal(total).greaterThan(finalConsumerLimit)) return;
  const limit = toMoney(finalConsumerLimit);
  report('buyer.idType', `a sale of more than ${limit} must name its buyer; this one is ${total}`, idType);
}
