import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { type NotificationView, openShop, type Shop, until } from '../support/shop.ts';
import { skippedTime } from '../support/skipped-time.ts';
import { type Stack, startStack } from '../support/stack.ts';

const waiting = { prefer: 'wait=30' };
const UNKNOWN = '01900000-0000-7000-8000-000000000009';

async function listed(shop: Shop, query = ''): Promise<NotificationView[]> {
  return (await shop.get(`/v1/notifications${query}`)).body.notifications;
}

/** The notifications of a type, once there are as many. */
async function told(shop: Shop, type: string, count = 1): Promise<NotificationView[]> {
  return until(`${count} × ${type}`, async () => {
    const found = (await listed(shop)).filter((one) => one.type === type);
    return found.length >= count && found;
  });
}

/** Bodies of the webhooks of a type that have arrived. */
function arrived({ receiver }: Stack, type: string): { type: string; data: NotificationView }[] {
  return receiver
    .received()
    .map(({ body }) => JSON.parse(body) as { type: string; data: NotificationView })
    .filter((one) => one.type === type);
}

describe('notifications', () => {
  let stack: Stack;
  let shop: Shop;
  let other: Shop;

  beforeAll(async () => {
    stack = await startStack();
    shop = await openShop(stack);
    other = await openShop(stack, { email: 'otra@example.com', ruc: '1792146739001' });
    await shop.post('/v1/webhooks', { url: stack.receiver.url });
  });

  afterAll(() => stack.stop());

  it('tell of the documents of one issuer within a minute together, and of each by webhook', async () => {
    const sold = [];
    for (let n = 0; n < 3; n++) sold.push((await shop.sell({ autoSend: true }, waiting)).body.document);
    expect(sold.map(({ status }) => status)).toEqual(['AUTHORIZED', 'AUTHORIZED', 'AUTHORIZED']);
    const [only, ...others] = await listed(shop);
    expect(others).toEqual([]);
    const keys = sold.map(({ accessKey }) => accessKey);
    expect(only).toMatchObject({
      type: 'DOCUMENT_AUTHORIZED',
      severity: 'INFO',
      readAt: null,
      issuerId: shop.issuerId,
    });
    expect(only!.metadata.count).toBe(3);
    expect(only!.metadata.documents.map(({ accessKey }) => accessKey)).toEqual(keys);
    expect(only!.metadata.documents[0]).toMatchObject({ authorizationNumber: keys[0], sequential: /^001-001-\d{9}$/ });
    const webhooks = await until('three webhooks', async () => {
      const found = arrived(stack, 'DOCUMENT_AUTHORIZED');
      return found.length >= 3 && found;
    });
    expect(webhooks.map(({ data }) => data.id)).toEqual([only!.id, only!.id, only!.id]);
    expect(webhooks.map(({ data }) => data.metadata.count).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    // Each names the document that it is about last.
    expect(webhooks.map(({ data }) => data.metadata.documents.at(-1)!.accessKey).toSorted()).toEqual(keys.toSorted());
  });

  it('are read once, for the whole account, and then are merged into no more', async () => {
    const [unread] = await listed(shop);
    expect((await shop.get('/v1/notifications')).body.unreadCount).toBe(1);
    const read = await shop.post(`/v1/notifications/${unread!.id}/read`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual({ notification: { ...unread, readAt: expect.any(String), version: expect.any(Number) } });
    expect(read.body.notification.version).toBeGreaterThan(unread!.version);
    expect((await shop.get('/v1/notifications')).body.unreadCount).toBe(0);
    const again = await shop.post(`/v1/notifications/${unread!.id}/read`);
    expect([again.status, again.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await other.post(`/v1/notifications/${unread!.id}/read`)).status).toBe(404);
    await shop.sell({ autoSend: true }, waiting);
    const [fresh, earlier] = await listed(shop);
    expect(fresh!.id).not.toBe(unread!.id);
    expect(earlier!.id).toBe(unread!.id);
    expect(fresh!.metadata.count).toBe(1);
  });

  it('tell of what SRI refuses', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    expect((await shop.sell({ autoSend: true }, waiting)).body.document.status).toBe('RETURNED');
    await stack.sri.fault({ service: 'authorization', fault: 'not-authorized', code: '52', times: 1 });
    expect((await shop.sell({ autoSend: true }, waiting)).body.document.status).toBe('NOT_AUTHORIZED');
    const [[returned], [refused]] = await Promise.all([
      told(shop, 'DOCUMENT_RETURNED'),
      told(shop, 'DOCUMENT_NOT_AUTHORIZED'),
    ]);
    expect(returned).toMatchObject({
      severity: 'ERROR',
      metadata: { documents: [{ sriMessages: [{ identifier: '35', help: { next: 'rebuild' } }] }] },
    });
    expect(refused).toMatchObject({
      severity: 'ERROR',
      metadata: { documents: [{ sriMessages: [{ identifier: '52', help: { next: 'rebuild' } }] }] },
    });
  });

  it('tell of a mail that will not arrive, by webhook too', async () => {
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const { accessKey } = (await shop.sell({ autoSend: true }, waiting)).body.document;
    const [failed] = await told(shop, 'EMAIL_DELIVERY_FAILED');
    expect(failed).toMatchObject({
      severity: 'WARNING',
      issuerId: shop.issuerId,
      metadata: { documents: [{ accessKey }] },
    });
    await until('the webhook', async () => arrived(stack, 'EMAIL_DELIVERY_FAILED').length === 1);
  });

  it('go on from the one that was seen last, oldest first, and page back to the first one', async () => {
    const all = await listed(shop);
    expect(all.length).toBeGreaterThanOrEqual(4);
    const versions = all.map(({ version }) => version);
    const oldest = all.at(-1)!;
    const seen = [oldest.id];
    for (let more = true; more;) {
      const { notifications, hasMore, pagination } = (
        await shop.get(`/v1/notifications?limit=2&sinceId=${seen.at(-1)}`)
      ).body;
      expect(pagination).toEqual({ limit: 2, nextCursor: null });
      seen.push(...notifications.map(({ id }) => id).toReversed());
      more = hasMore;
    }
    expect(seen.toReversed()).toEqual(all.map(({ id }) => id));
    const changed = await listed(shop, `?updatedSince=${oldest.version}`);
    expect(changed.map(({ version }) => version)).toEqual(
      versions.filter((version) => version > oldest.version).toSorted((a, b) => b - a),
    );
    const back: string[] = [];
    let query = '';
    do {
      const page = (await shop.get(`/v1/notifications?limit=3${query}`)).body;
      back.push(...page.notifications.map(({ id }) => id));
      query = page.pagination.nextCursor ? `&cursor=${page.pagination.nextCursor}` : '';
    } while (query !== '');
    expect(back).toEqual(all.map(({ id }) => id));
    expect((await other.get('/v1/notifications')).body).toMatchObject({ notifications: [], unreadCount: 0 });
  });

  it.each([
    ['sinceId=7', 'sinceId'],
    [`sinceId=${UNKNOWN}`, 'sinceId'],
    [`cursor=${UNKNOWN}`, 'cursor'],
    ['updatedSince=-1', 'updatedSince'],
    ['limit=101', 'limit'],
  ])('refuse %s', async (query, field) => {
    const { status, body } = await shop.get(`/v1/notifications?${query}`);
    expect([status, body.code, body.errors[0]!.field]).toEqual([400, 'VALIDATION_FAILED', field]);
  });

  it('may be asked for by issuer', async () => {
    const ask = async (issuerId: string, as = shop) => {
      const { status, body } = await as.get('/v1/notifications', { 'x-issuer-id': issuerId });
      return status === 200 ? body.notifications.length : [status, body.code];
    };
    expect(await ask(shop.issuerId)).toBe((await listed(shop)).length);
    expect(await ask('7')).toEqual([400, 'ISSUER_ID_INVALID']);
    expect(await ask(UNKNOWN)).toEqual([404, 'ISSUER_NOT_FOUND']);
    expect(await ask(shop.issuerId, other)).toEqual([403, 'ISSUER_FORBIDDEN']);
  });

  it('of a type that is switched off are not made', async () => {
    const off = await shop.patch('/v1/notifications/preferences', [{ type: 'DOCUMENT_AUTHORIZED', enabled: false }]);
    expect(off.status).toBe(200);
    expect(off.body).toEqual({
      preferences: expect.arrayContaining([{ type: 'DOCUMENT_AUTHORIZED', enabled: false }]),
    });
    expect((await shop.get('/v1/notifications/preferences')).body).toEqual(off.body);
    expect(off.body.preferences.filter(({ enabled }) => !enabled)).toHaveLength(1);
    const before = { list: await listed(shop), webhooks: arrived(stack, 'DOCUMENT_AUTHORIZED').length };
    expect((await shop.sell({ autoSend: true }, waiting)).body.document.status).toBe('AUTHORIZED');
    expect(await listed(shop)).toEqual(before.list);
    await shop.patch('/v1/notifications/preferences', [{ type: 'DOCUMENT_AUTHORIZED', enabled: true }]);
    await shop.sell({ autoSend: true }, waiting);
    await until('a webhook', async () => arrived(stack, 'DOCUMENT_AUTHORIZED').length === before.webhooks + 1);
    expect((await other.get('/v1/notifications/preferences')).body.preferences.every(({ enabled }) => enabled)).toBe(
      true,
    );
    const unknown = await shop.patch('/v1/notifications/preferences', [{ type: 'WEATHER', enabled: false }]);
    expect([unknown.status, unknown.body.errors[0]!.field]).toEqual([400, '[0].type']);
    const object = await shop.patch('/v1/notifications/preferences', { type: 'DOCUMENT_AUTHORIZED', enabled: false });
    expect(object.status).toBe(400);
  });

  it('warn of a plan that is nearly used up, at each threshold once', async () => {
    await other.patch('/v1/tenants/language', { language: 'en' });
    const plan = { documentCount: 14, documentQuota: 20 };
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: other.tenantId }, plan));
    const counts: number[] = [];
    for (let n = 15; n <= 20; n++) {
      expect((await other.sell()).status).toBe(201);
      counts.push((await listed(other)).length);
    }
    expect(counts).toEqual([0, 1, 1, 1, 2, 3]);
    expect((await other.sell()).body.code).toBe('QUOTA_EXCEEDED');
    const warnings = await listed(other);
    expect(warnings.map(({ metadata, severity }) => [metadata['threshold'], severity])).toEqual([
      [100, 'ERROR'],
      [95, 'WARNING'],
      [80, 'WARNING'],
    ]);
    expect(warnings[2]).toMatchObject({ type: 'QUOTA_WARNING', title: '80 % of the plan is used', issuerId: null });
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: other.tenantId }, { documentCount: 15 }));
    await other.sell();
    expect(await listed(other)).toHaveLength(3);
  });
});

describe('when SRI takes no documents for some minutes', () => {
  let time: Awaited<ReturnType<typeof skippedTime>>;
  let stack: Stack;
  let shop: Shop;

  beforeAll(async () => {
    time = await skippedTime();
    stack = await startStack({ temporal: time });
    shop = await openShop(stack);
    await shop.post('/v1/webhooks', { url: stack.receiver.url });
  });

  afterAll(async () => {
    await stack.stop();
    await time.close();
  });

  it('the tenant is told once an outage, of all of them together', async () => {
    await stack.sri.fault({ service: 'any', fault: 'down' });
    const keys: string[] = [];
    for (let n = 0; n < 3; n++)
      keys.push((await shop.sell({ autoSend: true }, { prefer: 'wait=0' })).body.document.accessKey);
    await time.pass('2 hours');
    const [outage] = await told(shop, 'SRI_SUBMISSION_FAILED');
    expect(await listed(shop)).toHaveLength(1);
    expect(outage).toMatchObject({ severity: 'WARNING', issuerId: null, metadata: { count: 3 } });
    expect(outage!.metadata.documents.map(({ accessKey }) => accessKey).toSorted()).toEqual(keys.toSorted());
    await until('the webhook', async () => arrived(stack, 'SRI_SUBMISSION_FAILED').length > 0);
    await shop.post(`/v1/notifications/${outage!.id}/read`);
    keys.push((await shop.sell({ autoSend: true }, { prefer: 'wait=0' })).body.document.accessKey);
    await time.pass('2 hours');
    expect(arrived(stack, 'SRI_SUBMISSION_FAILED')).toHaveLength(1);
    expect(await told(shop, 'SRI_SUBMISSION_FAILED')).toHaveLength(1);
    await stack.sri.heal();
    for (const accessKey of keys) await time.client.workflow.getHandle(accessKey).result();
    expect((await told(shop, 'DOCUMENT_AUTHORIZED'))[0]!.metadata.count).toBe(4);
  });
});
