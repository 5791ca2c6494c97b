import { z } from 'zod';
import {
  type CatalogueRow,
  ID_TYPES,
  IVA_RATES,
  PAYMENT_METHODS,
  TAX_TYPES,
  TERM_UNITS,
  validOn,
} from '../../domain/model/catalogues.ts';
import { taxDateOf } from '../../domain/model/tax-date.ts';
import { ok, taxDate } from '../fields.ts';
import { route } from '../route.ts';

interface Catalogue {
  /** Last part of the path. */
  name: string;
  operationId: string;
  summary: string;
  rows: readonly (CatalogueRow & { rate?: string; taxType?: string })[];
}

/** ICE and IRBPNR have rates by resolution, too many and too short-lived to list; their codes are taken as given. */
const CATALOGUES: Catalogue[] = [
  { name: 'id-types', operationId: 'listIdTypes', summary: 'Kinds of identification (SRI table 6)', rows: ID_TYPES },
  {
    name: 'payment-methods',
    operationId: 'listPaymentMethods',
    summary: 'Payment methods (SRI table 24)',
    rows: PAYMENT_METHODS,
  },
  { name: 'term-units', operationId: 'listTermUnits', summary: 'Units of a payment term', rows: TERM_UNITS },
  { name: 'tax-types', operationId: 'listTaxTypes', summary: 'Taxes (SRI table 16)', rows: TAX_TYPES },
  {
    name: 'tax-rates',
    operationId: 'listTaxRates',
    summary: 'Rates of IVA (SRI table 17)',
    rows: IVA_RATES.map((row) => ({ ...row, taxType: '2' })),
  },
];

const RowOut = z
  .object({
    code: z.string(),
    name: z.string(),
    taxType: z.string().exactOptional().meta({ description: 'The tax that it is a rate of.' }),
    rate: z.string().exactOptional().meta({ description: 'Percentage.' }),
    since: z.iso.date().nullable().meta({ description: 'First day that it holds.' }),
    until: z.iso.date().nullable().meta({ description: 'Last day that it holds.' }),
  })
  .meta({ id: 'CatalogRow' });

/** What SRI's codes mean, for whoever builds a form. */
export const catalogRoutes = CATALOGUES.map(({ name, operationId, summary, rows }) =>
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
    responses: { 200: { description: 'What holds on that date.', schema: z.object({ ok, data: z.array(RowOut) }) } },
    errors: [],
  })(async ({ query, services }) => {
    const holding = validOn(rows, query.date ?? taxDateOf(services.documents.clock()));
    return {
      status: 200,
      body: { ok: true, data: holding.map((row) => ({ ...row, since: row.since ?? null, until: row.until ?? null })) },
    };
  }),
);
