import { z } from 'zod';
import { LAST_SEQUENTIAL } from '../../domain/tenants/sequentials.ts';
import { listTenantEvents } from '../../domain/tenants/events.ts';
import { changeLanguage, findTenant } from '../../domain/tenants/account.ts';
import { promotionReadiness } from '../../domain/tenants/readiness.ts';
import type { Tenant, TenantEvent } from '../../domain/store/entities/tenant.ts';
import { digits, instant, ok, pageQuery, pagination, uuid } from '../fields.ts';
import { promote } from '../promote.ts';
import { route } from '../route.ts';

const TAG = 'Tenants';

export const TenantOut = z
  .object({
    id: uuid(),
    email: z.string(),
    subscriptionTier: z.enum(['FREE', 'STARTER', 'GROWTH', 'BUSINESS']),
    status: z.enum(['PENDING_VERIFICATION', 'ACTIVE', 'SUSPENDED']),
    sandbox: z.boolean().meta({ description: 'Until the account is promoted to production.' }),
    language: z.enum(['es', 'en']),
    documentQuota: z.int(),
    documentCount: z.int(),
    createdAt: instant(),
  })
  .meta({ id: 'Tenant' });

export const PromoteIn = z
  .strictObject({
    initialSequentials: z
      .array(
        z.strictObject({
          issuerId: uuid(),
          documentType: digits(2).meta({ example: '01' }),
          sequential: z.int().min(1).max(LAST_SEQUENTIAL),
        }),
      )
      .min(1)
      .max(1_000)
      .exactOptional()
      .meta({ description: 'The number that the first production document gets; 1 where nothing is said.' }),
  })
  .meta({ id: 'PromoteIn' });

const ReadinessCheckOut = z
  .object({
    name: z.enum(['EMAIL_VERIFIED', 'IN_SANDBOX', 'CERTIFICATE', 'TEST_DOCUMENT']),
    ok: z.boolean(),
    required: z.boolean().meta({ description: 'Without it promotion is refused; the others are advice.' }),
    message: z.string().meta({ description: 'One sentence, in the language of the account.' }),
    issuerId: uuid().optional(),
    documentType: z.string().optional(),
  })
  .meta({ id: 'ReadinessCheck' });

const TenantEventOut = z
  .object({
    id: uuid(),
    eventType: z.string().meta({ example: 'EMAIL_VERIFIED' }),
    detail: z.record(z.string(), z.unknown()).nullable(),
    createdAt: instant(),
  })
  .meta({ id: 'TenantEvent' });

export const apiKeysOut = z.object({
  ok,
  apiKeys: z.array(
    z.object({
      label: z.string().nullable(),
      apiKey: z.string().meta({ description: 'Shown once.', example: 'sk_live_…' }),
    }),
  ),
});

export const tenantRoutes = [
  route({
    method: 'get',
    path: '/v1/tenants/me',
    operationId: 'getTenant',
    tag: TAG,
    summary: 'Get the account',
    description: 'Answers while the account is suspended too.',
    auth: 'tenant',
    needs: 'account:read',
    whileSuspended: true,
    responses: { 200: { description: 'The account.', schema: z.object({ ok, tenant: TenantOut }) } },
    errors: [],
  })(async ({ services, caller }) => {
    return { status: 200, body: { ok: true, tenant: tenantOut(await findTenant(services.tenants, caller.tenantId)) } };
  }),

  route({
    method: 'patch',
    path: '/v1/tenants/language',
    operationId: 'setLanguage',
    tag: TAG,
    summary: 'Set the language of the account',
    description: 'Of mails and notifications from now on.',
    auth: 'tenant',
    needs: 'account:write',
    body: { json: z.strictObject({ language: z.enum(['es', 'en']) }), example: { language: 'en' } },
    responses: { 200: { description: 'It is set.', schema: z.object({ ok }) } },
    errors: [],
  })(async ({ services, caller, body }) => {
    await changeLanguage(services.tenants, caller.tenantId, body.language);
    return { status: 200, body: { ok: true } };
  }),

  route({
    method: 'get',
    path: '/v1/tenants/events',
    operationId: 'listTenantEvents',
    tag: TAG,
    summary: 'List what happened to the account',
    description: 'Newest first: mails, verification, status, tier, promotion, certificates.',
    auth: 'tenant',
    needs: 'account:read',
    query: z.strictObject(pageQuery(20)),
    responses: {
      200: { description: 'One page.', schema: z.object({ ok, events: z.array(TenantEventOut), pagination }) },
    },
    errors: [],
  })(async ({ services, caller, query }) => {
    const { events, total } = await listTenantEvents(services.tenants, caller.tenantId, query);
    return { status: 200, body: { ok: true, events: events.map(eventOut), pagination: { total, ...query } } };
  }),

  route({
    method: 'get',
    path: '/v1/tenants/promote/readiness',
    operationId: 'getPromotionReadiness',
    tag: TAG,
    summary: 'See whether the account is ready for production',
    description: 'Changes nothing. `counters` are the first production numbers if promotion is asked for no others.',
    auth: 'tenant',
    needs: 'account:read',
    responses: {
      200: {
        description: 'What is there and what is missing.',
        schema: z.object({
          ok,
          ready: z.boolean().meta({ description: 'Every check is passed.' }),
          checks: z.array(ReadinessCheckOut),
          counters: z.array(z.object({ issuerId: uuid(), documentType: z.string(), next: z.int() })),
        }),
      },
    },
    errors: [],
  })(async ({ services, caller }) => {
    const { checks, counters } = await promotionReadiness(services.tenants, caller.tenantId, caller.language);
    return { status: 200, body: { ok: true, ready: checks.every((check) => check.ok), checks, counters } };
  }),

  route({
    method: 'post',
    path: '/v1/tenants/promote',
    operationId: 'promoteTenant',
    tag: TAG,
    summary: 'Go to production',
    description: [
      'One-way, and all at once: documents go to SRI’s production service from now on and have numbers of their own there, every sandbox key ends, the calling one included, and for each there is a production key with its label.',
      '',
      'The keys are shown once and kept nowhere. If the answer is lost, repeat the request **with the same API key**: for a day, and until one of the new keys has been used, it answers with new ones in the place of those that nobody saw. A new key has the scopes of the one that it stands in for; a key that may do less than another of them cannot ask. It needs no `Idempotency-Key`. Of two requests at once one is answered `409`.',
    ].join('\n'),
    auth: 'tenant',
    needs: 'account:write',
    byPromoter: true,
    body: { json: PromoteIn.default({}), example: {} },
    responses: {
      200: { description: 'The account is in production.', schema: apiKeysOut },
    },
    errors: ['EMAIL_VERIFICATION_REQUIRED', 'SCOPE_ESCALATION_FORBIDDEN', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
  })(async ({ services, caller, body }) => {
    const apiKeys = await promote(services, caller.tenantId, {
      askedBy: caller.keyId,
      supersedes: caller.promotion ?? null,
      initialSequentials: body.initialSequentials ?? [],
    });
    return { status: 200, body: { ok: true, apiKeys } };
  }),
];

export function tenantOut(tenant: Tenant): z.output<typeof TenantOut> {
  const { id, email, tier, status, sandbox, language, documentQuota, documentCount, createdAt } = tenant;
  return {
    id,
    email,
    subscriptionTier: tier,
    status,
    sandbox,
    language,
    documentQuota,
    documentCount,
    createdAt: createdAt.toISOString(),
  };
}

function eventOut({ id, eventType, detail, createdAt }: TenantEvent): z.output<typeof TenantEventOut> {
  return { id, eventType, detail: detail ?? null, createdAt: createdAt.toISOString() };
}
