import { z } from 'zod';
import type { DocumentStatus, FacturaBody } from '../../domain/model/document.ts';
import { MAX_ADDITIONAL_INFO } from '../../domain/model/factura-check.ts';
import { decimal, digits, email, instant, line, taxDate, uuid } from '../fields.ts';

const NameValueIn = z.strictObject({ name: line(300), value: line(300) }).meta({ id: 'NameValueIn' });

const BuyerIn = z
  .strictObject({
    idType: z.enum(['04', '05', '06', '07', '08']).meta({
      description: '04 RUC, 05 cédula, 06 passport, 07 final consumer, 08 foreign id (SRI table 6).',
      example: '05',
    }),
    id: line(20).meta({ description: '9999999999999 for the final consumer.', example: '1710034065' }),
    name: line(300).meta({ example: 'Juan Pérez' }),
    email: email().meta({
      description: 'Gets the authorized document and its printed form.',
      example: 'juan@example.com',
    }),
    address: line(300).exactOptional(),
  })
  .meta({ id: 'BuyerIn' });

const LineTaxIn = z
  .strictObject({
    code: z.enum(['2', '3', '5']).meta({ description: '2 IVA, 3 ICE, 5 IRBPNR (SRI table 16).', example: '2' }),
    rateCode: z
      .string()
      .regex(/^\d{1,4}$/, 'must be 1 to 4 digits')
      .meta({ description: 'SRI tables 17 and 18; 4 is IVA of 15 %.', example: '4' }),
    rate: decimal(2, 2).meta({ description: 'Percentage, or the specific tariff of ICE and IRBPNR.', example: '15' }),
    taxableBase: decimal(12, 2).exactOptional().meta({
      description:
        'Computed by the server and checked to one cent when it is given. IRBPNR needs it, ICE on another base than the line too.',
    }),
    taxAmount: decimal(12, 2).exactOptional().meta({ description: 'As `taxableBase`.' }),
  })
  .meta({ id: 'LineTaxIn' });

const ItemIn = z
  .strictObject({
    mainCode: line(25).meta({ example: 'CAFE' }),
    auxiliaryCode: line(25).exactOptional(),
    auxCode: line(25)
      .exactOptional()
      .meta({ description: 'The same as `auxiliaryCode`; give one of them.', deprecated: true }),
    description: line(300).meta({ example: 'Café 500 g' }),
    unit: line(50).exactOptional(),
    quantity: decimal(12, 6).meta({ example: '2' }),
    unitPrice: decimal(12, 6).meta({ description: 'Without taxes, in USD.', example: '4.50' }),
    discount: decimal(12, 2).exactOptional().meta({ description: 'Amount off the whole line, in USD.' }),
    taxes: z
      .array(LineTaxIn)
      .min(1)
      .meta({ description: 'One of them is IVA; 0 %, no objeto and exento have rate codes too.' }),
    additionalDetails: z.array(NameValueIn).max(3).exactOptional(),
  })
  .meta({ id: 'ItemIn' })
  .refine(({ auxiliaryCode, auxCode }) => auxiliaryCode === undefined || auxCode === undefined, {
    path: ['auxCode'],
    message: 'is another name of auxiliaryCode: give one of them',
  })
  .transform(({ auxCode, ...item }) => (auxCode === undefined ? item : { ...item, auxiliaryCode: auxCode }));

const PaymentIn = z
  .strictObject({
    method: digits(2).meta({ description: 'SRI table 24; 01 is cash, 19 credit card.', example: '01' }),
    total: decimal(12, 2).meta({ example: '10.35' }),
    term: z
      .union([decimal(12, 2), z.int().min(0).transform(String)], 'must be a number, such as 30')
      .exactOptional()
      .meta({ description: 'With `termUnit`: when it is due.', example: '30' }),
    termUnit: z.enum(['dias', 'meses']).exactOptional(),
  })
  .meta({ id: 'PaymentIn' });

/** What the caller says of a factura; the server computes the rest. */
const facturaFields = {
  documentType: z.literal('01').meta({ description: '01 factura.' }),
  buyer: BuyerIn,
  guiaRemision: z
    .string()
    .regex(/^\d{3}-\d{3}-\d{9}$/, 'must look like 001-001-000000123')
    .exactOptional()
    .meta({ description: 'Number of the guía de remisión.', example: '001-001-000000123' }),
  items: z.array(ItemIn).min(1),
  payments: z.array(PaymentIn).min(1).meta({ description: 'They add up to the computed total, to the cent.' }),
  tip: decimal(12, 2).exactOptional().meta({ description: 'Propina: up to 10 % of the subtotal, in USD.' }),
  totals: z
    .strictObject({
      subtotal: decimal(12, 2).exactOptional(),
      discount: decimal(12, 2).exactOptional(),
      tax: decimal(12, 2).exactOptional(),
      total: decimal(12, 2).exactOptional(),
    })
    .exactOptional()
    .meta({ description: "The caller's own sums, checked against the server's to one cent." }),
  additionalInfo: z
    .array(NameValueIn)
    .max(
      MAX_ADDITIONAL_INFO,
      `takes ${MAX_ADDITIONAL_INFO} fields at most: SRI has 15, one is kept for "RUC Proveedor"`,
    )
    .exactOptional(),
};

const requestFields = {
  autoSend: z.boolean().default(false).meta({
    description:
      'Send to SRI as soon as it is signed, and hold the request, within `Prefer: wait`, until SRI has decided.',
  }),
};

export const FacturaIn = z
  .strictObject({
    ...facturaFields,
    ...requestFields,
    issueDate: taxDate()
      .exactOptional()
      .meta({ description: "Today's date in Ecuador, which is the default.", example: '25/11/2026' }),
  })
  .meta({ id: 'FacturaIn', description: 'A sale. Amounts are decimals in strings.' });

export const RebuildIn = z
  .strictObject({
    ...facturaFields,
    ...requestFields,
    issueDate: z.string().exactOptional().meta({ description: 'Ignored: a rebuild keeps the issue date.' }),
  })
  .meta({ id: 'RebuildIn', description: 'The whole document anew.' });

/** The content of a document without what belongs to the request. */
export function contentOf(sale: z.output<typeof FacturaIn> | z.output<typeof RebuildIn>): FacturaBody {
  const { autoSend: _, issueDate: __, ...content } = sale;
  return content;
}

export const EXAMPLE_SALE: z.input<typeof FacturaIn> = {
  documentType: '01',
  autoSend: true,
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
};

const STATUSES = [
  'CREATED',
  'SIGNED',
  'PENDING_SEND',
  'RECEIVED',
  'RETURNED',
  'AUTHORIZED',
  'NOT_AUTHORIZED',
] as const satisfies readonly DocumentStatus[];

export const Status = z.enum(STATUSES).meta({
  id: 'DocumentStatus',
  description: [
    '`CREATED`: numbered, not signed yet; a caller sees it only when signing is delayed, and it is signed by itself.',
    '`SIGNED`: waits to be sent.',
    '`PENDING_SEND`: on its way to SRI, for as long as SRI cannot be reached.',
    '`RECEIVED`: SRI has it and has not decided.',
    '`RETURNED`, `NOT_AUTHORIZED`: SRI refused it; rebuild it under the same number.',
    '`AUTHORIZED`: final.',
  ].join(' '),
});

export const SriMessageOut = z
  .object({
    identifier: z.string().meta({ description: "SRI's message number.", example: '35' }),
    message: z.string(),
    additionalInfo: z.string().exactOptional(),
    type: z.string().meta({ example: 'ERROR' }),
  })
  .meta({ id: 'SriMessage' });

export const DocumentOut = z
  .object({
    accessKey: digits(49).meta({ example: '2511202601171003406500110010010000000011234567819' }),
    documentType: z.literal('01'),
    sequential: digits(9).meta({ example: '000000001' }),
    status: Status,
    issueDate: z.string().meta({ description: 'DD/MM/YYYY.', example: '25/11/2026' }),
    total: z.string().meta({ description: 'USD.', example: '10.35' }),
    buyer: z.object({ idType: z.string(), id: z.string(), name: z.string(), email: z.string().nullable() }),
    authorizationNumber: z.string().exactOptional(),
    authorizationDate: z
      .string()
      .exactOptional()
      .meta({ description: 'As SRI wrote it, with its offset.', example: '2026-11-25T10:20:31-05:00' }),
    email: z
      .object({
        status: z.enum(['PENDING', 'SENT', 'FAILED', 'SKIPPED']),
        sentAt: instant().exactOptional(),
        error: z.string().exactOptional().meta({ description: 'Why it could not be delivered.' }),
      })
      .meta({ description: 'The mail to the buyer, with the printed form and the XML.' }),
    sriMessages: z.array(SriMessageOut).exactOptional().meta({ description: 'What SRI said last, if anything.' }),
    createdAt: instant(),
    updatedAt: instant(),
    requestPayload: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'The content as the caller gave it; only where one document is read.' }),
  })
  .meta({ id: 'Document' });

export const EventOut = z
  .object({
    id: uuid(),
    eventType: z.enum([
      'CREATED',
      'SENT',
      'STATUS_CHANGED',
      'REBUILT',
      'ERROR',
      'EMAIL_SENT',
      'EMAIL_FAILED',
      'EMAIL_SKIPPED',
    ]),
    fromStatus: Status.nullable(),
    toStatus: Status.nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    createdAt: instant(),
  })
  .meta({ id: 'DocumentEvent' });

const usd = () => z.string().meta({ description: 'USD.', example: '10.35' });

const ComputedTaxOut = z
  .object({ code: z.string(), rateCode: z.string(), rate: z.string(), base: usd(), amount: usd() })
  .meta({ id: 'ComputedTax' });

/** What the server computes. */
export const TotalsOut = z
  .object({
    subtotal: usd(),
    discount: usd(),
    taxes: z.array(ComputedTaxOut).meta({ description: 'One for each tax and rate.' }),
    tip: usd(),
    total: usd(),
    lines: z
      .array(z.object({ net: usd(), discount: usd(), taxes: z.array(ComputedTaxOut) }))
      .meta({ description: 'One for each item: quantity by price, less the discount.' }),
  })
  .meta({ id: 'DocumentTotals' });
