import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../api/server.ts';
import { createTenantProcess } from '../../api/tenant-process.ts';
import { freePort } from '../../dev/free-port.ts';
import { WebhookDelivery } from '../../domain/store/entities/delivery.ts';
import { Certificate } from '../../domain/store/entities/issuer.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { webhookWorkflowId } from '../../workflows/contract.ts';
import { type AdminBody, NOBODY, type Operator, operatorOf } from '../support/operator.ts';
import { expectProblem } from '../support/problem.ts';
import { call, openShop, P12_PASSWORD, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let operator: Operator;
let admin: Operator['call'];

beforeAll(async () => {
  stack = await startStack();
  operator = operatorOf(stack);
  admin = operator.call;
});

afterAll(() => stack.stop());

function issuerForm(fields: Record<string, string>, ruc?: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (ruc === undefined) return form;
  const p12 = stack.authority.issue({ ruc, commonName: 'PRUEBA', password: P12_PASSWORD });
  form.set('certPassword', P12_PASSWORD);
  form.set('cert', new Blob([new Uint8Array(p12)]), 'firma.p12');
  return form;
}

describe('issuers', () => {
  const RUC = '0992712554001';
  const taxpayer = {
    ruc: RUC,
    businessName: 'Ferretería El Clavo S.A.',
    requiredAccounting: 'true',
    emissionType: '1',
  };
  let tenantId: string;
  let firstId: string;

  it('are made with a certificate, the first of an account too, and its documents are signed', async () => {
    tenantId = await operator.newTenant('issuers@example.com');
    const fields = { tenantId, ...taxpayer, mainAddress: 'Quito', branchCode: '001', issuePointCode: '001' };
    const made = await admin('POST', '/issuers', issuerForm(fields, RUC));
    expect(made.status).toBe(201);
    firstId = made.body.issuer.id;
    expect(made.body.issuer).toMatchObject({ tenantId, ruc: RUC, businessName: taxpayer.businessName });
    const { apiKey } = (await admin('POST', `/tenants/${tenantId}/api-keys`, {})).body;
    const shop = await openShop(stack, { email: 'other@example.com', ruc: '1793213150001' });
    const sold = await shop.sell({}, { authorization: `Bearer ${apiKey}`, 'x-issuer-id': firstId });
    expect(sold.body.document).toMatchObject({ status: 'SIGNED', sequential: '000000001' });
  });

  it('are copied from another of the account', async () => {
    const fields = { tenantId, sourceIssuerId: firstId, branchCode: '002', issuePointCode: '001' };
    const made = await admin(
      'POST',
      '/issuers',
      issuerForm({ ...fields, initialSequentials: '[{"documentType":"01","sequential":77}]' }),
    );
    expect(made.status).toBe(201);
    expect(made.body.issuer).toMatchObject({ tenantId, ruc: RUC, branchCode: '002' });
    expectProblem(await admin('POST', '/issuers', issuerForm(fields)), 409, 'CONFLICT');
  });

  it('are listed over all accounts, page by page', async () => {
    const { issuers, pagination } = (await admin('GET', '/issuers?limit=1')).body;
    expect(issuers).toEqual([expect.objectContaining({ tenantId, branchCode: '002' })]);
    const next = (await admin('GET', `/issuers?limit=100&cursor=${pagination.nextCursor}`)).body;
    expect(next.issuers.map(({ id }) => id)).toContain(firstId);
    expect(new Set(next.issuers.map((issuer) => (issuer as { tenantId?: string }).tenantId)).size).toBeGreaterThan(1);
  });

  it('are refused what is documented', async () => {
    const point = { branchCode: '003', issuePointCode: '001' };
    const source = { tenantId, sourceIssuerId: firstId, ...point };
    const refused = async (form: FormData, status: number, code: string, field?: string) =>
      expectProblem(await admin('POST', '/issuers', form), status, code, field);

    await refused(issuerForm({ tenantId, ...point }), 400, 'VALIDATION_FAILED', 'cert');
    await refused(issuerForm({ ...source, ruc: RUC }), 400, 'VALIDATION_FAILED', 'ruc');
    await refused(issuerForm({ tenantId, ...point }, RUC), 400, 'VALIDATION_FAILED', 'businessName');
    await refused(issuerForm({ ...source, branchCode: '3' }), 400, 'VALIDATION_FAILED', 'branchCode');
    await refused(issuerForm({ ...source, documentTypes: '["99"]' }), 400, 'VALIDATION_FAILED', 'documentTypes[0]');
    await refused(issuerForm({ ...source, tenantId: NOBODY }), 404, 'NOT_FOUND', 'tenantId');
    await refused(issuerForm({ ...source, sourceIssuerId: NOBODY }), 404, 'SOURCE_ISSUER_NOT_FOUND');
    await refused(issuerForm({ tenantId, ...taxpayer, ...point }, '1760013210001'), 400, 'CERTIFICATE_INVALID', 'cert');
    const locked = issuerForm({ tenantId, ...taxpayer, ...point }, RUC);
    locked.set('certPassword', 'Otra-contraseña-8');
    await refused(locked, 400, 'CERTIFICATE_PASSWORD_INVALID', 'certPassword');
    await admin('PATCH', `/tenants/${tenantId}/tier`, { subscriptionTier: 'FREE' });
    await refused(issuerForm(source), 402, 'BRANCH_LIMIT_REACHED');
    await refused(
      issuerForm({ ...source, branchCode: '002', issuePointCode: '002' }),
      402,
      'ISSUE_POINT_LIMIT_REACHED',
    );
    const { id } = await operator.pendingTenant('later@example.com', '1710034073001');
    await refused(issuerForm({ ...taxpayer, ...point, tenantId: id }, RUC), 403, 'EMAIL_VERIFICATION_REQUIRED');
  });
});

describe('the notification job', () => {
  it('looks at every account that is not suspended, goes on with overdue webhooks, and does nothing twice', async () => {
    const shop = await openShop(stack, { email: 'job@example.com', ruc: '1790319857001' });
    const suspended = await operator.newTenant('asleep@example.com');
    await admin('PATCH', `/tenants/${suspended}/status`, { status: 'SUSPENDED' });
    const soon = new Date(Date.now() + 20 * 86_400_000);
    await stack.store.asSystem((em) => em.nativeUpdate(Certificate, { tenantId: shop.tenantId }, { notAfter: soon }));
    await shop.post('/v1/webhooks', { url: stack.receiver.url });
    stack.receiver.failNext({ times: 1, reply: 500 });

    const { tenantsChecked } = (await admin('POST', '/jobs/notifications')).body;
    const awake = await stack.store.asSystem((em) => em.count(Tenant, { status: { $ne: 'SUSPENDED' } }));
    expect(tenantsChecked).toBe(awake);
    const delivery = await until('the attempt that failed', () =>
      stack.store.asSystem((em) =>
        em.findOne(WebhookDelivery, { tenantId: shop.tenantId, status: 'RETRYING' }).then((row) => row ?? undefined),
      ),
    );

    // Its workflow is lost, and its next attempt long overdue.
    await stack.temporal.client.workflow.getHandle(webhookWorkflowId(delivery.id)).terminate();
    const earlier = new Date(Date.now() - 3_600_000);
    await stack.store.asSystem((em) => em.nativeUpdate(WebhookDelivery, { id: delivery.id }, { updatedAt: earlier }));
    const second = (await admin('POST', '/jobs/notifications')).body;
    expect(second.retries).toEqual({ attempted: 1, succeeded: 1, failed: 0, exhausted: 0 });

    const third = (await admin('POST', '/jobs/notifications')).body;
    expect(third.retries).toEqual({ attempted: 0, succeeded: 0, failed: 0, exhausted: 0 });
    const { notifications } = (await shop.get('/v1/notifications')).body;
    expect(notifications.map(({ type }) => type)).toEqual(['CERT_EXPIRING']);
    const received = stack.receiver.received().filter(({ body }) => body.includes(shop.tenantId));
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(received.map(({ answer }) => answer)).toEqual([500, 204]);
  });
});

describe('what is stuck', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop(stack, { email: 'stuck@example.com', ruc: '1790732657001' });
  });

  it('are documents that do not move, with what they wait for, the last trouble, and their workflow', async () => {
    await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
    const returned = (await shop.sell({ autoSend: true }, { prefer: 'wait=30' })).body.document;
    expect(returned.status).toBe('RETURNED');
    await stack.sri.fault({ service: 'any', fault: 'down' });
    const waiting = (await shop.sell({ autoSend: true }, { prefer: 'wait=2' })).body.document;
    expect(waiting.status).toBe('PENDING_SEND');
    const signed = (await shop.sell()).body.document;

    const stuck = (await admin('GET', '/stuck/documents?minutes=0&limit=100')).body.documents;
    expect(stuck.map(({ accessKey }) => accessKey)).not.toContain(signed.accessKey);
    expect(stuck.find(({ accessKey }) => accessKey === returned.accessKey)).toMatchObject({
      tenantId: shop.tenantId,
      issuerId: shop.issuerId,
      status: 'RETURNED',
      waitsFor: 'REBUILD',
      sriMessages: [{ identifier: '35' }],
      workflow: 'NOT_RUNNING',
    });
    expect(stuck.find(({ accessKey }) => accessKey === waiting.accessKey)).toMatchObject({
      status: 'PENDING_SEND',
      waitsFor: 'RECEPTION',
      lastError: { detail: expect.any(Object) },
      workflow: 'RUNNING',
    });
    const first = (await admin('GET', '/stuck/documents?minutes=0&limit=1')).body;
    const second = (await admin('GET', `/stuck/documents?minutes=0&limit=1&cursor=${first.pagination.nextCursor}`))
      .body;
    expect([first, second].map(({ documents }) => documents[0]!.accessKey)).toEqual(
      stuck.slice(0, 2).map(({ accessKey }) => accessKey),
    );
    expect((await admin('GET', '/stuck/documents')).body.documents).toEqual([]);
    const refused = (await admin('GET', '/stuck/documents?minutes=0&status=RETURNED')).body.documents;
    expect(refused.map(({ waitsFor }) => waitsFor)).toEqual(['REBUILD']);
    expectProblem(await admin('GET', '/stuck/documents?status=SIGNED'), 400, 'VALIDATION_FAILED', 'status');
    expectProblem(await admin('GET', '/stuck/documents?cursor=x'), 400, 'VALIDATION_FAILED', 'cursor');

    // Just then an operator asks: without Temporal the list is there all the same.
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const tenantProcess = createTenantProcess({ client: new Client({ connection }) });
    const api = await startApi({ ...stack.apiDeps, tenantProcess }, { host: '127.0.0.1', port: 0 });
    const headers = { authorization: `Bearer ${stack.config.adminSecret}` };
    const away = await call(api.url, 'GET', '/v1/admin/stuck/documents?minutes=0', { headers });
    expect((away.body as AdminBody).documents.map(({ workflow }) => workflow)).toContain('UNKNOWN');
    expectProblem(await call(api.url, 'POST', '/v1/admin/jobs/notifications', { headers }), 503, 'SERVICE_UNAVAILABLE');
    await api.close();
    await stack.sri.heal();
  });

  it('are accounts that cannot go on, each with its reasons', async () => {
    const expired = new Date(Date.now() - 86_400_000);
    await stack.store.asSystem(async (em) => {
      await em.nativeUpdate(Certificate, { tenantId: shop.tenantId }, { notAfter: expired });
      await em.nativeUpdate(Tenant, { id: shop.tenantId }, { documentQuota: 1 });
    });
    stack.mailbox.failNext({ times: 1, reply: 550 });
    const { id } = await operator.pendingTenant('unreachable@example.com', '0992339411001');
    const listed = async () => (await admin('GET', '/stuck/tenants?limit=100')).body.tenants;
    const unreachable = await until('the failed mail', async () => (await listed()).find((row) => row.id === id));
    expect(unreachable.reasons.map(({ reason }) => reason)).toEqual(['VERIFICATION_MAIL_FAILED']);
    await stack.store.asSystem((em) =>
      em.nativeUpdate(Tenant, { id }, { createdAt: new Date(Date.now() - 90_000_000) }),
    );

    const tenants = await listed();
    expect(tenants.find((row) => row.id === id)!.reasons.map(({ reason }) => reason)).toEqual([
      'NOT_VERIFIED',
      'VERIFICATION_MAIL_FAILED',
    ]);
    expect(tenants.find((row) => row.id === shop.tenantId)!.reasons).toMatchObject([
      { reason: 'CERTIFICATE_EXPIRED', subject: shop.issuerId },
      { reason: 'QUOTA_USED_UP', subject: null },
    ]);
    const first = (await admin('GET', '/stuck/tenants?limit=1')).body;
    const second = (await admin('GET', `/stuck/tenants?limit=1&cursor=${first.pagination.nextCursor}`)).body;
    expect([first, second].map((page) => page.tenants[0]!.id)).toEqual(tenants.slice(0, 2).map((row) => row.id));
    await admin('PATCH', `/tenants/${shop.tenantId}/status`, { status: 'SUSPENDED' });
    expect((await listed()).map((row) => row.id)).not.toContain(shop.tenantId);
  });
});
