import { z } from 'zod';
import { type CatalogueRow, validOn } from '../../domain/model/catalogue.ts';
import {
  AUXILIARY_CODES,
  DOCUMENT_TYPES,
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
import { PRESUMPTIVE_CODES, RETENTION_CODES, RETENTION_TAXES } from '../../domain/model/retention-codes.ts';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { explanations } from '../../domain/sri/error-catalogue.ts';
import { ok, taxDate } from '../fields.ts';
import { route } from '../route.ts';
import { MessageHelpOut } from './document-schemas.ts';

interface Row extends CatalogueRow {
  taxType?: string;
  rate?: string;
  rates?: readonly string[];
  rateKind?: string;
}

type Catalogue = [name: string, operationId: string, summary: string, rows: readonly Row[], source: string];

const FICHA = 'SRI, ficha técnica de comprobantes electrónicos, esquema offline, 2.34 (2026-07-27)';
const ATS = 'SRI, catálogo del anexo transaccional simplificado (2026-08-06)';

const CATALOGUES: Catalogue[] = [
  ['document-types', 'listDocumentTypes', 'Types of electronic document', DOCUMENT_TYPES, `${FICHA}, tabla 3`],
  ['id-types', 'listIdTypes', 'Kinds of identification', ID_TYPES, `${FICHA}, tabla 6`],
  ['payment-methods', 'listPaymentMethods', 'Payment methods', PAYMENT_METHODS, `${FICHA}, tabla 24`],
  ['term-units', 'listTermUnits', 'Units of a payment term', TERM_UNITS, FICHA],
  ['tax-types', 'listTaxTypes', 'Taxes of a line', TAX_TYPES, `${FICHA}, tabla 16`],
  [
    'tax-rates',
    'listTaxRates',
    'Rates of IVA and IRBPNR',
    [...IVA_RATES.map((row) => ({ ...row, taxType: '2' })), ...IRBPNR_CODES.map((row) => ({ ...row, taxType: '5' }))],
    `${FICHA}, tablas 17 y 18`,
  ],
  [
    'ice-codes',
    'listIceCodes',
    'Codes of ICE; a line states its tariff',
    ICE_CODES.map((row) => ({ ...row, taxType: '3' })),
    `${FICHA}, tabla 18`,
  ],
  [
    'auxiliary-codes',
    'listAuxiliaryCodes',
    'Auxiliary codes of building materials and transport',
    AUXILIARY_CODES,
    `${FICHA}, anexos 23 y 25`,
  ],
  ['retention-taxes', 'listRetentionTaxes', 'Taxes that are retained', RETENTION_TAXES, `${FICHA}, tabla 19`],
  [
    'retention-codes',
    'listRetentionCodes',
    'Codes of retention, with their percentages',
    RETENTION_CODES,
    `Renta: ${ATS}, tabla 3.10, resolución NAC-DGERCGC26-00000009; IVA e ISD: ${FICHA}, tabla 20`,
  ],
  ['support-types', 'listSupportTypes', 'What a purchase is for (`codSustento`)', SUPPORT_TYPES, `${ATS}, tabla 5`],
  [
    'support-documents',
    'listSupportDocuments',
    'Types of supporting document (`codDocSustento`, `codDocReembolso`)',
    SUPPORT_DOCUMENTS,
    `${ATS}, tabla 4`,
  ],
  [
    'presumptive-codes',
    'listPresumptiveCodes',
    'What fuel and press retain in advance within a factura',
    PRESUMPTIVE_CODES,
    FICHA,
  ],
  ['provider-types', 'listProviderTypes', 'Kinds of reimbursed provider', PROVIDER_TYPES, `${FICHA}, tabla 26`],
  ['countries', 'listCountries', "Countries, by SRI's numbers", COUNTRIES, `${FICHA}, tabla 25`],
];

const RowOut = z
  .object({
    code: z.string(),
    name: z.string(),
    taxType: z.string().exactOptional().meta({ description: 'The tax that it is a rate or code of.' }),
    rate: z.string().exactOptional().meta({ description: 'Percentage; USD a bottle of IRBPNR.' }),
    rates: z
      .array(z.string())
      .exactOptional()
      .meta({ description: 'Percentages that it may have; none are listed where laws or treaties fix them by case.' }),
    rateKind: z
      .string()
      .exactOptional()
      .meta({ description: '`PERCENTAGE` of the price, `SPECIFIC` amount of a quantity, or `BOTH`.' }),
    since: z.iso.date().nullable().meta({ description: 'First day that it is known to hold.' }),
    until: z.iso.date().nullable().meta({ description: 'Last day that it holds.' }),
  })
  .meta({ id: 'CatalogRow' });

const CatalogueOut = z.object({
  ok,
  source: z.string().meta({ description: "SRI's publication that it is taken from." }),
  data: z.array(RowOut),
});

const catalogues = CATALOGUES.map(([name, operationId, summary, rows, source]) =>
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
    responses: { 200: { description: 'What holds on that date.', schema: CatalogueOut } },
    errors: [],
  })(async ({ query, services }) => {
    const holding = validOn(rows, query.date ?? taxDateOf(services.documents.clock()));
    const data = holding.map(({ rates, since = null, until = null, ...row }) => ({
      ...row,
      ...(rates === undefined ? {} : { rates: [...rates] }),
      since,
      until,
    }));
    return { status: 200, body: { ok: true, source, data } };
  }),
);

const SriMessageEntryOut = z
  .object({
    identifier: z.string().meta({ example: '52' }),
    meaning: z.string(),
    ...MessageHelpOut.omit({ fields: true }).shape,
    rebuildHelps: z.boolean().meta({ description: "Whether a rebuild under the same number can change SRI's answer." }),
  })
  .meta({ id: 'SriMessageEntry' });

const sriMessages = route({
  method: 'get',
  path: '/v1/catalogs/sri-messages',
  operationId: 'listSriMessages',
  tag: 'Catalogs',
  summary: 'What the messages of SRI mean, and what to do',
  description: 'In the language of `Accept-Language`.',
  auth: 'none',
  responses: {
    200: {
      description: 'All that SRI lists.',
      schema: z.object({ ok, source: CatalogueOut.shape.source, data: z.array(SriMessageEntryOut) }),
    },
  },
  errors: [],
})(async ({ language }) => ({
  status: 200,
  body: {
    ok: true,
    source: `${FICHA}, tabla de errores`,
    data: explanations(language).map(({ identifier, meaning, cause, remedy, next, rebuildHelps }) => ({
      identifier,
      meaning,
      cause,
      remedy,
      next,
      rebuildHelps,
    })),
  },
}));

/** What SRI's codes and messages mean, for whoever builds a form. */
export const catalogRoutes = [...catalogues, sriMessages];
