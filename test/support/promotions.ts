import { expect } from 'vitest';
import { parseAccessKey } from '../../domain/model/access-key.ts';
import { ApiKey, Tenant } from '../../domain/store/entities/tenant.ts';
import { buildGates, type Gates } from './gates.ts';
import { type Answer, call, openShop, type Shop, until } from './shop.ts';
import { type Stack, startStack } from './stack.ts';

/** Every write of a promotion, where it may be stopped. */
export const WRITES = {
  counters: { table: 'sequences', before: 'insert', when: "new.environment = 'production'" },
  revocation: { table: 'api_keys', before: 'update', when: 'old.revoked_at is null and new.revoked_at is not null' },
  mirrors: { table: 'api_keys', before: 'insert', when: "new.environment = 'production'" },
  sandbox: { table: 'tenants', before: 'update', when: 'old.sandbox and not new.sandbox' },
  promotion: { table: 'promotions', before: 'insert', when: 'true' },
  event: { table: 'tenant_events', before: 'insert', when: "new.event_type = 'PROMOTED'" },
} as const;

/** The RUC of a company, another for each number. */
export function companyRuc(number: number): string {
  const nine = `179${String(number).padStart(6, '0')}`;
  const sum = [4, 3, 2, 7, 6, 5, 4, 3, 2].reduce((total, weight, at) => total + weight * Number(nine[at]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? companyRuc(number + 1_000) : `${nine}${digit}001`;
}

/** What the initial sequential of the shop's invoices is to be. */
export function startingAt(shop: Shop, sequential: number) {
  return { initialSequentials: [{ issuerId: shop.issuerId, documentType: '01', sequential }] };
}

/** A stack that issues for real, whose promotions can be stopped at each write. */
export interface Promotions {
  stack: Stack;
  gates: Gates;
  on: ReturnType<typeof promotionsOn>;
  stop(): Promise<void>;
}

export async function startPromotions(): Promise<Promotions> {
  const stack = await startStack({ env: { APP_ENV: 'production' } });
  const gates = await buildGates(stack.config.databaseUrl, WRITES);
  return {
    stack,
    gates,
    on: promotionsOn(stack),
    async stop() {
      await gates.stop();
      await stack.stop();
    },
  };
}

/** What callers do about promotions, and what these leave. */
function promotionsOn(stack: Stack) {
  let opened = 0;

  const on = {
    /** Another shop each time. */
    open(): Promise<Shop> {
      const number = ++opened;
      return openShop(stack, { email: `tienda${number}@example.com`, ruc: companyRuc(number) });
    },

    promote({ apiKey }: Pick<Shop, 'apiKey'>, body?: unknown): Promise<Answer> {
      const headers = { authorization: `Bearer ${apiKey}` };
      return call(stack.apiUrl, 'POST', '/v1/tenants/promote', { headers, ...(body === undefined ? {} : { body }) });
    },

    /** Asks again as long as it is not known how it ended, as a caller would. */
    promoteInTheEnd(shop: Shop, body: unknown): Promise<Answer> {
      return until('an answer to the promotion', async () => {
        const answer = await on.promote(shop, body);
        return answer.status === 503 ? undefined : answer;
      });
    },

    me(apiKey: string): Promise<Answer> {
      return call(stack.apiUrl, 'GET', '/v1/tenants/me', { headers: { authorization: `Bearer ${apiKey}` } });
    },

    liveKeys({ tenantId }: Shop): Promise<ApiKey[]> {
      return stack.store.asTenant(tenantId, (em) => em.find(ApiKey, { revokedAt: null }, { orderBy: { id: 'asc' } }));
    },

    isInSandbox({ tenantId }: Shop): Promise<boolean> {
      return stack.store.asTenant(tenantId, async (em) => (await em.findOneOrFail(Tenant, tenantId)).sandbox);
    },

    /** Sells under a production key, and says under which number. */
    async sellForReal(shop: Shop, apiKey: string): Promise<string> {
      const sold = await shop.sell({}, { authorization: `Bearer ${apiKey}` });
      expect(sold.status).toBe(201);
      expect(parseAccessKey(sold.body.document.accessKey).environment).toBe('production');
      return sold.body.document.sequential;
    },

    /** One set of production keys, which is that of the answer, no sandbox key, and the number that was asked for. */
    async expectPromoted(shop: Shop, answer: Answer, sequential: number): Promise<void> {
      expect(answer.status).toBe(200);
      const { apiKeys } = answer.body;
      const shown = expect.stringMatching(/^sk_live_[0-9a-f]{64}$/) as string;
      expect(apiKeys).toEqual([{ label: 'Initial sandbox key', apiKey: shown }]);
      expect((await on.liveKeys(shop)).map(({ environment, hint }) => ({ environment, hint }))).toEqual(
        apiKeys.map(({ apiKey }) => ({ environment: 'production', hint: apiKey.slice(-4) })),
      );
      expect((await on.me(shop.apiKey)).status).toBe(401);
      expect(await on.sellForReal(shop, apiKeys[0]!.apiKey)).toBe(String(sequential).padStart(9, '0'));
    },
  };
  return on;
}
