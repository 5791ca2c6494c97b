import { Issuer } from '../../../../domain/store/entities/issuer.ts';
import { ApiKey, type Tenant } from '../../../../domain/store/entities/tenant.ts';
import { type Ask, send } from '../ask.ts';
import { certificateErrors, NOBODY, type Scenario, type Scenarios, unverified } from '../scenario.ts';
import { asShop, limitedKey, type Street } from '../street.ts';

/** The issuer in the path: the shop's, another shop's, nobody's. */
const mine = ({ shop }: Street, ask: Ask = {}): Ask => ({ ...ask, params: { id: shop.issuerId, ...ask.params } });
const notMine = (ask: Ask = {}): Scenario => ({
  ISSUER_FORBIDDEN: async (street) => ({ ...ask, params: { ...ask.params, id: (await street.open()).issuerId } }),
  ISSUER_NOT_FOUND: () => ({ ...ask, params: { ...ask.params, id: NOBODY } }),
});

/** A free pair of codes each time. */
let opened = 0;
export const freePlace = () => ({ branchCode: '001', issuePointCode: String(++opened + 1).padStart(3, '0') });

async function onTier(street: Street, tier: Tenant['tier'], ask: Ask): Promise<Ask> {
  const shop = await street.open();
  await street.setTenant(shop, { tier });
  return { ...ask, who: asShop(shop) };
}

export async function keyIdOf({ stack }: Street, apiKey: string): Promise<string> {
  const { id } = await stack.store.asSystem((em) => em.findOneOrFail(ApiKey, { hint: apiKey.slice(-4) }));
  return id;
}

export const issuerScenarios: Scenarios = {
  createIssuer: {
    201: () => ({ body: freePlace() }),
    ...certificateErrors(async ({ shop }) => ({ ruc: shop.ruc, ask: { body: freePlace() } })),
    BRANCH_LIMIT_REACHED: (street) => onTier(street, 'FREE', { body: { branchCode: '002', issuePointCode: '001' } }),
    ISSUE_POINT_LIMIT_REACHED: (street) =>
      onTier(street, 'FREE', { body: { branchCode: '001', issuePointCode: '002' } }),
    EMAIL_VERIFICATION_REQUIRED: async (street) => ({ who: asShop(await unverified(street)) }),
    SOURCE_ISSUER_NOT_FOUND: () => ({ body: { ...freePlace(), sourceIssuerId: NOBODY } }),
    CONFLICT: () => ({ body: { branchCode: '001', issuePointCode: '001' } }),
  },
  getIssuer: { 200: (street) => mine(street), ...notMine() },
  updateIssuer: { 200: (street) => mine(street), ...notMine() },
  updateIssuerLogo: { 200: (street) => mine(street), ...notMine() },
  renewIssuerCertificate: {
    200: (street) => mine(street, { files: { cert: street.p12(street.shop.ruc) } }),
    ...notMine(),
    ...certificateErrors(async (street) => ({ ruc: street.shop.ruc, ask: mine(street) })),
  },
  listIssuerDocumentTypes: { 200: (street) => mine(street), ...notMine() },
  enableIssuerDocumentType: {
    200: (street) => mine(street),
    ...notMine(),
    DOCUMENT_TYPE_NOT_SUPPORTED: (street) => mine(street, { body: { documentType: '99' } }),
  },
  disableIssuerDocumentType: {
    200: async (street) => {
      const shop = await street.open();
      // SRI knows more types than are issued here, so another is written by hand.
      await street.stack.store.asSystem((em) =>
        em.nativeUpdate(Issuer, { id: shop.issuerId }, { documentTypes: ['01', '04' as '01'] }),
      );
      return { who: asShop(shop), params: { id: shop.issuerId, code: '04' } };
    },
    ...notMine({ params: { code: '01' } }),
    BAD_REQUEST: (street) => mine(street, { params: { code: '01' } }),
    NOT_FOUND: (street) => mine(street, { params: { code: '04' } }),
  },
  listIssuerSequentials: { 200: (street) => mine(street), ...notMine() },
  raiseIssuerSequential: {
    200: (street) => mine(street),
    ...notMine(),
    DOCUMENT_TYPE_NOT_SUPPORTED: (street) => mine(street, { params: { documentType: '99' } }),
    SEQUENTIAL_CANNOT_DECREASE: async (street, row) => {
      const body = { environment: 'production', nextSequential: 9_000 };
      await send(street, row, mine(street, { body }));
      return mine(street, { body: { ...body, nextSequential: 8_999 } });
    },
  },
  createKey: {
    SCOPE_ESCALATION_FORBIDDEN: async (street) => ({
      who: await limitedKey(street, street.shop, ['keys:manage']),
      body: { scopes: ['documents:write'] },
    }),
    EMAIL_VERIFICATION_REQUIRED: async (street) => ({ who: asShop(await unverified(street)) }),
    PRODUCTION_KEY_REQUIRES_PROMOTION: () => ({ body: { environment: 'production' } }),
    CONFLICT: async (street, row) => {
      const headers = { 'idempotency-key': 'key-1' };
      await send(street, row, { headers });
      return { headers, body: { label: 'Another' } };
    },
  },
  revokeKey: {
    200: async (street) => {
      const { apiKey } = (await street.shop.post('/v1/keys', {})).body;
      return { params: { id: await keyIdOf(street, apiKey) } };
    },
    SELF_REVOCATION_FORBIDDEN: async (street) => ({ params: { id: await keyIdOf(street, street.shop.apiKey) } }),
    NOT_FOUND: () => ({ params: { id: NOBODY } }),
  },
};
