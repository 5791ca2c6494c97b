import { z } from 'zod';
import {
  AMOUNT,
  checkAdditionalInfo,
  checkParty,
  checkSum,
  checkTexts,
  differs,
  isAmount,
  NAMED_ID_TYPES,
  problemsOf,
  type Report,
} from '../model/checks.ts';
import type { ComputedTax, DocumentTotals, LineTax } from '../model/document.ts';
import { Decimal, sum, toMoney } from '../model/money.ts';
import { checkPaid, checkPayments, checkTaxes } from '../model/sale-check.ts';
import { computeTaxes, iceOf, UNTAXED_IVA } from '../model/sale-totals.ts';
import { decimal, line } from './body-fields.ts';
import { additionalInfo, LineTaxIn, PartyIn, PaymentIn } from './body-parts.ts';
import { each, group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { documentWriter, lineTaxes, payments } from './elements.ts';
import { checkModified, ModifiedIn, modifiedDocument, noteFacts, noteHeader } from './modified-document.ts';
import { child, childrenOf } from './ride/document-tree.ts';
import { cell, money, textOf } from './ride/fields.ts';
import { paymentsOf } from './ride/sale-view.ts';
import { totalsOf } from './ride/totals-view.ts';

const type = { code: '05', id: 'NotaDebito', name: 'Nota de débito', root: 'notaDebito', versions: ['1.0.0'] } as const;

const body = z.strictObject({
  documentType: z.literal('05').meta({ description: '05 nota de débito.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format." }),
  buyer: PartyIn,
  modifies: ModifiedIn,
  reasons: z
    .array(
      z.strictObject({
        reason: line(300).meta({ example: 'Interés por mora' }),
        amount: decimal(12, 2).meta({ description: 'Without taxes, in USD.', example: '5.00' }),
      }),
    )
    .min(1),
  taxes: z.array(LineTaxIn).min(1).meta({
    description: 'On the sum of the reasons. Where there are several rates of IVA each has its `taxableBase`.',
  }),
  payments: z.array(PaymentIn).min(1).meta({ description: 'They add up to the computed total, to the cent.' }),
  additionalInfo,
});

/** What is charged beyond a sale. */
export type NotaDebitoBody = z.output<typeof body>;

interface DebitTotals extends DocumentTotals {
  /** Sum of the reasons. */
  subtotal: string;
  taxes: ComputedTax[];
}

const IVA = '2';

const ivaOf = (taxes: readonly LineTax[]) => taxes.filter(({ code }) => code === IVA);

/**
 * One rate of IVA is on the whole sum, as on a line of a sale; several are on what is stated for each. ICE and IRBPNR are
 * as stated.
 */
function totalsOfNote({ reasons, taxes }: Pick<NotaDebitoBody, 'reasons' | 'taxes'>): DebitTotals {
  const subtotal = sum(reasons.map(({ amount }) => amount));
  const computed =
    ivaOf(taxes).length > 1
      ? taxes.flatMap((tax) => computeTaxes(new Decimal(tax.taxableBase ?? 0), [tax]))
      : computeTaxes(subtotal, taxes);
  return {
    subtotal: toMoney(subtotal),
    taxes: computed,
    total: toMoney(subtotal.plus(sum(computed.map(({ amount }) => amount)))),
  };
}

type Input = WriteInput<NotaDebitoBody, DebitTotals>;

const info = group<Input>('infoNotaDebito', [
  ...noteHeader,
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  (input) => lineTaxes(input.totals),
  text('valorTotal', ({ totals }) => totals.total),
  payments,
]);

const reasons = group<Input>('motivos', [
  each(
    (input) => input.body.reasons,
    group<NotaDebitoBody['reasons'][number]>('motivo', [
      text('razon', ({ reason }) => reason),
      text('valor', ({ amount }) => toMoney(amount)),
    ]),
  ),
]);

/** Several rates of IVA share the sum of the reasons; where it is taxed, ICE is in their base. */
function checkSharedBase({ taxes }: NotaDebitoBody, { subtotal }: DebitTotals, report: Report): void {
  const iva = ivaOf(taxes);
  if (iva.length < 2) return;
  const base = sum(iva.map(({ taxableBase }) => taxableBase!));
  const taxed = iva.filter(({ rateCode }) => !UNTAXED_IVA.has(rateCode)).length;
  const withIce = iceOf(taxes).plus(subtotal);
  const least = taxed === iva.length ? withIce : subtotal;
  const most = taxed === 0 ? subtotal : withIce;
  if (base.lessThan(least) || base.greaterThan(most))
    report('taxes', `of IVA must share ${toMoney(least)}: the reasons, and ICE where it is taxed`, toMoney(base));
}

/** Charges more for a sale, such as interest (ficha técnica 2.34, anexo 4). The rates of IVA are those of the day of the sale. */
export const notaDebito: DocumentTypeRow<NotaDebitoBody, DebitTotals> = {
  ...type,
  body,
  example: {
    documentType: '05',
    buyer: { idType: '05', id: '1710034065', name: 'Juan Pérez', email: 'juan@example.com' },
    modifies: { documentType: '01', number: '001-001-000000123', issueDate: '20/11/2026' },
    reasons: [{ reason: 'Interés por mora', amount: '5.00' }],
    taxes: [{ code: '2', rateCode: '0', rate: '0' }],
    payments: [{ method: '20', total: '5.00' }],
  },
  party: ({ buyer }) => buyer,
  modifies: ({ modifies }) => ({ ...modifiedDocument(modifies), credit: false }),
  check: (note, options) =>
    problemsOf(
      (report) => {
        checkTexts(note, report);
        checkParty(note.buyer, 'buyer', NAMED_ID_TYPES, options.issueDate, report);
        checkModified(note.modifies, options.issueDate, options.issuer, report);
        note.reasons.forEach(({ amount }, index) => {
          if (!isAmount(amount)) report(`reasons[${index}].amount`, AMOUNT, amount);
        });
        checkPayments(note.payments, options.issueDate, report);
        checkAdditionalInfo(note, options, report);
      },
      (report) => {
        const { issueDate } = modifiedDocument(note.modifies);
        const several = ivaOf(note.taxes).length > 1;
        checkTaxes(note.taxes, { path: 'taxes', taxDate: issueDate, several }, report);
        note.taxes.forEach(({ taxableBase }, index) => {
          if (several && taxableBase === undefined)
            report(`taxes[${index}].taxableBase`, 'is mandatory where there are several rates of IVA');
        });
      },
      (report) => {
        const totals = totalsOfNote(note);
        checkSharedBase(note, totals, report);
        note.taxes.forEach(({ taxableBase, taxAmount }, index) => {
          const { base, amount } = totals.taxes[index]!;
          if (differs(taxableBase, base))
            report(`taxes[${index}].taxableBase`, `must be ${base}, as computed from the reasons`, taxableBase);
          if (differs(taxAmount, amount))
            report(`taxes[${index}].taxAmount`, `must be ${amount}, base by rate`, taxAmount);
        });
        checkSum('reasons', totals.total, report);
        checkPaid(note.payments, totals.total, report);
      },
    ),
  totals: totalsOfNote,
  write: documentWriter(type, [info, reasons]),
  view: (root) => {
    const header = child(root, 'infoNotaDebito');
    const paid = paymentsOf(header);
    return {
      title: 'NOTA DE DÉBITO',
      info: header,
      sections: [
        { facts: noteFacts(header) },
        {
          table: {
            columns: [
              { label: 'Razón de la Modificación', kind: 'text' },
              { label: 'Valor de la Modificación', kind: 'number' },
            ],
            rows: childrenOf(child(root, 'motivos'), 'motivo').map((reason) => [
              cell(textOf(reason, 'razon')),
              cell(money(textOf(reason, 'valor'))),
            ]),
          },
        },
      ],
      ...(paid === undefined ? {} : { payments: paid }),
      totals: totalsOf(header, { total: 'valorTotal', taxes: childrenOf(child(header, 'impuestos'), 'impuesto') }),
    };
  },
};
