import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Store } from '../domain/store/store.ts';
import { TIERS } from '../domain/tenants/tiers.ts';
import { Problem } from './problems.ts';
import type { Caller } from './route.ts';

/** What is counted: requests, by address before anybody is known, by key afterwards; and secrets that open nothing. */
export type LimitKind = 'registration' | 'inspection' | 'admin' | 'reads' | 'writes' | 'guesses';

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

/** Keys, admin secrets and verification tokens that are none. */
const GUESSES: Policy = { kind: 'guesses', requests: 10, window: 15 * MINUTE };

/** Headers of the answer, when the request may go on. */
type Taken = Promise<Record<string, string>>;

export interface RateLimits {
  /** Counts a request of whoever it comes from. @throws Problem TOO_MANY_REQUESTS */
  byAddress(kind: keyof typeof BY_ADDRESS, address: string): Taken;
  /** Counts a request of a key, by what its tier allows. @throws Problem TOO_MANY_REQUESTS */
  byKey(kind: 'reads' | 'writes', caller: Caller): Taken;
  /** Lets nobody pass whose address has guessed too often, with whatever it comes. @throws Problem TOO_MANY_REQUESTS */
  passGuard(address: string): Promise<void>;
  /** Counts a secret that opens nothing. The same again is no other guess. @throws Problem TOO_MANY_REQUESTS */
  countGuess(address: string, secret: string): Promise<void>;
}

/** Nobody is counted. */
export const NO_LIMITS: RateLimits = {
  byAddress: async () => ({}),
  byKey: async () => ({}),
  passGuard: async () => {},
  countGuess: async () => {},
};

/** What a process knows of those who guess, whichever of its connections they are counted with. */
export interface GuessMemory {
  /** Guesses that it has counted, so that a till with a wrong one does not shut out those beside it. */
  guesses: RateLimiterMemory;
  /** Networks that it refuses. */
  guessers: RateLimiterMemory;
}

export function rememberGuesses(): GuessMemory {
  const once = { points: 1, duration: GUESSES.window };
  return { guesses: new RateLimiterMemory(once), guessers: new RateLimiterMemory(once) };
}

/**
 * Counts requests in PostgreSQL, for all processes together: one statement a request, none for who is over the limit
 * until the window ends. While the database is away each process counts by itself.
 *
 * Guesses are counted together too. That an address is to be refused each process learns from that count with the first
 * guess that it sees beyond the limit, so that whoever comes with the right key costs no statement more.
 */
export function createRateLimits(store: Store, { guesses, guessers }: GuessMemory): RateLimits {
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
      throw refusal(policy, error);
    }
  }

  return {
    byAddress: (kind, address) => take(BY_ADDRESS[kind], networkOf(address)),
    byKey(kind, { keyId, tier }) {
      const { readsPerMinute, writesPerMinute } = TIERS[tier];
      return take({ kind, requests: kind === 'reads' ? readsPerMinute : writesPerMinute, window: MINUTE }, keyId);
    },
    async passGuard(address) {
      const refused = await guessers.get(networkOf(address));
      if (refused !== null && refused.msBeforeNext > 0) throw refusal(GUESSES, refused);
    },
    async countGuess(address, secret) {
      const network = networkOf(address);
      const guess = `${network} ${createHash('sha256').update(secret).digest('hex')}`;
      const isAnother = await guesses.consume(guess).then(
        () => true,
        () => false,
      );
      if (!isAnother) return;
      try {
        await limiterOf(GUESSES).consume(network);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        await guessers.set(network, 1, secondsOf(error));
        throw refusal(GUESSES, error);
      }
    },
  };
}

function refusal(policy: Policy, counted: RateLimiterRes): Problem {
  const { kind, requests, window } = policy;
  const what = kind === 'guesses' ? 'keys and tokens that are none' : 'requests';
  return new Problem('TOO_MANY_REQUESTS', {
    detail: `${requests} ${what} are allowed in ${inWords(window)}.`,
    headers: { ...headersOf(policy, counted), 'Retry-After': String(secondsOf(counted)) },
  });
}

function inWords(window: number): string {
  if (window === MINUTE) return 'a minute';
  return window === 60 * MINUTE ? 'an hour' : `${window / MINUTE} minutes`;
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
