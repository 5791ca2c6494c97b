import { z } from 'zod';
import { mintKeyFor, revokeAnyKey } from '../../domain/admin/keys.ts';
import {
  changeStatus,
  changeTier,
  createTenant,
  listTenants,
  notePromotion,
  verifyTenant,
} from '../../domain/admin/tenants.ts';
import { cursorPagination, cursorQuery, email, line, ok, uuid } from '../fields.ts';
import { promote } from '../promote.ts';
import { route } from '../route.ts';
import { alignCertificateSchedule } from '../tenant-process.ts';
import { KeyIn, keyOut, NEW_KEY } from './keys.ts';
import { apiKeysOut, PromoteIn, TenantOut, tenantOut } from './tenants.ts';

export const ADMIN = 'Administration';

const Tier = z.enum(['FREE', 'STARTER', 'GROWTH', 'BUSINESS']);

const OneTenant = z.object({ ok, tenant: TenantOut });

const tenantParam = z.object({ id: uuid() });

const TenantIn = z
  .strictObject({
    email: email().meta({ example: 'tienda@example.com' }),
    subscriptionTier: Tier.default('FREE'),
    language: z.enum(['es', 'en']).default('es').meta({ description: 'Of mails and notifications.' }),
  })
  .meta({ id: 'AdminTenantIn' });

const TierIn = z.strictObject({ subscriptionTier: Tier }).meta({ id: 'TierIn' });

const StatusIn = z
  .strictObject({
    status: z.enum(['ACTIVE', 'SUSPENDED']),
    reason: line(200).exactOptional().meta({ description: 'For the audit log; nobody else reads it.' }),
  })
  .meta({ id: 'TenantStatusIn' });

export const adminTenantRoutes = [
  route({
    method: 'post',
    path: '/v1/admin/tenants',
    operationId: 'adminCreateTenant',
    tag: ADMIN,
    summary: 'Make an account',
    description: 'Active at once: its address needs no proof. It has neither issuer nor key yet.',
    auth: 'admin',
    idempotent: true,
    body: { json: TenantIn, example: { email: 'tienda@example.com', subscriptionTier: 'STARTER' } },
    responses: { 201: { description: 'The new account.', schema: OneTenant } },
    errors: ['CONFLICT'],
  })(async ({ services, body, requestId }) => {
    const { email: address, subscriptionTier: tier, language } = body;
    const tenant = await createTenant(services.tenants.store, { requestId }, { email: address, tier, language });
    alignCertificateSchedule(services, tenant.id);
    return { status: 201, body: { ok: true, tenant: tenantOut(tenant) } };
  }),

  route({
    method: 'get',
    path: '/v1/admin/tenants',
    operationId: 'adminListTenants',
    tag: ADMIN,
    summary: 'List accounts',
    description: 'All of them, newest first.',
    auth: 'admin',
    query: z.strictObject(cursorQuery),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, tenants: z.array(TenantOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, query }) => {
    const { rows, nextCursor } = await listTenants(services.tenants.store, query);
    const pagination = { limit: query.limit, nextCursor };
    return { status: 200, body: { ok: true, tenants: rows.map(tenantOut), pagination } };
  }),

  route({
    method: 'patch',
    path: '/v1/admin/tenants/:id/tier',
    operationId: 'adminChangeTier',
    tag: ADMIN,
    summary: 'Move an account to a tier',
    description: 'Its document quota becomes that of the tier; what it has used stays counted.',
    auth: 'admin',
    params: tenantParam,
    body: { json: TierIn, example: { subscriptionTier: 'GROWTH' } },
    responses: { 200: { description: 'The account as it is now.', schema: OneTenant } },
    errors: ['NOT_FOUND'],
  })(async ({ services, params, body, requestId }) => {
    const { store } = services.tenants;
    const tenant = await changeTier(store, { requestId }, params.id, body.subscriptionTier);
    return { status: 200, body: { ok: true, tenant: tenantOut(tenant) } };
  }),

  route({
    method: 'patch',
    path: '/v1/admin/tenants/:id/status',
    operationId: 'adminChangeStatus',
    tag: ADMIN,
    summary: 'Suspend an account, or let it go on',
    description:
      'A suspended account is answered `403 ACCOUNT_SUSPENDED`, but for `GET /v1/tenants/me`. Documents that are under way go on; its certificates are not watched meanwhile.',
    auth: 'admin',
    params: tenantParam,
    body: { json: StatusIn, example: { status: 'SUSPENDED', reason: 'Unpaid since March' } },
    responses: { 200: { description: 'The account as it is now.', schema: OneTenant } },
    errors: ['NOT_FOUND'],
  })(async ({ services, params, body, requestId }) => {
    const tenant = await changeStatus(services.tenants.store, { requestId }, params.id, body);
    alignCertificateSchedule(services, tenant.id);
    return { status: 200, body: { ok: true, tenant: tenantOut(tenant) } };
  }),

  route({
    method: 'post',
    path: '/v1/admin/tenants/:id/verify',
    operationId: 'adminVerifyTenant',
    tag: ADMIN,
    summary: 'Take the address of an account for proven',
    description: 'For an account that waits for its verification; a suspended one is a conflict.',
    auth: 'admin',
    params: tenantParam,
    responses: { 200: { description: 'The account, active now.', schema: OneTenant } },
    errors: ['NOT_FOUND', 'ALREADY_VERIFIED', 'CONFLICT'],
  })(async ({ services, params, requestId }) => {
    const tenant = await verifyTenant(services.tenants.store, { requestId }, params.id);
    return { status: 200, body: { ok: true, tenant: tenantOut(tenant) } };
  }),

  route({
    method: 'post',
    path: '/v1/admin/tenants/:id/promote',
    operationId: 'adminPromoteTenant',
    tag: ADMIN,
    summary: 'Take an account to production',
    description:
      'One-way, and all at once, as `POST /v1/tenants/promote` does it: every sandbox key ends, and for each there is a production key with its label, shown once.',
    auth: 'admin',
    params: tenantParam,
    body: { json: PromoteIn.default({}), example: {} },
    responses: { 200: { description: 'The account is in production.', schema: apiKeysOut } },
    errors: ['NOT_FOUND', 'EMAIL_VERIFICATION_REQUIRED', 'ACCOUNT_SUSPENDED', 'CONFLICT'],
  })(async ({ services, params, body, requestId }) => {
    await notePromotion(services.tenants.store, { requestId }, params.id);
    const apiKeys = await promote(services, params.id, {
      askedBy: null,
      supersedes: null,
      initialSequentials: body.initialSequentials ?? [],
    });
    return { status: 200, body: { ok: true, apiKeys } };
  }),

  route({
    method: 'post',
    path: '/v1/admin/tenants/:id/api-keys',
    operationId: 'adminCreateKey',
    tag: ADMIN,
    summary: 'Make an API key for an account',
    description: 'The answer shows it once.',
    auth: 'admin',
    idempotent: true,
    params: tenantParam,
    body: { json: KeyIn, example: { label: 'Till 7' } },
    responses: {
      201: NEW_KEY,
    },
    errors: ['NOT_FOUND', 'PRODUCTION_KEY_REQUIRES_PROMOTION'],
  })(async ({ services, params, body, requestId }) => {
    const { apiKey, key } = await mintKeyFor(services.tenants, { requestId }, params.id, body);
    return { status: 201, body: { ok: true, apiKey, key: keyOut(key) } };
  }),

  route({
    method: 'delete',
    path: '/v1/admin/api-keys/:id',
    operationId: 'adminRevokeKey',
    tag: ADMIN,
    summary: 'Revoke an API key of any account',
    description: 'It ends at once and for ever.',
    auth: 'admin',
    params: tenantParam,
    responses: { 200: { description: 'The key opens nothing any longer.', schema: z.object({ ok }) } },
    errors: ['NOT_FOUND'],
  })(async ({ services, params, requestId }) => {
    await revokeAnyKey(services.tenants, { requestId }, params.id);
    return { status: 200, body: { ok: true } };
  }),
];
