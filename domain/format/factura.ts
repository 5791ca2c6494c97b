import { z } from 'zod';
import { ID_TYPES } from '../model/catalogues.ts';
import { AMOUNT, checkAdditionalInfo, checkParty, checkTexts, isAmount, problemsOf } from '../model/checks.ts';
import type { Party, SaleTotals } from '../model/document.ts';
import { sum, toMoney } from '../model/money.ts';
import {
  checkFinalConsumer,
  checkItems,
  checkPaid,
  checkPayments,
  checkStatedTotals,
  checkTip,
} from '../model/sale-check.ts';
import { computeTotals } from '../model/sale-totals.ts';
import { decimal } from './body-fields.ts';
import { additionalInfo, BuyerIn, documentNumber, ItemIn, PaymentIn, StatedTotalsIn } from './body-parts.ts';
import { group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { documentWriter, payments, requiredAccounting, saleLines, saleTaxes, specialTaxpayer } from './elements.ts';
import {
  checkExtraAmounts,
  checkExtras,
  exportAmounts,
  extraElements,
  extraFields,
  extraInfo,
} from './factura-extras.ts';
import { facturaView } from './ride/factura-view.ts';

const type = { code: '01', id: 'Factura', name: 'Factura', root: 'factura', versions: ['2.1.0', '1.1.0'] } as const;

const body = z.strictObject({
  documentType: z.literal('01').meta({ description: '01 factura.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format; 2.1.0 unless it is given." }),
  buyer: BuyerIn,
  guiaRemision: documentNumber().exactOptional().meta({ description: 'Number of the guía de remisión.' }),
  items: z.array(ItemIn).min(1),
  payments: z.array(PaymentIn).min(1).meta({ description: 'They add up to the computed total, to the cent.' }),
  tip: decimal(12, 2).exactOptional().meta({ description: 'Propina: up to 10 % of the subtotal, in USD.' }),
  ...extraFields,
  totals: StatedTotalsIn.exactOptional(),
  additionalInfo,
});

/** A sale: what the caller says of it. That the buyer has an e-mail address is the API's to ask for. */
export type FacturaBody = Omit<z.output<typeof body>, 'buyer'> & { buyer: Party };

type Input = WriteInput<FacturaBody, SaleTotals>;

/** Those of any sale, and what an export costs beside the goods. */
function totalsOfSale(sale: FacturaBody): SaleTotals {
  const totals = computeTotals(sale);
  return { ...totals, total: toMoney(exportAmounts(sale).plus(totals.total)) };
}

const saleInfo = group<Input>('infoFactura', [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  specialTaxpayer,
  requiredAccounting,
  ...extraInfo.beforeBuyer,
  text('tipoIdentificacionComprador', ({ body: { buyer } }) => buyer.idType),
  text('guiaRemision', ({ body: { guiaRemision } }) => guiaRemision),
  text('razonSocialComprador', ({ body: { buyer } }) => buyer.name),
  text('identificacionComprador', ({ body: { buyer } }) => buyer.id),
  text('direccionComprador', ({ body: { buyer } }) => buyer.address),
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  ...extraInfo.afterSubtotal,
  text('totalDescuento', ({ totals }) => totals.discount),
  ...extraInfo.afterDiscount,
  saleTaxes,
  text('propina', ({ totals }) => totals.tip),
  ...extraInfo.afterTip,
  text('importeTotal', ({ totals }) => totals.total),
  text('moneda', () => 'DOLAR'),
  ...extraInfo.afterCurrency,
  payments,
  ...extraInfo.afterPayments,
]);

/**
 * The sale of goods or services (ficha técnica 2.34, anexo 1). What a body can say reads alike in 1.1.0 and 2.1.0: one table
 * writes both. The buyer's e-mail is not written: the schema has no place for it.
 */
export const factura: DocumentTypeRow<FacturaBody, SaleTotals> = {
  ...type,
  body,
  example: {
    documentType: '01',
    buyer: { idType: '05', id: '1710034065', name: 'Juan Pérez', email: 'juan@example.com' },
    items: [
      {
        mainCode: 'CAFE',
        description: 'Café 500 g',
        quantity: '2',
        unitPrice: '4.50',
        taxes: [{ code: '2', rateCode: '4', rate: '15' }],
      },
    ],
    payments: [{ method: '01', total: '10.35' }],
  },
  party: ({ buyer }) => buyer,
  check: (sale, options) =>
    problemsOf(
      (report) => {
        checkTexts(sale, report);
        checkParty(sale.buyer, 'buyer', ID_TYPES, options.issueDate, report);
        checkItems(sale.items, options.issueDate, report);
        checkPayments(sale.payments, options.issueDate, report);
        checkAdditionalInfo(sale, options, report);
        checkExtras(sale, options, report);
        if (sale.tip !== undefined && !isAmount(sale.tip)) report('tip', AMOUNT, sale.tip);
      },
      (report) => {
        const totals = totalsOfSale(sale);
        checkStatedTotals(sale, totals, report);
        checkPaid(sale.payments, totals.total, report);
        checkTip(totals.tip, totals.subtotal, report);
        checkFinalConsumer(sale.buyer, totals.total, options, report);
        checkExtraAmounts(
          sale,
          toMoney(sum(totals.taxes.filter(({ code }) => code === '2').map((tax) => tax.amount))),
          report,
        );
      },
    ),
  totals: totalsOfSale,
  write: documentWriter(type, [saleInfo, saleLines, ...extraElements]),
  view: facturaView,
};
