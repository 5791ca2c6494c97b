import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptNow, webhookStart } from '../../workflows/contract.ts';
import { openShop, type Shop, until } from '../support/shop.ts';
import { skippedTime } from '../support/skipped-time.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { logOf, type OpenEndpoint, openEndpoint, writeNews } from '../support/webhook-endpoints.ts';

describe('an endpoint that fails for five days', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-webhooks-'));
  let time: Awaited<ReturnType<typeof skippedTime>>;
  let stack: Stack;
  let shop: Shop;
  let dead: OpenEndpoint;
  let healthy: OpenEndpoint;

  beforeAll(async () => {
    time = await skippedTime();
    stack = await startStack({ temporal: time });
    shop = await openShop(stack);
    dead = await openEndpoint(shop, folder, ['CERT_EXPIRING']);
    healthy = await openEndpoint(shop, folder);
  });

  afterAll(async () => {
    await stack.stop();
    await Promise.all([dead.receiver.stop(), healthy.receiver.stop()]);
    await time.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * News that goes to both. The server's clock stands still once the child of a workflow that has ended ends too, as a
   * document's webhook would; these have no parent.
   */
  const tell = async () => {
    for (const id of await writeNews(stack, shop)) {
      const start = { ...webhookStart(id, shop.tenantId), signal: attemptNow };
      await time.client.workflow.signalWithStart('webhookWorkflow', start);
    }
  };
  const disabled = () => healthy.arrived().filter(({ type }) => type === 'WEBHOOK_DISABLED');

  it('is switched off, is told of, and goes on when it is mended', async () => {
    dead.receiver.failNext({ times: 1_000, reply: 500 });
    await tell();
    await time.pass('90 hours');
    const [givenUp] = await logOf(shop, dead);
    expect(givenUp).toMatchObject({ status: 'FAILED' });
    expect(givenUp!.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(disabled()).toEqual([]);
    await tell();
    await time.pass('20 hours');
    expect((await shop.get('/v1/webhooks')).body.endpoints).toHaveLength(2);
    await time.pass('30 hours');
    await until('word of it', async () => disabled().length > 0);
    expect(disabled()).toHaveLength(1);
    expect((await shop.get('/v1/webhooks')).body.endpoints.map(({ id }) => id)).toEqual([healthy.id]);
    const told = (await shop.get('/v1/notifications')).body.notifications.filter(
      ({ type }) => type === 'WEBHOOK_DISABLED',
    );
    expect(told).toMatchObject([{ metadata: { endpointId: dead.id, reason: 'FAILING' } }]);
    // The other endpoint had everything at its first attempt.
    expect((await logOf(shop, healthy)).map(({ status, attempts }) => [status, attempts.length])).toEqual(
      healthy.arrived().map(() => ['SUCCESS', 1]),
    );

    const back = await shop.patch(dead.path, { active: true });
    expect(back.body.endpoint).toMatchObject({ active: true, failingSince: null });
    await tell();
    await time.pass('1 hour');
    expect((await shop.get('/v1/webhooks')).body.endpoints).toHaveLength(2);
    expect(disabled()).toHaveLength(1);
  });
});
