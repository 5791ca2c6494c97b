import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Store } from '../domain/store/store.ts';
import { TIERS } from '../domain/tenants/tiers.ts';
import { Problem } from './problems.ts';
import type { Caller } from './route.ts';

/** What requests are counted as: by address before anybody is known, by key afterwards. */
export type LimitKind = 'registration' | 'inspection' | 'admin' | 'reads' | 'writes';

interface Policy {
  kind: LimitKind;
  requests: number;
  /** Seconds. */
  window: number;
}

const MINUTE = 60;
const BY_ADDRESS = {
  registration: { kind: 'registration', requests: 5, window: 60 * MINUTE },
  inspection: { kind: 'inspection', requests: 20, window: 60 * MINUTE },
  admin: { kind: 'admin', requests: 20, window: MINUTE },
} as const satisfies Record<string, Policy>;

/** Headers of the answer, when the request may go on. */
type Taken = Promise<Record<string, string>>;

export interface RateLimits {
  /** Counts a request of whoever it comes from. @throws Problem TOO_MANY_REQUESTS */
  byAddress(kind: keyof typeof BY_ADDRESS, address: string): Taken;
  /** Counts a request of a key, by what its tier allows. @throws Problem TOO_MANY_REQUESTS */
  byKey(kind: 'reads' | 'writes', caller: Caller): Taken;
}

/** Nobody is counted. */
export const NO_LIMITS: RateLimits = { byAddress: async () => ({}), byKey: async () => ({}) };

/**
 * Counts requests in PostgreSQL, for all processes together: one statement a request, none for who is over the limit
 * until the window ends. While the database is away each process counts by itself.
 */
export function createRateLimits(store: Store): RateLimits {
  const limiters = new Map<string, RateLimiterPostgres>();

  function limiterOf({ kind, requests, window }: Policy): RateLimiterPostgres {
    const name = `${kind} ${requests}`;
    const found = limiters.get(name);
    if (found !== undefined) return found;
    const options = { keyPrefix: kind, points: requests, duration: window };
    const limiter = new RateLimiterPostgres({
      ...options,
      storeClient: { query: async (statement: object) => (await store.pool()).query(statement) },
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      // One of them sweeps for all.
      clearExpiredByTimeout: limiters.size === 0,
      inMemoryBlockOnConsumed: requests + 1,
      insuranceLimiter: new RateLimiterMemory(options),
    });
    limiters.set(name, limiter);
    return limiter;
  }

  async function take(policy: Policy, who: string): Taken {
    try {
      return headersOf(policy, await limiterOf(policy).consume(who));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const { requests, window } = policy;
      throw new Problem('TOO_MANY_REQUESTS', {
        detail: `${requests} requests are allowed in ${window / MINUTE === 1 ? 'a minute' : 'an hour'}.`,
        headers: { ...headersOf(policy, error), 'Retry-After': String(secondsOf(error)) },
      });
    }
  }

  return {
    byAddress: (kind, address) => take(BY_ADDRESS[kind], networkOf(address)),
    byKey(kind, { keyId, tier }) {
      const { readsPerMinute, writesPerMinute } = TIERS[tier];
      return take({ kind, requests: kind === 'reads' ? readsPerMinute : writesPerMinute, window: MINUTE }, keyId);
    },
  };
}

/** `RateLimit` and `RateLimit-Policy` as structured fields (draft-ietf-httpapi-ratelimit-headers-10). */
function headersOf({ kind, requests, window }: Policy, counted: RateLimiterRes): Record<string, string> {
  return {
    'RateLimit-Policy': `"${kind}";q=${requests};w=${window}`,
    RateLimit: `"${kind}";r=${counted.remainingPoints};t=${secondsOf(counted)}`,
  };
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.ceil(msBeforeNext / 1_000);
}

/** One subscriber: an IPv4 address, or the /64 that an IPv6 one is in. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString();
}
