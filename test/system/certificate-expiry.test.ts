import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateScheduleId, certificateScheduleStart, certificateWatchStart } from '../../workflows/contract.ts';
import { keepHistory } from '../support/histories.ts';
import { call, mailsIn, openShop, P12_PASSWORD, SHOP_RUC, type Shop, until } from '../support/shop.ts';
import { skippedTime } from '../support/skipped-time.ts';
import { type Stack, startStack } from '../support/stack.ts';

const DAY_MS = 86_400_000;

/** The next noon in Guayaquil: a day later it is noon again. */
const NOON = new Date(Math.ceil((Date.now() - 17 * 3_600_000) / DAY_MS) * DAY_MS + 17 * 3_600_000);

const daysAfter = (days: number) => new Date(NOON.getTime() + days * DAY_MS);
/** The evening of that day. */
const endOf = (days: number) => new Date(daysAfter(days).getTime() + 6 * 3_600_000);

interface Announced {
  type: string;
  data: { id: string; severity: string; metadata: Record<string, unknown> };
}

/** What a shop's receiver has got, in order. */
function announcedTo(stack: Stack, shop: Shop): Announced[] {
  return stack.receiver
    .received()
    .map(({ body }) => JSON.parse(body) as Announced & { tenantId: string })
    .filter(({ tenantId }) => tenantId === shop.tenantId);
}

async function mailsTo(stack: Stack, shop: Shop): Promise<string[]> {
  const mails = (await mailsIn(stack)).filter(({ to }) => to === shop.email);
  return mails.map(({ subject }) => subject).filter((subject) => !subject.startsWith('Confirme'));
}

async function notificationsOf(shop: Shop) {
  return (await shop.get('/v1/notifications')).body.notifications;
}

function certificateForm(stack: Stack, ruc: string, notAfter: Date): FormData {
  const p12 = stack.authority.issue({ ruc, commonName: 'PRUEBA', password: P12_PASSWORD, notAfter });
  const form = new FormData();
  form.set('certPassword', P12_PASSWORD);
  form.set('cert', new Blob([new Uint8Array(p12)]), 'firma.p12');
  return form;
}

describe('under skipped time', () => {
  let time: Awaited<ReturnType<typeof skippedTime>>;
  let stack: Stack;
  let now = NOON;

  beforeAll(async () => {
    time = await skippedTime();
    stack = await startStack({ temporal: time, clock: () => now });
  });

  afterAll(async () => {
    await stack.stop();
    await time.close();
  });

  /** What the schedule does each day; this server has no schedules. */
  const look = ({ tenantId }: Shop): Promise<number> =>
    time.client.workflow.execute('certificateWatchWorkflow', certificateWatchStart(tenantId));

  it('a certificate of 31 days walks through all four thresholds: one row, one webhook and one mail each', async () => {
    const shop = await openShop(stack, { notAfter: endOf(31) });
    await shop.post('/v1/webhooks', { url: stack.receiver.url });
    const seen: unknown[] = [];
    const ids = new Set<string>();
    for (let day = 0; day <= 32; day++) {
      now = daysAfter(day);
      await look(shop);
      // Once more on the same day.
      expect(await look(shop)).toBe(0);
      const rows = await notificationsOf(shop);
      expect(rows.length).toBe(day === 0 ? 0 : 1);
      for (const { id, type, severity, metadata } of rows) {
        ids.add(id);
        expect(metadata).toEqual({
          issuerId: shop.issuerId,
          certExpiry: expect.stringContaining(endOf(31).toISOString().slice(0, 19)),
          daysRemaining: 31 - day,
          branchCode: '001',
          issuePointCode: '001',
        });
        seen.push([31 - day, type, severity]);
      }
      await time.pass('24 hours');
    }
    expect(ids.size).toBe(1);
    expect(seen).toEqual([
      ...Array.from({ length: 23 }, (_, at) => [30 - at, 'CERT_EXPIRING', 'WARNING']),
      ...Array.from({ length: 7 }, (_, at) => [7 - at, 'CERT_EXPIRING', 'ERROR']),
      [0, 'CERT_EXPIRED', 'ERROR'],
      [-1, 'CERT_EXPIRED', 'ERROR'],
    ]);

    const announced = await until('four webhooks', async () => {
      const found = announcedTo(stack, shop);
      return found.length >= 4 && found;
    });
    expect(announced.map(({ type, data }) => [type, data.metadata['daysRemaining'], data.id])).toEqual(
      [
        ['CERT_EXPIRING', 30],
        ['CERT_EXPIRING', 7],
        ['CERT_EXPIRING', 1],
        ['CERT_EXPIRED', 0],
      ].map((told) => [...told, [...ids][0]]),
    );
    await until('four mails', async () => (await mailsTo(stack, shop)).length >= 4);
    expect(await mailsTo(stack, shop)).toEqual([
      'El certificado de firma vence en 30 días',
      'El certificado de firma vence en 7 días',
      'El certificado de firma vence mañana',
      'El certificado de firma vence hoy',
    ]);

    // A renewal ends it, and the new certificate begins anew.
    const renewed = await shop.patch(
      `/v1/issuers/${shop.issuerId}/certificate`,
      certificateForm(stack, SHOP_RUC, endOf(32 + 31)),
    );
    expect(renewed.status).toBe(200);
    expect((await notificationsOf(shop)).map(({ readAt }) => readAt)).toEqual([expect.any(String)]);
    expect(await look(shop)).toBe(0);
    now = daysAfter(32 + 1);
    expect(await look(shop)).toBe(2);
    expect((await notificationsOf(shop)).map(({ readAt, metadata }) => [readAt, metadata?.['daysRemaining']])).toEqual([
      [null, 30],
      [expect.any(String), -1],
    ]);
  });

  it('one that was read stays read until the next threshold', async () => {
    now = daysAfter(0);
    const shop = await openShop(stack, { email: 'reads@example.com', ruc: '0926687856001', notAfter: endOf(6) });
    await look(shop);
    const [first] = await notificationsOf(shop);
    expect((await shop.post(`/v1/notifications/${first!.id}/read`)).status).toBe(200);
    now = daysAfter(1);
    expect(await look(shop)).toBe(0);
    expect(await notificationsOf(shop)).toHaveLength(1);
    now = daysAfter(5);
    await look(shop);
    expect((await notificationsOf(shop)).map(({ severity, readAt }) => [severity, readAt === null])).toEqual([
      ['ERROR', true],
      ['ERROR', false],
    ]);
  });

  it('whoever does not want to know is not told, until he does', async () => {
    now = daysAfter(0);
    const shop = await openShop(stack, { email: 'quiet@example.com', ruc: '1793213150001', notAfter: endOf(6) });
    await shop.patch('/v1/notifications/preferences', [{ type: 'CERT_EXPIRING', enabled: false }]);
    expect(await look(shop)).toBe(0);
    expect(await notificationsOf(shop)).toEqual([]);
    await shop.patch('/v1/notifications/preferences', [{ type: 'CERT_EXPIRING', enabled: true }]);
    expect(await look(shop)).toBe(1);
    expect(await notificationsOf(shop)).toHaveLength(1);
  });

  it('many looks at once tell once', async () => {
    now = daysAfter(0);
    const shop = await openShop(stack, { email: 'once@example.com', ruc: '1760013210001', notAfter: endOf(20) });
    const runs = await Promise.all(
      Array.from({ length: 5 }, (_, at) =>
        time.client.workflow.start('certificateWatchWorkflow', {
          ...certificateWatchStart(shop.tenantId),
          workflowId: `at-once-${at}`,
        }),
      ),
    );
    const looks: unknown[] = [];
    // One after the other: each wait for a result lets the clock run, and the server counts on whoever stopped it.
    for (const run of runs) looks.push(await run.result());
    expect(looks.filter((told) => told === 0)).toHaveLength(4);
    expect(looks).toContain(1);
    expect(await notificationsOf(shop)).toHaveLength(1);
  });
});

describe('the schedule of a tenant', () => {
  let stack: Stack;
  let shop: Shop;

  beforeAll(async () => {
    stack = await startStack();
    shop = await openShop(stack, { notAfter: new Date(Date.now() + 5 * DAY_MS) });
  });

  afterAll(() => stack.stop());

  const schedule = () => stack.temporal.client.schedule.getHandle(certificateScheduleId(shop.tenantId));

  const paused = async () => {
    try {
      return (await schedule().describe()).state.paused;
    } catch {
      return undefined;
    }
  };

  async function setStatus(status: string): Promise<void> {
    const headers = { authorization: `Bearer ${stack.config.adminSecret}` };
    const path = `/v1/admin/tenants/${shop.tenantId}/status`;
    expect((await call(stack.apiUrl, 'PATCH', path, { headers, body: { status } })).status).toBe(200);
  }

  it('is there after the registration, once a day, in the morning', async () => {
    await until('the schedule', async () => (await paused()) === false);
    const { spec, info } = await schedule().describe();
    expect(spec.intervals).toMatchObject([{ every: DAY_MS }]);
    const hours = info.nextActionTimes.map((at) => at.getUTCHours());
    expect(hours.every((hour) => hour >= 10 && hour < 14)).toBe(true);
    await keepHistory(
      stack.temporal.client,
      'certificate-schedule',
      certificateScheduleStart(shop.tenantId).workflowId,
    );
  });

  it('looks at the certificates', async () => {
    await schedule().trigger();
    const [row] = await until('the notification', async () => {
      const rows = await notificationsOf(shop);
      return rows.length > 0 && rows;
    });
    expect(row).toMatchObject({ type: 'CERT_EXPIRING', severity: 'ERROR', issuerId: shop.issuerId });
    await until('the mail', async () => (await mailsTo(stack, shop)).length === 1);
    const [action] = (await schedule().describe()).info.recentActions;
    await keepHistory(stack.temporal.client, 'certificate-watch', action!.action.workflow.workflowId);
  });

  it('rests while the tenant is suspended, and goes on afterwards', async () => {
    await setStatus('SUSPENDED');
    await until('the pause', async () => (await paused()) === true);
    await setStatus('ACTIVE');
    await until('the end of the pause', async () => (await paused()) === false);
  });

  it('is made again by the reconciliation when it is lost', async () => {
    await schedule().delete();
    await stack.temporal.client.workflow.execute('reconciliationWorkflow', {
      taskQueue: 'documents',
      workflowId: 'reconciliation-now',
    });
    expect(await paused()).toBe(false);
  });
});
