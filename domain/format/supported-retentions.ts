import { z } from 'zod';
import { PAYMENT_METHODS, rateProblem, SUPPORT_DOCUMENTS, SUPPORT_TYPES, TAX_TYPES } from '../model/catalogues.ts';
import { AMOUNT, checkCode, checkTaxAmount, differs, isAmount, type Report } from '../model/checks.ts';
import { COUNTRIES } from '../model/countries.ts';
import type { IssuerSnapshot } from '../model/document.ts';
import { Decimal, sum, toMoney } from '../model/money.ts';
import { retentionProblem } from '../model/retention-codes.ts';
import { checkPaid } from '../model/sale-check.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { decimal, digits, taxDate } from './body-fields.ts';
import { documentNumber } from './body-parts.ts';
import { each, group, text } from './canonical-xml.ts';
import type { WriteInput } from './document-type.ts';
import { checkReimbursements, reimbursedSums, ReimbursementIn, reimbursementList } from './reimbursements.ts';

/** `tarifa` and `porcentajeRetener` have three digits here, two of them decimals (schema 2.0.0); zeros at the end do not count. */
const percentage = () =>
  z
    .string()
    .regex(
      /^(\d{1,3}(\.0{1,2})?|\d{1,2}\.\d0?|\d\.\d{2})$/,
      'must be a decimal in a string with up to 3 digits, such as "1.75"',
    );

const retention = z.strictObject({
  tax: z.enum(['1', '2', '6']).meta({ description: '1 income tax, 2 IVA, 6 ISD (SRI table 19).', example: '1' }),
  code: z
    .string()
    .regex(/^[0-9A-Z]{1,5}$/, 'must have 1 to 5 digits or capitals')
    .meta({ description: '`GET /v1/catalogs/retention-codes` lists those that are known.', example: '312' }),
  rate: percentage().meta({ example: '2' }),
  base: decimal(12, 2).meta({ description: 'For IVA the amount of the tax.', example: '100.00' }),
  amount: decimal(12, 2).exactOptional().meta({ description: 'Base by rate; checked to one cent when it is given.' }),
  dividend: z
    .strictObject({
      paidOn: taxDate().meta({ example: '20/11/2026' }),
      incomeTax: decimal(12, 2).meta({ description: 'Income tax that the company paid on it.' }),
      fiscalYear: digits(4).meta({ example: '2025' }),
    })
    .exactOptional(),
  bananas: z
    .strictObject({
      boxes: z.string().regex(/^\d{1,7}$/, 'must have 1 to 7 digits'),
      boxPrice: decimal(12, 2),
    })
    .exactOptional()
    .meta({ description: 'Of a purchase of bananas.' }),
});

export const SupportIn = z
  .strictObject({
    supportType: digits(2).meta({
      description: 'What the purchase is for (`/v1/catalogs/support-types`).',
      example: '01',
    }),
    documentType: z
      .string()
      .regex(/^\d{2,3}$/, 'must have 2 or 3 digits')
      .meta({ description: 'Of the document that is paid (`/v1/catalogs/support-documents`).', example: '01' }),
    number: documentNumber()
      .exactOptional()
      .meta({ description: 'Left out in an autorretención, whose own number it is.', example: '001-001-000000123' }),
    issueDate: taxDate().meta({ example: '20/11/2026' }),
    accountingDate: taxDate().exactOptional().meta({ example: '21/11/2026' }),
    authorization: z
      .string()
      .regex(/^(\d{10}|\d{37}|\d{49})$/, 'must have 10, 37 or 49 digits')
      .exactOptional()
      .meta({ description: 'Number of its authorization; an electronic document’s is its access key.' }),
    foreignPayment: z
      .strictObject({
        regime: z.enum(['01', '02', '03']).meta({ description: '01 general, 02 tax haven, 03 preferential regime.' }),
        country: z
          .string()
          .regex(/^\d{3,4}$/, 'must have 3 or 4 digits')
          .meta({ description: 'SRI table 25.', example: '110' }),
        treaty: z.boolean().meta({ description: 'A treaty against double taxation applies.' }),
        subjectToWithholding: z.boolean().exactOptional().meta({ description: 'By law, where no treaty applies.' }),
        preferentialRegime: z.boolean().exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'Of a payment to abroad.' }),
    subtotal: decimal(12, 2).meta({ description: 'Without taxes, in USD.', example: '100.00' }),
    taxes: z
      .array(
        z.strictObject({
          code: z.enum(['2', '3', '5']),
          rateCode: z.string().regex(/^\d{1,4}$/, 'must be 1 to 4 digits'),
          rate: percentage(),
          taxableBase: decimal(12, 2),
          taxAmount: decimal(12, 2),
        }),
      )
      .min(1)
      .meta({ description: 'Taxes of the document that is paid.' }),
    retentions: z.array(retention).min(1),
    reimbursements: z.array(ReimbursementIn).min(1).exactOptional(),
    payments: z.array(z.strictObject({ method: digits(2), total: decimal(12, 2) })).min(1),
  })
  .meta({ id: 'SupportDocumentIn' });

type Support = z.output<typeof SupportIn>;

export interface ComputedRetention {
  tax: string;
  code: string;
  rate: string;
  base: string;
  amount: string;
}

interface ComputedSupport {
  /** What the document amounts to, its taxes included. */
  total: string;
  retentions: ComputedRetention[];
}

export function computeSupport({ subtotal, taxes, retentions }: Support): ComputedSupport {
  return {
    total: toMoney(sum([subtotal, ...taxes.map(({ taxAmount }) => taxAmount)])),
    retentions: retentions.map(({ tax, code, rate, base }) => ({
      tax,
      code,
      rate: new Decimal(rate).toFixed(),
      base: toMoney(base),
      amount: toMoney(new Decimal(base).times(rate).dividedBy(100)),
    })),
  };
}

/** An autorretención is documented by itself (ficha técnica 2.34: support 42, type 12). */
const ITSELF = { documentType: '42', supportType: '12' } as const;

/** Codes and dates; `itself` in an autorretención. The percentages are those of the day of the document that is paid. */
export function checkSupport(
  support: Support,
  path: string,
  { issueDate, itself }: { issueDate: string; itself: boolean },
  report: Report,
): void {
  checkCode(support.supportType, `${path}.supportType`, SUPPORT_TYPES, issueDate, report);
  checkCode(support.documentType, `${path}.documentType`, SUPPORT_DOCUMENTS, issueDate, report);
  if (itself) {
    for (const name of ['documentType', 'supportType'] as const) {
      if (support[name] !== ITSELF[name])
        report(`${path}.${name}`, `must be ${ITSELF[name]} in an autorretención`, support[name]);
    }
    if (support.number !== undefined)
      report(`${path}.number`, 'is the number of the autorretención itself: leave it out', support.number);
  } else if (support.number === undefined) report(`${path}.number`, 'is required');
  for (const name of ['issueDate', 'accountingDate'] as const) {
    const date = support[name];
    if (date !== undefined && isoDateOf(date) > isoDateOf(issueDate))
      report(`${path}.${name}`, `must not be after ${issueDate}`, date);
  }
  if (support.foreignPayment !== undefined) {
    const { country, treaty, subjectToWithholding } = support.foreignPayment;
    checkCode(country, `${path}.foreignPayment.country`, COUNTRIES, issueDate, report);
    if (!treaty && subjectToWithholding === undefined)
      report(`${path}.foreignPayment.subjectToWithholding`, 'is mandatory where no treaty applies');
  }
  support.taxes.forEach((tax, index) => {
    checkCode(tax.code, `${path}.taxes[${index}].code`, TAX_TYPES, issueDate, report);
    const wrong = tax.code === '2' ? rateProblem(tax, support.issueDate) : undefined;
    if (wrong !== undefined) report(`${path}.taxes[${index}].${wrong.field}`, wrong.message, tax[wrong.field]);
  });
  support.retentions.forEach((entry, index) => {
    const wrong = retentionProblem(entry, support.issueDate);
    if (wrong !== undefined) report(`${path}.retentions[${index}].${wrong.field}`, wrong.message, entry[wrong.field]);
    if (new Decimal(entry.rate).greaterThan(100))
      report(`${path}.retentions[${index}].rate`, 'must not exceed 100', entry.rate);
    if (!isAmount(entry.base)) report(`${path}.retentions[${index}].base`, AMOUNT, entry.base);
  });
  support.payments.forEach(({ method }, index) =>
    checkCode(method, `${path}.payments[${index}].method`, PAYMENT_METHODS, issueDate, report),
  );
  const { reimbursements = [] } = support;
  checkReimbursements(reimbursements, `${path}.reimbursements`, issueDate, report);
  reimbursements.forEach(({ taxes }, index) =>
    taxes.forEach(({ rate }, place) => {
      if (!new Decimal(rate).isInteger())
        report(`${path}.reimbursements[${index}].taxes[${place}].rate`, 'takes no decimals in a retención', rate);
    }),
  );
}

/** What was stated, against what it comes to: to one cent, payments exactly. */
export function checkSupportAmounts(support: Support, path: string, report: Report): void {
  const { total, retentions } = computeSupport(support);
  support.taxes.forEach((tax, index) => {
    if (tax.code === '2') checkTaxAmount(tax, `${path}.taxes[${index}]`, report);
  });
  support.retentions.forEach(({ amount: stated }, index) => {
    const { amount } = retentions[index]!;
    if (differs(stated, amount))
      report(`${path}.retentions[${index}].amount`, `must be ${amount}, base by rate`, stated);
  });
  checkPaid(support.payments, total, report, `${path}.payments`);
}

/** A support with what is written of it but not said in it. */
interface Written {
  support: Support;
  computed: ComputedSupport;
  /** Digits alone; the document's own where it supports itself. */
  number: string;
}

const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'SI' : 'NO');

const reimbursed = ({ support }: Written) => support.reimbursements ?? [];

const supportElement = group<Written>('docSustento', [
  text('codSustento', ({ support }) => support.supportType),
  text('codDocSustento', ({ support }) => support.documentType),
  text('numDocSustento', ({ number }) => number),
  text('fechaEmisionDocSustento', ({ support }) => support.issueDate),
  text('fechaRegistroContable', ({ support }) => support.accountingDate),
  text('numAutDocSustento', ({ support }) => support.authorization),
  text('pagoLocExt', ({ support }) => (support.foreignPayment === undefined ? '01' : '02')),
  text('tipoRegi', ({ support }) => support.foreignPayment?.regime),
  text('paisEfecPago', ({ support }) => support.foreignPayment?.country),
  text('aplicConvDobTrib', ({ support }) => yesNo(support.foreignPayment?.treaty)),
  text('pagExtSujRetNorLeg', ({ support }) => yesNo(support.foreignPayment?.subjectToWithholding)),
  text('pagoRegFis', ({ support }) => yesNo(support.foreignPayment?.preferentialRegime)),
  ...reimbursedSums(reimbursed),
  text('totalSinImpuestos', ({ support }) => toMoney(support.subtotal)),
  text('importeTotal', ({ computed }) => computed.total),
  group('impuestosDocSustento', [
    each(
      ({ support }) => support.taxes,
      group<Support['taxes'][number]>('impuestoDocSustento', [
        text('codImpuestoDocSustento', ({ code }) => code),
        text('codigoPorcentaje', ({ rateCode }) => rateCode),
        text('baseImponible', ({ taxableBase }) => toMoney(taxableBase)),
        text('tarifa', ({ rate }) => new Decimal(rate).toFixed()),
        text('valorImpuesto', ({ taxAmount }) => toMoney(taxAmount)),
      ]),
    ),
  ]),
  group('retenciones', [
    each(
      ({ support, computed }) =>
        support.retentions.map((entry, index) => ({ ...entry, ...computed.retentions[index]! })),
      group<Omit<Support['retentions'][number], keyof ComputedRetention> & ComputedRetention>('retencion', [
        text('codigo', ({ tax }) => tax),
        text('codigoRetencion', ({ code }) => code),
        text('baseImponible', ({ base }) => base),
        text('porcentajeRetener', ({ rate }) => rate),
        text('valorRetenido', ({ amount }) => amount),
        group('dividendos', [
          text('fechaPagoDiv', ({ dividend }) => dividend?.paidOn),
          text('imRentaSoc', ({ dividend }) => dividend && toMoney(dividend.incomeTax)),
          text('ejerFisUtDiv', ({ dividend }) => dividend?.fiscalYear),
        ]),
        group('compraCajBanano', [
          text('numCajBan', ({ bananas }) => bananas?.boxes),
          text('precCajBan', ({ bananas }) => bananas && toMoney(bananas.boxPrice)),
        ]),
      ]),
    ),
  ]),
  reimbursementList(reimbursed, 'numeroAutorizacionDocReemb'),
  group('pagos', [
    each(
      ({ support }) => support.payments,
      group<Support['payments'][number]>('pago', [
        text('formaPago', ({ method }) => method),
        text('total', ({ total }) => toMoney(total)),
      ]),
    ),
  ]),
]);

type Input = WriteInput<{ documentType: '07'; supportDocuments: Support[] }>;

/** `docsSustento`. */
export const supportList = group<Input>('docsSustento', [
  each(({ head, issuer, body }) => {
    const own = ownNumber(issuer, head.sequential);
    return body.supportDocuments.map((support) => ({
      support,
      computed: computeSupport(support),
      number: support.number?.replaceAll('-', '') ?? own,
    }));
  }, supportElement),
]);

function ownNumber({ branchCode, issuePointCode }: IssuerSnapshot, sequential: string): string {
  return branchCode + issuePointCode + sequential;
}
