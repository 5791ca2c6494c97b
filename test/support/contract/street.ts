import { type RunningApi, startApi } from '../../../api/server.ts';
import { routes } from '../../../api/routes.ts';
import { ApiKey, Tenant } from '../../../domain/store/entities/tenant.ts';
import type { KeyScope } from '../../../domain/model/key-scopes.ts';
import type { Store } from '../../../domain/store/store.ts';
import { writeKey } from '../../../domain/tenants/key-ring.ts';
import { openShop, P12_PASSWORD, type Shop } from '../shop.ts';
import { type Stack, startStack } from '../stack.ts';

/** Who a request comes from. */
export interface Who {
  bearer?: string;
  issuerId?: string;
}

/** The services that requests are sent to, by what is the matter with them. */
export interface Apis {
  /** Nothing. */
  well: string;
  /** Each key and address has used up its requests. */
  limited: string;
  /** The database cannot be reached. */
  down: string;
  /** There is no room for anybody. */
  busy: string;
  /** Every handler throws what nobody expects. */
  broken: string;
}

/** A shop whose RUC is known. */
export interface StreetShop extends Shop {
  ruc: string;
}

/** A street of shops, and services to ask. */
export interface Street {
  stack: Stack;
  apis: Apis;
  /** A tenant of the largest tier that sells. */
  shop: StreetShop;
  admin: Who;
  /** Another such tenant, whenever a request needs one of its own. */
  open(): Promise<StreetShop>;
  /** A RUC that nobody has. */
  ruc(): string;
  /** A certificate for a RUC, P12. */
  p12: (ruc: string, options?: { notAfter?: Date }) => Buffer;
  setTenant(shop: Pick<Shop, 'tenantId'>, change: Partial<Tenant>): Promise<void>;
  stop(): Promise<void>;
}

const NO_ROOM = { working: 0, admitted: 0, bodyBytes: 0 };

export const asShop = ({ apiKey, issuerId }: Pick<Shop, 'apiKey' | 'issuerId'>): Who => ({ bearer: apiKey, issuerId });

export async function openStreet(): Promise<Street> {
  const stack = await startStack();
  const { apiDeps, store } = stack;
  const place = { host: '127.0.0.1', port: 0 };
  const broken = routes.map((row) => ({ ...row, handle: () => Promise.reject(new Error('broken')) }));
  const limits = { ...apiDeps.config, rateLimits: true };
  const others = await Promise.all([
    startApi({ ...apiDeps, config: limits }, place),
    startApi({ ...apiDeps, store: unreachable(store) }, place),
    startApi({ ...apiDeps, bounds: { tenants: NO_ROOM, admin: NO_ROOM } }, place),
    startApi(apiDeps, place, broken),
  ]);
  const [limited, down, busy, brokenApi] = others as [RunningApi, RunningApi, RunningApi, RunningApi];
  let opened = 0;

  const street: Omit<Street, 'shop'> = {
    stack,
    apis: { well: stack.apiUrl, limited: limited.url, down: down.url, busy: busy.url, broken: brokenApi.url },
    admin: { bearer: stack.config.adminSecret },
    async open() {
      const ruc = street.ruc();
      return { ...(await openShop(stack, { email: `tienda${ruc}@example.com`, ruc })), ruc };
    },
    ruc() {
      opened++;
      return `179${String(opened).padStart(7, '0')}001`;
    },
    p12: (ruc, options) =>
      stack.authority.issue({ ruc, commonName: `TIENDA ${ruc}`, password: P12_PASSWORD, ...options }),
    async setTenant({ tenantId }, change) {
      await store.asSystem((em) => em.nativeUpdate(Tenant, { id: tenantId }, change));
    },
    async stop() {
      await Promise.all(others.map((api) => api.close()));
      await stack.stop();
    },
  };
  return { ...street, shop: await street.open() };
}

/** A shop with another key, which is for these scopes alone. */
export async function limitedKey(
  { stack: { store } }: Pick<Street, 'stack'>,
  { tenantId, issuerId }: Pick<Shop, 'tenantId' | 'issuerId'>,
  scopes: readonly KeyScope[],
): Promise<Who & { bearer: string }> {
  const made = await store.asTenant(tenantId, async (em) => writeKey(em, tenantId, 'sandbox', { scopes }));
  return { bearer: made.apiKey, issuerId };
}

/** Uses up whatever this caller, or this address, may ask. */
export async function useUp({ stack: { store } }: Street, { bearer }: Who): Promise<void> {
  const keys = await store.asSystem((em) => em.find(ApiKey, { hint: bearer?.slice(-4) ?? '' }));
  const counted = [
    ...keys.flatMap(({ id }) => [`reads:${id}`, `writes:${id}`]),
    'registration:127.0.0.1',
    'inspection:127.0.0.1',
    'admin:127.0.0.1',
    'guesses:127.0.0.1',
  ];
  for (const key of counted) {
    await store.lookUp(
      'insert into rate_limits (key, points, expire) values (?, 1000000, ?) on conflict (key) do update set points = excluded.points, expire = excluded.expire',
      [key, Date.now() + 3_600_000],
    );
  }
}

/** A database that was there when the service started, and is not any more. */
function unreachable(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    },
  });
}
