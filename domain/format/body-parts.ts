import { z } from 'zod';
import { MAX_ADDITIONAL_INFO } from '../model/checks.ts';
import { decimal, digits, email, line } from './body-fields.ts';

/** What the bodies of several types are made of. Each part's `meta` id names it in the OpenAPI document. */

export const NameValueIn = z.strictObject({ name: line(300), value: line(300) }).meta({ id: 'NameValueIn' });

const address = line(300).exactOptional();

const mailTo = email().meta({
  description: 'Gets the authorized document and its printed form.',
  example: 'juan@example.com',
});

const named = {
  id: line(20).meta({ example: '1710034065' }),
  name: line(300).meta({ example: 'Juan Pérez' }),
  email: mailTo,
  address,
};

export const BuyerIn = z
  .strictObject({
    idType: z.enum(['04', '05', '06', '07', '08']).meta({
      description: '04 RUC, 05 cédula, 06 passport, 07 final consumer, 08 foreign id (SRI table 6).',
      example: '05',
    }),
    ...named,
    id: named.id.meta({ description: '9999999999999 for the final consumer.', example: '1710034065' }),
  })
  .meta({ id: 'BuyerIn' });

/** Of documents that nobody unnamed can receive; without an e-mail address nothing is mailed. */
export const PartyIn = z
  .strictObject({
    idType: z.enum(['04', '05', '06', '08']).meta({
      description: '04 RUC, 05 cédula, 06 passport, 08 foreign id (SRI table 6).',
      example: '05',
    }),
    ...named,
    email: mailTo.exactOptional(),
  })
  .meta({ id: 'PartyIn' });

export const LineTaxIn = z
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

export const ItemIn = z
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
    unsubsidizedPrice: decimal(12, 6)
      .exactOptional()
      .meta({ description: 'Of subsidized goods: what one would cost otherwise, in USD.' }),
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

export const PaymentIn = z
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

/** The caller's own sums. */
export const StatedTotalsIn = z
  .strictObject({
    subtotal: decimal(12, 2).exactOptional(),
    discount: decimal(12, 2).exactOptional(),
    tax: decimal(12, 2).exactOptional(),
    total: decimal(12, 2).exactOptional(),
  })
  .meta({ description: "The caller's own sums, checked against the server's to one cent." });

export const additionalInfo = z
  .array(NameValueIn)
  .max(MAX_ADDITIONAL_INFO, `takes ${MAX_ADDITIONAL_INFO} fields at most: SRI has 15, one is kept for "RUC Proveedor"`)
  .exactOptional();

/** Number of a document that is referred to. */
export const documentNumber = () =>
  z
    .string()
    .regex(/^\d{3}-\d{3}-\d{9}$/, 'must look like 001-001-000000123')
    .meta({ example: '001-001-000000123' });
