import { z } from 'zod';
import { ID_TYPES, PROVIDER_TYPES, rateProblem, SUPPORT_DOCUMENTS, TAX_TYPES } from '../model/catalogues.ts';
import { checkCode, checkParty, checkSum, checkTaxAmount, type Report } from '../model/checks.ts';
import { COUNTRIES } from '../model/countries.ts';
import { Decimal, sum, toMoney } from '../model/money.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { decimal, digits, line, taxDate } from './body-fields.ts';
import { documentNumber } from './body-parts.ts';
import { each, group, type Rule, text } from './canonical-xml.ts';

/** A supplier's document whose cost is passed on (ficha técnica 2.34, annexes on reembolsos de gastos). */
export const ReimbursementIn = z
  .strictObject({
    supplier: z.strictObject({
      idType: z.enum(['04', '05', '06', '07', '08']).meta({ example: '04' }),
      id: line(20).meta({ example: '1793213150001' }),
      type: digits(2).meta({ description: '01 person, 02 company (SRI table 26).', example: '02' }),
      country: digits(3).exactOptional().meta({ description: 'SRI table 25; 593 is Ecuador.', example: '593' }),
    }),
    documentType: z
      .string()
      .regex(/^\d{2,3}$/, 'must have 2 or 3 digits')
      .meta({ description: 'Of the transactional annex; 01 is a factura.', example: '01' }),
    number: documentNumber(),
    issueDate: taxDate().meta({ example: '20/11/2026' }),
    authorization: z
      .string()
      .regex(/^\d{10,49}$/, 'must have 10 to 49 digits')
      .meta({ description: 'Number of its authorization; an electronic document’s is its access key.' }),
    taxes: z
      .array(
        z.strictObject({
          code: z.enum(['2', '3', '5']),
          rateCode: z.string().regex(/^\d{1,4}$/, 'must be 1 to 4 digits'),
          rate: decimal(2, 2),
          taxableBase: decimal(12, 2),
          taxAmount: decimal(12, 2),
        }),
      )
      .min(1),
  })
  .meta({ id: 'ReimbursementIn' });

export type Reimbursement = z.output<typeof ReimbursementIn>;

/** What the supplier documents come to, in USD. */
export interface ReimbursedTotals {
  base: string;
  tax: string;
  total: string;
}

function reimbursedTotals(documents: readonly Reimbursement[]): ReimbursedTotals {
  const taxes = documents.flatMap((document) => document.taxes);
  const base = sum(taxes.map((tax) => tax.taxableBase));
  const tax = sum(taxes.map((each_) => each_.taxAmount));
  return { base: toMoney(base), tax: toMoney(tax), total: toMoney(base.plus(tax)) };
}

/** Codes, dates and taxes of each supplier document; they are older than this one, or as old. */
export function checkReimbursements(
  documents: readonly Reimbursement[],
  path: string,
  issueDate: string,
  report: Report,
): void {
  documents.forEach(({ supplier, documentType, issueDate: date, taxes }, index) => {
    const at = `${path}[${index}]`;
    checkParty(supplier, `${at}.supplier`, ID_TYPES, issueDate, report);
    checkCode(supplier.type, `${at}.supplier.type`, PROVIDER_TYPES, issueDate, report);
    checkCode(supplier.country, `${at}.supplier.country`, COUNTRIES, issueDate, report);
    checkCode(documentType, `${at}.documentType`, SUPPORT_DOCUMENTS, issueDate, report);
    if (isoDateOf(date) > isoDateOf(issueDate)) report(`${at}.issueDate`, `must not be after ${issueDate}`, date);
    taxes.forEach((tax, place) => {
      checkCode(tax.code, `${at}.taxes[${place}].code`, TAX_TYPES, issueDate, report);
      if (tax.code !== '2') return;
      const wrong = rateProblem(tax, date);
      if (wrong !== undefined) return report(`${at}.taxes[${place}].${wrong.field}`, wrong.message, tax[wrong.field]);
      checkTaxAmount(tax, `${at}.taxes[${place}]`, report);
    });
  });
  checkSum(path, reimbursedTotals(documents).total, report);
}

/** The sums in the header of a document that has any; 41 is the code of a reimbursement. */
export const reimbursedSums = <Source>(read: (source: Source) => readonly Reimbursement[]): Rule<Source>[] => {
  const totals = (source: Source) => {
    const documents = read(source);
    return documents.length === 0 ? undefined : reimbursedTotals(documents);
  };
  return [
    text('totalComprobantesReembolso', (source) => totals(source)?.total),
    text('totalBaseImponibleReembolso', (source) => totals(source)?.base),
    text('totalImpuestoReembolso', (source) => totals(source)?.tax),
  ];
};

/** `reembolsos`; the retención spells one element otherwise, and has its rates without decimals. */
export const reimbursementList = <Source>(
  read: (source: Source) => readonly Reimbursement[],
  authorization = 'numeroautorizacionDocReemb',
): Rule<Source> =>
  group('reembolsos', [
    each(
      read,
      group<Reimbursement>('reembolsoDetalle', [
        text('tipoIdentificacionProveedorReembolso', ({ supplier }) => supplier.idType),
        text('identificacionProveedorReembolso', ({ supplier }) => supplier.id),
        text('codPaisPagoProveedorReembolso', ({ supplier }) => supplier.country),
        text('tipoProveedorReembolso', ({ supplier }) => supplier.type),
        text('codDocReembolso', ({ documentType }) => documentType),
        text('estabDocReembolso', ({ number }) => number.slice(0, 3)),
        text('ptoEmiDocReembolso', ({ number }) => number.slice(4, 7)),
        text('secuencialDocReembolso', ({ number }) => number.slice(8)),
        text('fechaEmisionDocReembolso', ({ issueDate }) => issueDate),
        text(authorization, (document) => document.authorization),
        group('detalleImpuestos', [
          each(
            ({ taxes }) => taxes,
            group<Reimbursement['taxes'][number]>('detalleImpuesto', [
              text('codigo', ({ code }) => code),
              text('codigoPorcentaje', ({ rateCode }) => rateCode),
              text('tarifa', ({ rate }) => new Decimal(rate).toFixed()),
              text('baseImponibleReembolso', ({ taxableBase }) => toMoney(taxableBase)),
              text('impuestoReembolso', ({ taxAmount }) => toMoney(taxAmount)),
            ]),
          ),
        ]),
      ]),
    ),
  ]);
