import { z } from 'zod';
import { ID_TYPES } from '../model/catalogues.ts';
import { AMOUNT, checkAdditionalInfo, checkParty, checkTexts, isAmount, problemsOf } from '../model/checks.ts';
import type { ComputedLine, ComputedTax, Item, Party, SaleTotals } from '../model/document.ts';
import { toQuantity } from '../model/money.ts';
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
import { each, group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import {
  additionalDetails,
  documentWriter,
  lineTaxes,
  payments,
  requiredAccounting,
  specialTaxpayer,
} from './elements.ts';
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
  totals: StatedTotalsIn.exactOptional(),
  additionalInfo,
});

/** A sale: what the caller says of it. That the buyer has an e-mail address is the API's to ask for. */
export type FacturaBody = Omit<z.output<typeof body>, 'buyer'> & { buyer: Party };

type Input = WriteInput<FacturaBody, SaleTotals>;

const totalTax = group<ComputedTax>('totalImpuesto', [
  text('codigo', (tax) => tax.code),
  text('codigoPorcentaje', (tax) => tax.rateCode),
  text('baseImponible', (tax) => tax.base),
  text('tarifa', (tax) => tax.rate),
  text('valor', (tax) => tax.amount),
]);

const saleInfo = group<Input>('infoFactura', [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  specialTaxpayer,
  requiredAccounting,
  text('tipoIdentificacionComprador', ({ body: { buyer } }) => buyer.idType),
  text('guiaRemision', ({ body: { guiaRemision } }) => guiaRemision),
  text('razonSocialComprador', ({ body: { buyer } }) => buyer.name),
  text('identificacionComprador', ({ body: { buyer } }) => buyer.id),
  text('direccionComprador', ({ body: { buyer } }) => buyer.address),
  text('totalSinImpuestos', ({ totals }) => totals.subtotal),
  text('totalDescuento', ({ totals }) => totals.discount),
  group('totalConImpuestos', [each(({ totals }) => totals.taxes, totalTax)]),
  text('propina', ({ totals }) => totals.tip),
  text('importeTotal', ({ totals }) => totals.total),
  text('moneda', () => 'DOLAR'),
  payments,
]);

const line = group<Item & ComputedLine>('detalle', [
  text('codigoPrincipal', ({ mainCode }) => mainCode),
  text('codigoAuxiliar', ({ auxiliaryCode }) => auxiliaryCode),
  text('descripcion', ({ description }) => description),
  text('unidadMedida', ({ unit }) => unit),
  text('cantidad', ({ quantity }) => toQuantity(quantity)),
  text('precioUnitario', ({ unitPrice }) => toQuantity(unitPrice)),
  text('descuento', ({ discount }) => discount),
  text('precioTotalSinImpuesto', ({ net }) => net),
  additionalDetails,
  lineTaxes,
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
        if (sale.tip !== undefined && !isAmount(sale.tip)) report('tip', AMOUNT, sale.tip);
      },
      (report) => {
        const totals = computeTotals(sale);
        checkStatedTotals(sale, totals, report);
        checkPaid(sale.payments, totals.total, report);
        checkTip(totals.tip, totals.subtotal, report);
        checkFinalConsumer(sale.buyer, totals.total, options, report);
      },
    ),
  totals: computeTotals,
  write: documentWriter(type, [
    saleInfo,
    group('detalles', [
      each(({ body: { items }, totals }) => items.map((item, index) => ({ ...item, ...totals.lines[index]! })), line),
    ]),
  ]),
  view: facturaView,
};
