import { z } from 'zod';
import { type CatalogueRow, validOn } from '../../domain/model/catalogue.ts';
import {
  ICE_CODES,
  ID_TYPES,
  IRBPNR_CODES,
  IVA_RATES,
  PAYMENT_METHODS,
  PROVIDER_TYPES,
  SUPPORT_DOCUMENTS,
  SUPPORT_TYPES,
  TAX_TYPES,
  TERM_UNITS,
} from '../../domain/model/catalogues.ts';
import { COUNTRIES } from '../../domain/model/countries.ts';
import { RETENTION_CODES, RETENTION_TAXES } from '../../domain/model/retention-codes.ts';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { ok, taxDate } from '../fields.ts';
import { route } from '../route.ts';

interface Catalogue {
  /** Last part of the path. */
  name: string;
  operationId: string;
  summary: string;
  /** Document, version, table. */
  source: string;
  rows: readonly (CatalogueRow & { rate?: string; rates?: readonly string[]; taxType?: string })[];
}

const FICHA = 'Ficha técnica de comprobantes electrónicos, esquema offline, 2.34';
const ATS = 'Catálogo del anexo transaccional simplificado (ATS)';

const CATALOGUES: Catalogue[] = [
  {
    name: 'id-types',
    operationId: 'listIdTypes',
    summary: 'Kinds of identification',
    source: `${FICHA}, tabla 6`,
    rows: ID_TYPES,
  },
  {
    name: 'payment-methods',
    operationId: 'listPaymentMethods',
    summary: 'Payment methods',
    source: `${FICHA}, tabla 24`,
    rows: PAYMENT_METHODS,
  },
  {
    name: 'term-units',
    operationId: 'listTermUnits',
    summary: 'Units of a payment term',
    source: `${FICHA}, factura`,
    rows: TERM_UNITS,
  },
  { name: 'tax-types', operationId: 'listTaxTypes', summary: 'Taxes', source: `${FICHA}, tabla 16`, rows: TAX_TYPES },
  {
    name: 'tax-rates',
    operationId: 'listTaxRates',
    summary: 'Rates of IVA and IRBPNR, codes of ICE',
    source: `${FICHA}, tablas 17 y 18`,
    rows: [
      ...IVA_RATES.map((row) => ({ ...row, taxType: '2' })),
      ...ICE_CODES.map((row) => ({ ...row, taxType: '3' })),
      ...IRBPNR_CODES.map((row) => ({ ...row, taxType: '5' })),
    ],
  },
  {
    name: 'retention-taxes',
    operationId: 'listRetentionTaxes',
    summary: 'Taxes that are withheld',
    source: `${FICHA}, tabla 19`,
    rows: RETENTION_TAXES,
  },
  {
    name: 'retention-codes',
    operationId: 'listRetentionCodes',
    summary: 'Codes of what is withheld, with their percentages',
    source: `${FICHA}, tabla 20; ${ATS}`,
    rows: RETENTION_CODES,
  },
  {
    name: 'support-types',
    operationId: 'listSupportTypes',
    summary: 'What a purchase is for',
    source: `${ATS}, tabla 5`,
    rows: SUPPORT_TYPES,
  },
  {
    name: 'support-documents',
    operationId: 'listSupportDocuments',
    summary: 'Documents that support others',
    source: `${ATS}, tabla 4`,
    rows: SUPPORT_DOCUMENTS,
  },
  {
    name: 'provider-types',
    operationId: 'listProviderTypes',
    summary: 'Who was paid in a reimbursement',
    source: `${FICHA}, tabla 26`,
    rows: PROVIDER_TYPES,
  },
  {
    name: 'countries',
    operationId: 'listCountries',
    summary: 'Countries',
    source: `${FICHA}, tabla 25`,
    rows: COUNTRIES,
  },
];

const RowOut = z
  .object({
    code: z.string(),
    name: z.string(),
    taxType: z.string().exactOptional().meta({ description: 'The tax that it is a rate of.' }),
    rate: z.string().exactOptional().meta({ description: 'Percentage, or the tariff of IRBPNR.' }),
    rates: z.array(z.string()).exactOptional().meta({ description: 'Percentages that it may have.' }),
    since: z.iso.date().nullable().meta({ description: 'First day that it holds.' }),
    until: z.iso.date().nullable().meta({ description: 'Last day that it holds.' }),
  })
  .meta({ id: 'CatalogRow' });

const CatalogOut = z
  .object({ ok, source: z.string().meta({ description: 'Where it is taken from.' }), data: z.array(RowOut) })
  .meta({ id: 'Catalog' });

/** What SRI's codes mean, for whoever builds a form. */
export const catalogRoutes = CATALOGUES.map(({ name, operationId, summary, source, rows }) =>
  route({
    method: 'get',
    path: `/v1/catalogs/${name}`,
    operationId,
    tag: 'Catalogs',
    summary,
    auth: 'none',
    query: z.strictObject({
      date: taxDate().optional().meta({
        description: 'The issue date that they hold on, DD/MM/YYYY; today in Ecuador.',
        example: '25/11/2026',
      }),
    }),
    responses: { 200: { description: 'What holds on that date.', schema: CatalogOut } },
    errors: [],
  })(async ({ query, services }) => {
    const holding = validOn(rows, query.date ?? taxDateOf(services.documents.clock()));
    return {
      status: 200,
      body: { ok: true, source, data: holding.map(rowOut) },
    };
  }),
);

function rowOut({ since, until, rates, ...row }: Catalogue['rows'][number]): z.output<typeof RowOut> {
  return { ...row, ...(rates === undefined ? {} : { rates: [...rates] }), since: since ?? null, until: until ?? null };
}
