import type { ProblemCode } from '../../../api/problems.ts';
import { NDJSON, type Route } from '../../../api/route.ts';
import { KEY_SCOPES } from '../../../domain/model/key-scopes.ts';
import { IdempotentAnswer } from '../../../domain/store/entities/edge.ts';
import { type Ask, exampleBody, whoMay } from './ask.ts';
import { asShop, limitedKey, type Street, useUp } from './street.ts';

type Provoke = (street: Street, row: Route) => Ask | Promise<Ask>;

const STRANGER = `sk_test_${'0'.repeat(64)}`;
const NOWHERE = '01900000-0000-7000-8000-000000000000';
const TOO_LARGE = 21 * 1024 * 1024;
const FORM = 'multipart/form-data; boundary=x';
const UNREADABLE: Record<string, string | Uint8Array<ArrayBuffer>> = {
  'application/json': '{',
  [NDJSON]: new Uint8Array([0xff]),
  [FORM]: '--x\r\nnonsense',
};

/** How each code is provoked that follows from the parts of an operation. */
export const COMMON: Partial<Record<ProblemCode, Provoke>> = {
  UNAUTHORIZED: () => ({ who: { bearer: STRANGER, issuerId: NOWHERE } }),
  API_KEY_ENV_MISMATCH: async (street) => ({ who: asShop(await shopOf(street, 'promoted', { sandbox: false })) }),
  ACCOUNT_SUSPENDED: async (street) => ({ who: asShop(await shopOf(street, 'suspended', { status: 'SUSPENDED' })) }),
  INSUFFICIENT_SCOPE: async (street, { needs }) => ({
    who: await limitedKey(
      street,
      street.shop,
      KEY_SCOPES.filter((scope) => scope !== needs),
    ),
  }),
  ISSUER_ID_REQUIRED: ({ shop }) => ({ who: { bearer: shop.apiKey } }),
  ISSUER_ID_INVALID: ({ shop }) => ({ who: { bearer: shop.apiKey, issuerId: '7' } }),
  ISSUER_NOT_FOUND: ({ shop }) => ({ who: { bearer: shop.apiKey, issuerId: NOWHERE } }),
  ISSUER_FORBIDDEN: async (street) => ({
    who: { bearer: street.shop.apiKey, issuerId: (await shopOf(street, 'neighbour', {})).issuerId },
  }),
  VALIDATION_FAILED: (_, row) => invalid(row),
  BAD_REQUEST: (_, { body }) => ({ raw: { type: typeOf(body), body: UNREADABLE[typeOf(body)]! } }),
  PAYLOAD_TOO_LARGE: (_, { body }) => ({ raw: { type: typeOf(body), body: new Uint8Array(TOO_LARGE) } }),
  UNSUPPORTED_MEDIA_TYPE: () => ({ raw: { type: 'text/csv', body: 'a,b' } }),
  HEADERS_TOO_LARGE: () => ({ headers: { 'x-filler': 'x'.repeat(20_000) } }),
  NOT_ACCEPTABLE: () => ({ headers: { accept: 'image/png' } }),
  CONFLICT: async ({ stack, shop }, { auth, operationId }) => {
    const scope = auth === 'admin' ? 'admin' : `sandbox ${shop.tenantId}`;
    await stack.store.asSystem(async (em) => {
      em.create(IdempotentAnswer, {
        scope,
        operation: operationId,
        key: 'taken',
        requestHash: Buffer.alloc(32),
        sealedAnswer: null,
        expiresAt: new Date(Date.now() + 3_600_000),
      });
    });
    return { headers: { 'idempotency-key': 'taken' } };
  },
  TOO_MANY_REQUESTS: async (street, row) => {
    await useUp(street, whoMay(row, street));
    return { api: 'limited' };
  },
  SERVICE_UNAVAILABLE: () => ({ api: 'down' }),
  SERVER_BUSY: () => ({ api: 'busy' }),
  INTERNAL_ERROR: () => ({ api: 'broken' }),
};

function typeOf(body: Route['body']): string {
  if (body !== undefined && 'lines' in body) return NDJSON;
  return body !== undefined && 'json' in body ? 'application/json' : FORM;
}

function invalid(row: Route): Ask {
  const { params, query, body, headers } = row;
  if (body !== undefined && 'lines' in body) return { body: '' };
  if (body !== undefined && 'json' in body) return { body: Array.isArray(exampleBody(row)) ? {} : [] };
  if (body !== undefined) return { body: { nonsense: 'x' } };
  if (params !== undefined) return { params: Object.fromEntries(Object.keys(params.shape).map((name) => [name, '!'])) };
  if (query !== undefined) return { query: { nonsense: 'x' } };
  return { headers: Object.fromEntries(Object.keys(headers?.shape ?? {}).map((name) => [name, 'x'.repeat(300)])) };
}

const shops = new WeakMap<Street, Map<string, ReturnType<Street['open']>>>();

/** One shop of a kind a street: nothing is ever done with it. */
function shopOf(street: Street, kind: string, change: Parameters<Street['setTenant']>[1]): ReturnType<Street['open']> {
  const known = shops.get(street) ?? new Map<string, ReturnType<Street['open']>>();
  shops.set(street, known);
  const made =
    known.get(kind) ??
    street.open().then(async (shop) => {
      if (Object.keys(change).length > 0) await street.setTenant(shop, change);
      return shop;
    });
  known.set(kind, made);
  return made;
}
