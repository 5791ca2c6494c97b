import { type Ask, send } from '../ask.ts';
import { certificateErrors, NOBODY, type Scenario, type Scenarios, unverified } from '../scenario.ts';
import type { Street } from '../street.ts';
import { freePlace, keyIdOf } from './issuers.ts';

const nobody: Scenario = { NOT_FOUND: () => ({ params: { id: NOBODY } }) };
const about = ({ tenantId }: { tenantId: string }, body?: unknown): Ask => ({ params: { id: tenantId }, body });

/** Another tenant, verified or not, after a change. */
async function fresh(street: Street, change: Parameters<Street['setTenant']>[1], isVerified = true): Promise<Ask> {
  const tenant = isVerified ? await street.open() : await unverified(street);
  await street.setTenant(tenant, change);
  return about(tenant);
}

/** A further issue point of a tenant, copied from its issuer. */
const copy = (
  { tenantId, issuerId }: { tenantId: string; issuerId: string },
  place: { branchCode: string; issuePointCode: string } = freePlace(),
): Ask => ({ body: { tenantId, sourceIssuerId: issuerId, ...place } });

async function onFreePlan(street: Street, place: { branchCode: string; issuePointCode: string }): Promise<Ask> {
  const shop = await street.open();
  await street.setTenant(shop, { tier: 'FREE' });
  return copy(shop, place);
}

export const adminScenarios: Scenarios = {
  // The address of the example is that of another example.
  adminCreateTenant: {
    201: (street) => ({ body: { email: `${street.ruc()}@example.com` } }),
    CONFLICT: ({ shop: { email } }) => ({ body: { email } }),
  },
  adminChangeTier: { 200: async (street) => about(await street.open()), ...nobody },
  adminChangeStatus: { 200: async (street) => about(await street.open()), ...nobody },
  adminVerifyTenant: {
    200: async (street) => about(await unverified(street)),
    ...nobody,
    ALREADY_VERIFIED: ({ shop }) => about(shop),
    CONFLICT: (street) => fresh(street, { status: 'SUSPENDED' }, false),
  },
  adminPromoteTenant: {
    200: async (street) => about(await street.open()),
    ...nobody,
    EMAIL_VERIFICATION_REQUIRED: async (street) => about(await unverified(street)),
    ACCOUNT_SUSPENDED: (street) => fresh(street, { status: 'SUSPENDED' }),
    CONFLICT: async (street, row) => {
      const ask = about(await street.open());
      await send(street, row, ask);
      return ask;
    },
  },
  adminCreateKey: {
    201: ({ shop }) => about(shop),
    ...nobody,
    PRODUCTION_KEY_REQUIRES_PROMOTION: ({ shop }) => about(shop, { environment: 'production' }),
  },
  adminRevokeKey: {
    200: async (street) => {
      const { apiKey } = (await street.shop.post('/v1/keys', {})).body;
      return { params: { id: await keyIdOf(street, apiKey) } };
    },
    ...nobody,
  },
  adminCreateIssuer: {
    201: ({ shop }) => copy(shop),
    ...certificateErrors(async ({ shop }) => {
      const taxpayer = { ruc: shop.ruc, businessName: 'El Trigo', requiredAccounting: 'false' };
      const { body } = copy(shop);
      return { ruc: shop.ruc, ask: { body: { ...(body as object), sourceIssuerId: undefined, ...taxpayer } } };
    }),
    NOT_FOUND: ({ shop }) => copy({ ...shop, tenantId: NOBODY }),
    BRANCH_LIMIT_REACHED: (street) => onFreePlan(street, { branchCode: '002', issuePointCode: '001' }),
    ISSUE_POINT_LIMIT_REACHED: (street) => onFreePlan(street, { branchCode: '001', issuePointCode: '002' }),
    EMAIL_VERIFICATION_REQUIRED: async (street) => copy(await unverified(street)),
    SOURCE_ISSUER_NOT_FOUND: ({ shop }) => copy({ ...shop, issuerId: NOBODY }),
  },
};
