import { type CatalogueRow, codeProblem } from './catalogue.ts';
import { ID_TYPES } from './catalogues.ts';
import type { DocumentBody, FieldProblem, IssuerSnapshot, Party } from './document.ts';
import { partyIdProblem } from './identification.ts';
import { Decimal, isDecimal, toMoney } from './money.ts';
import { textProblem } from './text.ts';

/** What the checks of every type go by. */
export interface CheckOptions {
  /** DD/MM/YYYY: the catalogues of that day hold. */
  issueDate: string;
  /** USD above which the final consumer must be named (ficha técnica 2.34, §9.10). */
  finalConsumerLimit: string;
  issuer: IssuerSnapshot;
}

/** Takes a problem: the path of the field, a sentence, the value if it is no secret. */
export type Report = (field: string, message: string, value?: unknown) => void;

/** infoAdicional has 15 places; one is kept for "RUC Proveedor" (ficha técnica 2.34, anexo 26). */
export const MAX_ADDITIONAL_INFO = 14;
const RESERVED_NAMES = ['ruc proveedor', 'gran contribuyente'];

/** UTF-16 units by the name of the field, where it is not 300 (SRI's schemas). */
const LONGEST: Readonly<Record<string, number>> = {
  mainCode: 25,
  auxiliaryCode: 25,
  unit: 50,
  id: 20,
  plate: 20,
  // A guía takes 20, by its own schema.
  customsDocument: 64,
};
const LONGEST_TEXT = 300;

/** Amounts have 14 digits, two of them decimals. */
const AMOUNT_DIGITS = 12;
export const AMOUNT_LIMIT = '1e12';
export const AMOUNT = 'must be an amount with up to 12 digits and 2 decimals';
const CENT = '0.01';

/**
 * Everything that the checks report, in order. Each stage runs only when the ones before it found nothing: amounts that
 * are no amounts cannot be added up.
 */
export function problemsOf(...stages: ((report: Report) => void)[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report: Report = (field, message, value) =>
    problems.push({ field, message, ...(value === undefined ? {} : { value }) });
  for (const stage of stages) if (problems.length === 0) stage(report);
  return problems;
}

/** Every text of a body, whatever its depth. */
export function checkTexts(value: unknown, report: Report, path = '', name = ''): void {
  if (typeof value === 'string') {
    const wrong = textProblem(value, LONGEST[name] ?? LONGEST_TEXT);
    if (wrong !== undefined) report(path, wrong);
  } else if (Array.isArray(value)) {
    value.forEach((entry, index) => checkTexts(entry, report, `${path}[${index}]`, name));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      checkTexts(entry, report, path === '' ? key : `${path}.${key}`, key);
    }
  }
}

/** The kinds of identification of documents whose receiver has a name (ficha técnica 2.34, table 6). */
export const NAMED_ID_TYPES = ID_TYPES.filter(({ code }) => code !== '07');

/** The kind of identification, one of `idTypes`, and the number (ficha técnica 2.34, table 6); `path` is that of the party. */
export function checkParty(
  party: Pick<Party, 'idType' | 'id'>,
  path: string,
  idTypes: readonly CatalogueRow[],
  issueDate: string,
  report: Report,
): void {
  const wrongType = codeProblem(idTypes, party.idType, issueDate);
  if (wrongType !== undefined) return report(`${path}.idType`, wrongType, party.idType);
  const wrongId = partyIdProblem(party);
  if (wrongId !== undefined) report(`${path}.id`, wrongId, party.id);
}

/** A code is one of those that hold on a day (DD/MM/YYYY), if it is given. */
export function checkCode(
  code: string | undefined,
  path: string,
  rows: readonly CatalogueRow[],
  taxDate: string,
  report: Report,
): void {
  const wrong = code === undefined ? undefined : codeProblem(rows, code, taxDate);
  if (wrong !== undefined) report(path, wrong, code);
}

/** Additional fields have the places that are left, and none of the names that the service writes itself. */
export function checkAdditionalInfo(
  { additionalInfo = [] }: DocumentBody,
  { issuer: { largeTaxpayer } }: CheckOptions,
  report: Report,
): void {
  const most = largeTaxpayer === undefined ? MAX_ADDITIONAL_INFO : MAX_ADDITIONAL_INFO - 1;
  if (additionalInfo.length > most) {
    const kept = largeTaxpayer === undefined ? '"RUC Proveedor" is' : '"RUC Proveedor" and "Gran Contribuyente" are';
    report('additionalInfo', `takes ${most} fields at most: SRI has 15, and ${kept} among them`, additionalInfo.length);
  }
  additionalInfo.forEach(({ name }, index) => {
    if (RESERVED_NAMES.includes(name.toLowerCase())) {
      report(`additionalInfo[${index}].name`, 'is added by the service itself', name);
    }
  });
}

export function isAmount(text: string): boolean {
  return isDecimal(text, AMOUNT_DIGITS, 2);
}

/** What entries add up to fits SRI's schemas too. */
export function checkSum(field: string, total: string | undefined, report: Report): void {
  if (total !== undefined && new Decimal(total).greaterThanOrEqualTo(AMOUNT_LIMIT))
    report(field, 'make a total larger than 12 digits', total);
}

/** By more than the cent that SRI lets pass (error 52). */
export function differs(stated: string | undefined, value: string): boolean {
  return stated !== undefined && (!isAmount(stated) || new Decimal(stated).minus(value).abs().greaterThan(CENT));
}

/** A tax of somebody else's document, to one cent; `path` is that of the tax. */
export function checkTaxAmount(
  { rate, taxableBase, taxAmount }: { rate: string; taxableBase: string; taxAmount: string },
  path: string,
  report: Report,
): void {
  const amount = toMoney(new Decimal(taxableBase).times(rate).dividedBy(100));
  if (differs(taxAmount, amount)) report(`${path}.taxAmount`, `must be ${amount}, base by rate`, taxAmount);
}
