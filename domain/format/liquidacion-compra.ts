import { z } from 'zod';
import { checkAdditionalInfo, checkParty, checkTexts, NAMED_ID_TYPES, problemsOf } from '../model/checks.ts';
import type { SaleTotals } from '../model/document.ts';
import { checkItems, checkPaid, checkPayments, checkStatedTotals } from '../model/sale-check.ts';
import { computeTotals } from '../model/sale-totals.ts';
import { additionalInfo, ItemIn, PartyIn, PaymentIn, StatedTotalsIn } from './body-parts.ts';
import { group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { documentWriter, payments, requiredAccounting, saleLines, saleTaxes, specialTaxpayer } from './elements.ts';
import { checkReimbursements, reimbursedSums, ReimbursementIn, reimbursementList } from './reimbursements.ts';
import { child, childrenOf } from './ride/document-tree.ts';
import { reimbursementsOf } from './ride/factura-extras.ts';
import { facts, textOf } from './ride/fields.ts';
import { idLabel, linesOf, paymentsOf } from './ride/sale-view.ts';
import { totalsOf } from './ride/totals-view.ts';

const type = {
  code: '03',
  id: 'LiquidacionCompra',
  name: 'Liquidación de compra',
  root: 'liquidacionCompra',
  versions: ['1.1.0'],
} as const;

const body = z.strictObject({
  documentType: z.literal('03').meta({ description: '03 liquidación de compra.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format." }),
  supplier: PartyIn,
  items: z.array(ItemIn).min(1),
  payments: z.array(PaymentIn).min(1).meta({ description: 'They add up to the computed total, to the cent.' }),
  reimbursements: z.array(ReimbursementIn).min(1).exactOptional(),
  totals: StatedTotalsIn.exactOptional(),
  additionalInfo,
});

/** A purchase from somebody who issues no documents: what the buyer says of it. */
export type LiquidacionBody = z.output<typeof body>;

type Input = WriteInput<LiquidacionBody, SaleTotals>;

const reimbursements = ({ body: { reimbursements: documents = [] } }: Input) => documents;

const info = group<Input>('infoLiquidacionCompra', [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  specialTaxpayer,
  requiredAccounting,
  text('tipoIdentificacionProveedor', ({ body: { supplier } }) => supplier.idType),
  text('razonSocialProveedor', ({ body: { supplier } }) => supplier.name),
  text('identificacionProveedor', ({ body: { supplier } }) => supplier.id),
  text('direccionProveedor', ({ body: { supplier } }) => supplier.address),
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  text('totalDescuento', ({ totals }) => totals.discount),
  text('codDocReembolso', (input) => (reimbursements(input).length > 0 ? '41' : undefined)),
  ...reimbursedSums(reimbursements),
  saleTaxes,
  text('importeTotal', ({ totals }) => totals.total),
  text('moneda', () => 'DOLAR'),
  payments,
]);

/**
 * A purchase whose seller issues no documents (ficha técnica 2.34, anexo 19). Its only tax is IVA, and a final consumer sells nothing
 * (table 6).
 */
export const liquidacionCompra: DocumentTypeRow<LiquidacionBody, SaleTotals> = {
  ...type,
  body,
  example: {
    documentType: '03',
    supplier: { idType: '05', id: '1710034065', name: 'Juan Pérez', address: 'Vía a Mindo, km 3' },
    items: [
      {
        mainCode: 'CACAO',
        description: 'Cacao en grano, quintal',
        quantity: '2',
        unitPrice: '120.00',
        taxes: [{ code: '2', rateCode: '0', rate: '0' }],
      },
    ],
    payments: [{ method: '20', total: '240.00' }],
  },
  party: ({ supplier }) => supplier,
  check: (purchase, options) =>
    problemsOf(
      (report) => {
        checkTexts(purchase, report);
        checkParty(purchase.supplier, 'supplier', NAMED_ID_TYPES, options.issueDate, report);
        checkItems(purchase.items, options.issueDate, report);
        purchase.items.forEach(({ taxes }, index) =>
          taxes.forEach(({ code }, place) => {
            if (code !== '2')
              report(`items[${index}].taxes[${place}].code`, 'must be 2 (IVA), the only tax here', code);
          }),
        );
        checkPayments(purchase.payments, options.issueDate, report);
        checkReimbursements(purchase.reimbursements ?? [], 'reimbursements', options.issueDate, report);
        checkAdditionalInfo(purchase, options, report);
      },
      (report) => {
        const totals = computeTotals(purchase);
        checkStatedTotals(purchase, totals, report);
        checkPaid(purchase.payments, totals.total, report);
      },
    ),
  totals: computeTotals,
  write: documentWriter(type, [info, saleLines, reimbursementList(reimbursements)]),
  view: (root) => {
    const header = child(root, 'infoLiquidacionCompra');
    const paid = paymentsOf(header);
    const reimbursed = reimbursementsOf(root, header);
    return {
      title: 'LIQUIDACIÓN DE COMPRA',
      info: header,
      sections: [
        {
          facts: facts([
            ['Proveedor', textOf(header, 'razonSocialProveedor'), 'wide'],
            [idLabel(textOf(header, 'tipoIdentificacionProveedor')), textOf(header, 'identificacionProveedor')],
            ['Fecha Emisión', textOf(header, 'fechaEmision')],
            ['Dirección', textOf(header, 'direccionProveedor'), 'wide'],
          ]),
        },
        { table: linesOf(childrenOf(child(root, 'detalles'), 'detalle')) },
        ...(reimbursed === undefined ? [] : [reimbursed]),
      ],
      ...(paid === undefined ? {} : { payments: paid }),
      totals: totalsOf(header),
    };
  },
};
