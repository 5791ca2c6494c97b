import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Promotion } from '../../domain/store/entities/tenant.ts';
import { promotionStart } from '../../workflows/contract.ts';
import { startMortalWorker } from '../support/mortal-worker.ts';
import { expectProblem } from '../support/problem.ts';
import { type Promotions, startingAt, startPromotions, WRITES } from '../support/promotions.ts';
import { type Shop, until } from '../support/shop.ts';

let promotions: Promotions;
let stack: Promotions['stack'];
let gates: Promotions['gates'];
let on: Promotions['on'];

beforeAll(async () => {
  promotions = await startPromotions();
  ({ stack, gates, on } = promotions);
});

afterAll(() => promotions.stop());

/** Asks, and is gone before there is an answer. */
async function promoteAndVanish({ apiKey }: Shop, body: unknown): Promise<void> {
  const gone = new AbortController();
  const asked = fetch(`${stack.apiUrl}/v1/tenants/promote`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: gone.signal,
  });
  await gates.waiting(1);
  gone.abort();
  await expect(asked).rejects.toThrow();
}

describe('a promotion whose answer is lost', () => {
  it('is asked for again by the same key, which gets others, until one is used', async () => {
    const shop = await on.open();
    const bystander = (await shop.post('/v1/keys', { label: 'Till 7' })).body.apiKey;
    const openGate = await gates.close('event', shop.tenantId);
    await promoteAndVanish(shop, startingAt(shop, 40));
    await openGate();
    await until('the promotion', async () => !(await on.isInSandbox(shop)));

    expect((await on.me(shop.apiKey)).status).toBe(401);
    expectProblem(await on.promote({ apiKey: bystander }), 401, 'UNAUTHORIZED');
    expectProblem(await on.promote(shop, startingAt(shop, 41)), 409, 'CONFLICT');
    const once = await on.promote(shop, startingAt(shop, 40));
    expect(once.status).toBe(200);
    const twice = await on.promote(shop, startingAt(shop, 40));
    expect(twice.status).toBe(200);
    expect(twice.body.apiKeys.map(({ label }) => label)).toEqual(['Initial sandbox key', 'Till 7']);
    expect(await on.liveKeys(shop)).toHaveLength(2);
    for (const { apiKey } of once.body.apiKeys) expect((await on.me(apiKey)).status).toBe(401);
    expect(await on.sellForReal(shop, twice.body.apiKeys[1]!.apiKey)).toBe('000000040');
    await until('the use of the key', async () => (await on.promote(shop, startingAt(shop, 40))).status === 401);
    expect((await on.me(twice.body.apiKeys[0]!.apiKey)).status).toBe(200);
  });

  it('is not asked for again after a day', async () => {
    const shop = await on.open();
    expect((await on.promote(shop)).status).toBe(200);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await stack.store.asTenant(shop.tenantId, (em) => em.nativeUpdate(Promotion, {}, { createdAt: yesterday }));
    expectProblem(await on.promote(shop), 401, 'UNAUTHORIZED');
  });

  it('asked for again by several at once leaves one set', async () => {
    const shop = await on.open();
    expect((await on.promote(shop)).status).toBe(200);
    const answers = await Promise.all([1, 2, 3].map(() => on.promote(shop)));
    const last = answers.filter(({ status }) => status === 200);
    expect(last.length).toBeGreaterThan(0);
    const alive = await Promise.all(last.map(({ body }) => on.me(body.apiKeys[0]!.apiKey)));
    expect(alive.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await on.liveKeys(shop)).toHaveLength(1);
  });
});

describe('a promotion whose worker is killed', () => {
  it('goes on from whichever step it was at: one set of keys, none of the sandbox, the number asked for', async () => {
    const writes = Object.keys(WRITES) as (keyof typeof WRITES)[];
    const atWrite = await Promise.all(writes.map(() => on.open()));
    const committed = await on.open();
    const untaken = await on.open();
    const shops = [...atWrite, committed, untaken];
    await stack.stopWorkers();
    const worker = await startMortalWorker(stack);

    // Each is stopped at another write; one goes on to its commit, which nobody hears of.
    const closed = await Promise.all(atWrite.map((shop, at) => gates.close(writes[at]!, shop.tenantId)));
    const openLast = await gates.close('event', committed.tenantId);
    const asked = [...atWrite, committed].map((shop) => on.promoteInTheEnd(shop, startingAt(shop, 900)));
    await gates.waiting(shops.length - 1);
    worker.cutOff();
    await openLast();
    await until('the commit', async () => !(await on.isInSandbox(committed)));
    await worker.kill();
    await Promise.all(closed.map((openGate) => openGate()));
    expect(await Promise.all(atWrite.map((shop) => on.isInSandbox(shop)))).toEqual(atWrite.map(() => true));
    asked.push(on.promoteInTheEnd(untaken, startingAt(untaken, 900)));
    await stack.startWorkers();

    const answers = await Promise.all(asked);
    for (const [at, shop] of shops.entries()) await on.expectPromoted(shop, answers[at]!, 900);
  });

  it('is thought over when the keys of the account have changed before it was begun', async () => {
    const shop = await on.open();
    await stack.stopWorkers();
    const asked = on.promoteInTheEnd(shop, startingAt(shop, 5));
    const { workflowId } = promotionStart(shop.tenantId);
    await until('the offer', () =>
      stack.temporal.client.workflow
        .getHandle(workflowId)
        .describe()
        .catch(() => undefined),
    );
    await shop.post('/v1/keys', { label: 'Late' });
    await stack.startWorkers();
    expect((await asked).body.apiKeys.map(({ label }) => label)).toEqual(['Initial sandbox key', 'Late']);
    expect((await on.liveKeys(shop)).map(({ environment }) => environment)).toEqual(['production', 'production']);
  });

  it('goes on after an operator has ended its workflow', async () => {
    const shop = await on.open();
    const openGate = await gates.close('mirrors', shop.tenantId);
    const asked = on.promoteInTheEnd(shop, startingAt(shop, 8));
    await gates.waiting(1);
    await stack.temporal.client.workflow.getHandle(promotionStart(shop.tenantId).workflowId).terminate();
    await openGate();
    await on.expectPromoted(shop, await asked, 8);
  });
});
