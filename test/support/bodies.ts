import fc from 'fast-check';
import type { RetencionBody } from '../../domain/format/comprobante-retencion.ts';
import { factura, type FacturaBody } from '../../domain/format/factura.ts';
import type { GuiaBody } from '../../domain/format/guia-remision.ts';
import type { LiquidacionBody } from '../../domain/format/liquidacion-compra.ts';
import type { NotaCreditoBody } from '../../domain/format/nota-credito.ts';
import { notaDebito, type NotaDebitoBody } from '../../domain/format/nota-debito.ts';
import type { Reimbursement } from '../../domain/format/reimbursements.ts';
import type { DocumentBody, DocumentType, Item } from '../../domain/model/document.ts';
import { Decimal, sum, toMoney } from '../../domain/model/money.ts';
import { computeTotals } from '../../domain/model/sale-totals.ts';
import { anyBuyer, anyCedula, anyDecimal, anyIce, anyItem, anyIva, anyNameValues, anySale, anyText } from './sales.ts';

/*
 * Bodies that the checks of their type take on SAMPLE_DATE. `requiredKeys` leaves the others out now and then.
 */

const NUMBER = fc.integer({ min: 1, max: 999_999_999 }).map((at) => `001-002-${String(at).padStart(9, '0')}`);
const AUTHORIZATION = fc.constantFrom(
  '1234567890',
  '1'.repeat(37),
  '2011202601179321315000110010010000001231234567811',
);
const DATE = fc.constantFrom('25/11/2026', '20/11/2026', '01/05/2025');
const AMOUNT = anyDecimal(5_000, 2);
const COUNTRY = fc.constantFrom('593', '110', '209');

/** Of the first payment, which takes all. */
const paidInDays = (total: string) => [{ method: '20', total, term: '30', termUnit: 'dias' as const }];

const anyNamed = anyBuyer.map(({ idType, ...buyer }) => ({ ...buyer, idType: idType as '04' | '05' | '06' | '08' }));

const taxed = fc.tuple(anyIva, AMOUNT).map(([{ rateCode, rate }, taxableBase]) => ({
  code: '2' as const,
  rateCode,
  rate,
  taxableBase,
  taxAmount: toMoney(new Decimal(taxableBase).times(rate).dividedBy(100)),
}));

const anyReimbursement: fc.Arbitrary<Reimbursement> = fc.record({
  supplier: fc.record(
    {
      idType: fc.constant('05' as const),
      id: anyCedula,
      type: fc.constantFrom('01', '02'),
      country: COUNTRY,
    },
    { requiredKeys: ['idType', 'id', 'type'] },
  ),
  documentType: fc.constantFrom('01', '03', '12'),
  number: NUMBER,
  issueDate: DATE,
  authorization: AUTHORIZATION,
  taxes: fc.array(taxed, { minLength: 1, maxLength: 2 }),
});
const reimbursements = fc.array(anyReimbursement, { minLength: 1, maxLength: 2 });

const anyExtras = fc.record(
  {
    export: fc.record(
      {
        incoterm: fc.constantFrom('FOB', 'CIF'),
        place: anyText(300),
        originCountry: COUNTRY,
        loadingPort: anyText(300),
        destinationPort: anyText(300),
        destinationCountry: COUNTRY,
        purchaseCountry: COUNTRY,
        totalIncoterm: fc.constantFrom('FOB', 'CIF'),
        freight: AMOUNT,
        insurance: AMOUNT,
        customs: AMOUNT,
        otherTransport: AMOUNT,
      },
      {
        requiredKeys: ['incoterm', 'place', 'originCountry', 'loadingPort', 'destinationPort', 'destinationCountry'],
      },
    ),
    plate: anyText(20),
    reimbursements,
    retentions: fc.array(
      fc.record({ code: fc.constant('327'), rate: fc.constantFrom('0.2', '0.20'), amount: AMOUNT }),
      { minLength: 1, maxLength: 2 },
    ),
    transport: fc.record({
      startAddress: anyText(300),
      recipientAddress: anyText(300),
      startDate: fc.constantFrom('25/11/2026', '26/11/2026'),
      endDate: fc.constantFrom('26/11/2026', '31/12/2026'),
      carrier: fc.record({ idType: fc.constant('05' as const), id: anyCedula, name: anyText(300) }),
      plate: anyText(20),
      destinations: fc.array(
        fc.record(
          {
            reason: anyText(300),
            customsDocument: anyText(64),
            branchCode: fc.constant('002'),
            route: anyText(300),
          },
          { requiredKeys: ['reason'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    thirdPartyCharges: fc.array(fc.record({ concept: anyText(300), total: AMOUNT }), { minLength: 1, maxLength: 2 }),
    negotiable: fc.record({ email: fc.constantFrom('acepta@example.com', 'a@b.ec') }),
  },
  { requiredKeys: [] },
);

const anyFactura: fc.Arbitrary<FacturaBody> = fc
  .tuple(anySale, anyExtras, fc.boolean())
  .map(([sale, extras, saved]) => {
    const items = saved ? sale.items.map((item) => ({ ...item, unsubsidizedPrice: item.unitPrice })) : sale.items;
    const whole: FacturaBody = { ...sale, ...extras, items, buyer: { ...sale.buyer, address: 'Quito' } };
    return { ...whole, payments: paidInDays(factura.totals(whole).total) };
  });

const onlyIva = (item: Item): Item => ({ ...item, taxes: item.taxes.filter(({ code }) => code === '2') });

const anyLiquidacion: fc.Arbitrary<LiquidacionBody> = fc
  .record(
    {
      documentType: fc.constant('03' as const),
      supplier: anyNamed,
      items: fc.array(anyItem.map(onlyIva), { minLength: 1, maxLength: 4 }),
      reimbursements,
      additionalInfo: anyNameValues(14),
    },
    { requiredKeys: ['documentType', 'supplier', 'items'] },
  )
  .map((purchase) => ({ ...purchase, payments: paidInDays(computeTotals(purchase).total) }));

const anyModified = fc.oneof(
  fc.record({ documentType: fc.constantFrom('01', '03'), number: NUMBER, issueDate: fc.constant('20/11/2026') }),
  // Of the sample issuer.
  fc.record({ accessKey: fc.constant('2511202601171003406500110010010000000011234567811') }),
);

const anyNotaCredito: fc.Arbitrary<NotaCreditoBody> = fc.record(
  {
    documentType: fc.constant('04' as const),
    buyer: anyNamed,
    modifies: anyModified,
    reason: anyText(300),
    items: fc.array(
      anyItem.map((item) => {
        const unitless = { ...item };
        delete unitless.unit;
        return unitless;
      }),
      { minLength: 1, maxLength: 4 },
    ),
    additionalInfo: anyNameValues(14),
  },
  { requiredKeys: ['documentType', 'buyer', 'modifies', 'reason', 'items'] },
);

const anyNotaDebito: fc.Arbitrary<NotaDebitoBody> = fc
  .record(
    {
      documentType: fc.constant('05' as const),
      buyer: anyNamed,
      modifies: anyModified,
      reasons: fc.array(fc.record({ reason: anyText(300), amount: AMOUNT }), { minLength: 1, maxLength: 4 }),
      rates: fc.uniqueArray(anyIva, { selector: ({ rateCode }) => rateCode, minLength: 1, maxLength: 3 }),
      ice: anyIce,
      additionalInfo: anyNameValues(14),
    },
    { requiredKeys: ['documentType', 'buyer', 'modifies', 'reasons', 'rates'] },
  )
  .map(({ rates, ice, ...note }) => {
    const subtotal = sum(note.reasons.map(({ amount }) => amount));
    const taxes =
      rates.length > 1
        ? rates.map((rate, at) => ({ ...rate, taxableBase: at === 0 ? toMoney(subtotal) : '0.00' }))
        : [...rates, ...(ice === undefined ? [] : [ice])];
    const whole = { ...note, taxes, payments: [] };
    return { ...whole, payments: paidInDays(notaDebito.totals(whole).total) };
  });

const anyGuia: fc.Arbitrary<GuiaBody> = fc.record(
  {
    documentType: fc.constant('06' as const),
    carrier: anyNamed,
    plate: anyText(20),
    startAddress: anyText(300),
    startDate: fc.constantFrom('25/11/2026', '26/11/2026'),
    endDate: fc.constantFrom('26/11/2026', '31/12/2026'),
    recipients: fc.array(
      fc.record(
        {
          id: anyText(20),
          name: anyText(300),
          address: anyText(300),
          reason: anyText(300),
          customsDocument: anyText(20),
          branchCode: fc.constant('002'),
          route: anyText(300),
          support: fc.record(
            {
              documentType: fc.constantFrom('01', '03'),
              number: NUMBER,
              issueDate: DATE,
              authorization: AUTHORIZATION,
            },
            { requiredKeys: ['documentType', 'number', 'issueDate'] },
          ),
          items: fc.array(
            fc.record(
              {
                mainCode: anyText(25),
                auxiliaryCode: anyText(25),
                description: anyText(300),
                quantity: anyDecimal(900, 6),
                additionalDetails: anyNameValues(3),
              },
              { requiredKeys: ['description', 'quantity'] },
            ),
            { minLength: 1, maxLength: 3 },
          ),
        },
        { requiredKeys: ['id', 'name', 'address', 'reason', 'items'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    additionalInfo: anyNameValues(14),
  },
  { requiredKeys: ['documentType', 'carrier', 'plate', 'startAddress', 'startDate', 'endDate', 'recipients'] },
);

const anyRetention = fc.record(
  {
    kind: fc.constantFrom(
      ['1', '312', '2'],
      ['1', '332', '0'],
      ['2', '9', '10'],
      ['2', '3', '100'],
      ['6', '4586', '2.5'],
    ),
    base: AMOUNT,
    dividend: fc.record({ paidOn: DATE, incomeTax: AMOUNT, fiscalYear: fc.constantFrom('1999', '2025') }),
    bananas: fc.record({ boxes: fc.constantFrom('1', '9999999'), boxPrice: AMOUNT }),
  },
  { requiredKeys: ['kind', 'base'] },
);

const anySupport = fc
  .record(
    {
      supportType: fc.constantFrom('01', '02'),
      documentType: fc.constantFrom('01', '03'),
      number: NUMBER,
      issueDate: fc.constantFrom('25/11/2026', '20/11/2026'),
      accountingDate: fc.constant('25/11/2026'),
      authorization: AUTHORIZATION,
      foreignPayment: fc.record(
        {
          regime: fc.constantFrom('01' as const, '02' as const, '03' as const),
          country: COUNTRY,
          treaty: fc.boolean(),
          subjectToWithholding: fc.boolean(),
          preferentialRegime: fc.boolean(),
        },
        { requiredKeys: ['regime', 'country', 'treaty', 'subjectToWithholding'] },
      ),
      subtotal: AMOUNT,
      taxes: fc.array(taxed, { minLength: 1, maxLength: 2 }),
      retentions: fc.array(anyRetention, { minLength: 1, maxLength: 3 }),
      reimbursements,
    },
    { requiredKeys: ['supportType', 'documentType', 'number', 'issueDate', 'subtotal', 'taxes', 'retentions'] },
  )
  .map((support) => ({
    ...support,
    retentions: support.retentions.map(({ kind: [tax, code, rate], ...entry }) => ({
      ...entry,
      tax: tax as '1' | '2' | '6',
      code: code!,
      rate: rate!,
    })),
    payments: [
      { method: '20', total: toMoney(sum([support.subtotal, ...support.taxes.map(({ taxAmount }) => taxAmount)])) },
    ],
  }));

const anyRetencion: fc.Arbitrary<RetencionBody> = fc.record(
  {
    documentType: fc.constant('07' as const),
    subject: anyNamed,
    subjectType: fc.constantFrom('01', '02'),
    relatedParty: fc.boolean(),
    fiscalPeriod: fc.constantFrom('11/2026', '01/2026'),
    supportDocuments: fc.array(anySupport, { minLength: 1, maxLength: 3 }),
    additionalInfo: anyNameValues(14),
  },
  { requiredKeys: ['documentType', 'subject', 'subjectType', 'relatedParty', 'fiscalPeriod', 'supportDocuments'] },
);

const BODIES: Readonly<Record<DocumentType, fc.Arbitrary<DocumentBody>>> = {
  '01': anyFactura,
  '03': anyLiquidacion,
  '04': anyNotaCredito,
  '05': anyNotaDebito,
  '06': anyGuia,
  '07': anyRetencion,
};

/** Any body that the checks of the type let pass. */
export const anyBodyOf = (code: DocumentType): fc.Arbitrary<DocumentBody> => BODIES[code];
