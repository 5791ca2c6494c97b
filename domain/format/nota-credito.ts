import { z } from 'zod';
import { checkAdditionalInfo, checkParty, checkTexts, NAMED_ID_TYPES, problemsOf } from '../model/checks.ts';
import type { ComputedLine, ComputedTax, Item, SaleTotals } from '../model/document.ts';
import { toQuantity } from '../model/money.ts';
import { checkItems, checkStatedTotals } from '../model/sale-check.ts';
import { computeTotals } from '../model/sale-totals.ts';
import { line } from './body-fields.ts';
import { additionalInfo, ItemIn, PartyIn, StatedTotalsIn } from './body-parts.ts';
import { each, group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { additionalDetails, documentWriter, lineTaxes, linesOf as linesIn } from './elements.ts';
import { checkModified, ModifiedIn, modifiedDocument, noteFacts, noteHeader } from './modified-document.ts';
import { child, childrenOf } from './ride/document-tree.ts';
import { facts, textOf } from './ride/fields.ts';
import { linesOf } from './ride/sale-view.ts';
import { totalsOf } from './ride/totals-view.ts';

const type = {
  code: '04',
  id: 'NotaCredito',
  name: 'Nota de crédito',
  root: 'notaCredito',
  versions: ['1.1.0'],
} as const;

const body = z.strictObject({
  documentType: z.literal('04').meta({ description: '04 nota de crédito.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format." }),
  buyer: PartyIn,
  modifies: ModifiedIn,
  reason: line(300).meta({ description: 'Why: a return, a discount, a mistake.', example: 'Devolución de mercadería' }),
  items: z.array(ItemIn).min(1),
  totals: StatedTotalsIn.exactOptional(),
  additionalInfo,
});

/** What is given back, or taken off, of a sale. */
export type NotaCreditoBody = z.output<typeof body>;

type Input = WriteInput<NotaCreditoBody, SaleTotals>;

const info = group<Input>('infoNotaCredito', [
  ...noteHeader,
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  text('valorModificacion', ({ totals }) => totals.total),
  text('moneda', () => 'DOLAR'),
  group('totalConImpuestos', [
    each(
      ({ totals }) => totals.taxes,
      group<ComputedTax>('totalImpuesto', [
        text('codigo', (tax) => tax.code),
        text('codigoPorcentaje', (tax) => tax.rateCode),
        text('baseImponible', (tax) => tax.base),
        text('valor', (tax) => tax.amount),
      ]),
    ),
  ]),
  text('motivo', ({ body: { reason } }) => reason),
]);

const lines = group<Input>('detalles', [
  each(
    linesIn,
    group<Item & ComputedLine>('detalle', [
      text('codigoInterno', ({ mainCode }) => mainCode),
      text('codigoAdicional', ({ auxiliaryCode }) => auxiliaryCode),
      text('descripcion', ({ description }) => description),
      text('cantidad', ({ quantity }) => toQuantity(quantity)),
      text('precioUnitario', ({ unitPrice }) => toQuantity(unitPrice)),
      text('descuento', ({ discount }) => discount),
      text('precioTotalSinImpuesto', ({ net }) => net),
      additionalDetails,
      lineTaxes,
    ]),
  ),
]);

/**
 * Takes back a sale or a part of it (ficha técnica 2.34, anexo 3). The rates of IVA are those of the day of the sale; a final
 * consumer has no credit notes (resolution NAC-DGERCGC25-00000017, since 2026).
 */
export const notaCredito: DocumentTypeRow<NotaCreditoBody, SaleTotals> = {
  ...type,
  body,
  example: {
    documentType: '04',
    buyer: { idType: '05', id: '1710034065', name: 'Juan Pérez', email: 'juan@example.com' },
    modifies: { documentType: '01', number: '001-001-000000123', issueDate: '20/11/2026' },
    reason: 'Devolución de mercadería',
    items: [
      {
        mainCode: 'CAFE',
        description: 'Café 500 g',
        quantity: '1',
        unitPrice: '4.50',
        taxes: [{ code: '2', rateCode: '4', rate: '15' }],
      },
    ],
  },
  party: ({ buyer }) => buyer,
  modifies: ({ modifies }) => ({ ...modifiedDocument(modifies), credit: true }),
  check: (note, options) =>
    problemsOf(
      (report) => {
        checkTexts(note, report);
        checkParty(note.buyer, 'buyer', NAMED_ID_TYPES, options.issueDate, report);
        checkModified(note.modifies, options.issueDate, options.issuer, report);
        checkAdditionalInfo(note, options, report);
        note.items.forEach(({ unit, unsubsidizedPrice }, index) => {
          if (unit !== undefined) report(`items[${index}].unit`, 'is not told in a nota de crédito', unit);
          if (unsubsidizedPrice !== undefined)
            report(`items[${index}].unsubsidizedPrice`, 'is not told in a nota de crédito', unsubsidizedPrice);
        });
      },
      (report) => checkItems(note.items, modifiedDocument(note.modifies).issueDate, report),
      (report) => checkStatedTotals(note, computeTotals(note), report),
    ),
  totals: computeTotals,
  write: documentWriter(type, [info, lines]),
  view: (root) => {
    const header = child(root, 'infoNotaCredito');
    return {
      title: 'NOTA DE CRÉDITO',
      info: header,
      sections: [
        { facts: [...noteFacts(header), ...facts([['Razón de Modificación', textOf(header, 'motivo'), 'wide']])] },
        { table: linesOf(childrenOf(child(root, 'detalles'), 'detalle')) },
      ],
      totals: totalsOf(header, { total: 'valorModificacion' }),
    };
  },
};
