import { codeProblem, ID_TYPES, isRate, PAYMENT_METHODS, rateProblem, TAX_TYPES, TERM_UNITS } from './catalogues.ts';
import type { DocumentTotals, FacturaBody, FieldProblem, Item, LineTax, Payment } from './document.ts';
import { computeTotals, taxKey } from './factura-totals.ts';
import { buyerIdProblem } from './identification.ts';
import { Decimal, isDecimal, sum, toMoney } from './money.ts';
import { textProblem } from './text.ts';

export interface CheckOptions {
  /** DD/MM/YYYY: the catalogues of that day hold. */
  issueDate: string;
  /** USD above which the final consumer must be named (ficha técnica 2.34, §9.10). */
  finalConsumerLimit: string;
  /** The issuer is a gran contribuyente: its resolution takes one more place of infoAdicional. */
  largeTaxpayer?: boolean;
}

/** infoAdicional has 15 places; one is kept for "RUC Proveedor" (ficha técnica 2.34, anexo 26). */
export const MAX_ADDITIONAL_INFO = 14;
const MAX_ADDITIONAL_DETAILS = 3;
const RESERVED_NAMES = ['ruc proveedor', 'gran contribuyente'];

/** UTF-16 units by the name of the field, where it is not 300 (schema of the factura 2.1.0). */
const LONGEST: Readonly<Record<string, number>> = { mainCode: 25, auxiliaryCode: 25, unit: 50, id: 20 };
const LONGEST_TEXT = 300;

/** Amounts have 14 digits, two of them decimals. */
const AMOUNT_DIGITS = 12;
const AMOUNT_LIMIT = '1e12';
const AMOUNT = 'must be an amount with up to 12 digits and 2 decimals';
const QUANTITY = 'must be a number with up to 12 digits and 6 decimals';
const CENT = '0.01';

type Report = (field: string, message: string, value?: unknown) => void;

/** Everything that breaks a rule, each with its path; empty when the factura may be numbered. */
export function checkFactura(body: FacturaBody, options: CheckOptions): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report: Report = (field, message, value) =>
    problems.push({ field, message, ...(value === undefined ? {} : { value }) });

  checkTexts(body, '', '', report);
  checkBuyer(body, options.issueDate, report);
  if (body.guiaRemision !== undefined && !/^\d{3}-\d{3}-\d{9}$/.test(body.guiaRemision)) {
    report('guiaRemision', 'must look like 001-001-000000001', body.guiaRemision);
  }
  if (body.items.length === 0) report('items', 'must have at least one line');
  body.items.forEach((item, index) => checkItem(item, `items[${index}]`, options.issueDate, report));
  if (body.payments.length === 0) report('payments', 'must have at least one payment');
  body.payments.forEach((payment, index) => checkPayment(payment, `payments[${index}]`, options.issueDate, report));
  checkAdditionalInfo(body, options, report);
  if (body.tip !== undefined && !isAmount(body.tip)) report('tip', AMOUNT, body.tip);
  // Amounts that are no amounts cannot be added up.
  if (problems.length === 0) checkTotals(body, options, report);
  return problems;
}

function checkTexts(value: unknown, path: string, name: string, report: Report): void {
  if (typeof value === 'string') {
    const wrong = textProblem(value, LONGEST[name] ?? LONGEST_TEXT);
    if (wrong !== undefined) report(path, wrong);
  } else if (Array.isArray(value)) {
    value.forEach((entry, index) => checkTexts(entry, `${path}[${index}]`, name, report));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      checkTexts(entry, path === '' ? key : `${path}.${key}`, key, report);
    }
  }
}

function checkBuyer({ buyer }: FacturaBody, issueDate: string, report: Report): void {
  const wrongType = codeProblem(ID_TYPES, buyer.idType, issueDate);
  if (wrongType !== undefined) return report('buyer.idType', wrongType, buyer.idType);
  const wrongId = buyerIdProblem(buyer);
  if (wrongId !== undefined) report('buyer.id', wrongId, buyer.id);
}

function checkItem(item: Item, path: string, issueDate: string, report: Report): void {
  const { quantity, unitPrice, discount = '0', taxes, additionalDetails = [] } = item;
  const numbers = [
    ['quantity', quantity, isDecimal(quantity, 12, 6), QUANTITY],
    ['unitPrice', unitPrice, isDecimal(unitPrice, 12, 6), QUANTITY],
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
  }
  if (additionalDetails.length > MAX_ADDITIONAL_DETAILS) {
    report(`${path}.additionalDetails`, `takes ${MAX_ADDITIONAL_DETAILS} at most`, additionalDetails.length);
  }
  const seen = new Set<string>();
  taxes.forEach((tax, index) => checkTax(tax, seen, `${path}.taxes[${index}]`, issueDate, report));
  if (!taxes.some((tax) => tax.code === '2')) {
    report(`${path}.taxes`, 'must name the IVA of the line (code 2); 0 %, no objeto and exento have codes too');
  }
}

function checkTax(tax: LineTax, seen: Set<string>, at: string, issueDate: string, report: Report): void {
  const wrongCode = codeProblem(TAX_TYPES, tax.code, issueDate);
  if (wrongCode !== undefined) return report(`${at}.code`, wrongCode, tax.code);
  // A line has one IVA, but may carry several ICE tariffs.
  const key = tax.code === '2' ? tax.code : taxKey(tax);
  if (seen.has(key)) report(`${at}.code`, 'is there twice in this line', tax.code);
  seen.add(key);
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
  const wrongMethod = codeProblem(PAYMENT_METHODS, method, issueDate);
  if (wrongMethod !== undefined) report(`${path}.method`, wrongMethod, method);
  if (!isAmount(total)) report(`${path}.total`, AMOUNT, total);
  if (term !== undefined && !isAmount(term)) report(`${path}.term`, 'must be a number with up to 2 decimals', term);
  if ((term === undefined) !== (termUnit === undefined)) report(`${path}.termUnit`, 'and term go together');
  const wrongUnit = termUnit === undefined ? undefined : codeProblem(TERM_UNITS, termUnit, issueDate);
  if (wrongUnit !== undefined) report(`${path}.termUnit`, wrongUnit, termUnit);
}

function checkAdditionalInfo(
  { additionalInfo = [] }: FacturaBody,
  { largeTaxpayer }: CheckOptions,
  report: Report,
): void {
  const most = largeTaxpayer ? MAX_ADDITIONAL_INFO - 1 : MAX_ADDITIONAL_INFO;
  if (additionalInfo.length > most) {
    const kept = largeTaxpayer ? '"RUC Proveedor" and "Gran Contribuyente" are' : '"RUC Proveedor" is';
    report('additionalInfo', `takes ${most} fields at most: SRI has 15, and ${kept} among them`, additionalInfo.length);
  }
  additionalInfo.forEach(({ name }, index) => {
    if (RESERVED_NAMES.includes(name.toLowerCase())) {
      report(`additionalInfo[${index}].name`, 'is added by the service itself', name);
    }
  });
}

function checkLineTaxes(body: FacturaBody, totals: DocumentTotals, report: Report): void {
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

function checkTotals(body: FacturaBody, options: CheckOptions, report: Report): void {
  const totals = computeTotals(body);
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
  if (new Decimal(totals.total).greaterThanOrEqualTo(AMOUNT_LIMIT))
    report('items', 'make a total larger than 12 digits', totals.total);
  const paid = toMoney(sum(body.payments.map((payment) => payment.total)));
  if (paid !== totals.total) report('payments', `must add up to the total ${totals.total}; they make ${paid}`, paid);
  // Propina: the legal service charge of 10 % (ficha técnica 2.34, §"Totales").
  if (new Decimal(totals.tip).greaterThan(toMoney(new Decimal(totals.subtotal).dividedBy(10)))) {
    report('tip', `must not exceed 10 % of the subtotal ${totals.subtotal}`, body.tip);
  }
  if (body.buyer.idType === '07' && new Decimal(totals.total).greaterThan(options.finalConsumerLimit)) {
    const limit = toMoney(options.finalConsumerLimit);
    report(
      'buyer.idType',
      `a sale of more than ${limit} must name its buyer; this one is ${totals.total}`,
      body.buyer.idType,
    );
  }
}

function isAmount(text: string): boolean {
  return isDecimal(text, AMOUNT_DIGITS, 2);
}

/** By more than the cent that SRI lets pass (error 52). */
function differs(stated: string | undefined, value: string): boolean {
  return stated !== undefined && (!isAmount(stated) || new Decimal(stated).minus(value).abs().greaterThan(CENT));
}
