import { z } from 'zod';
import type { WebhookEndpoint } from '../../domain/store/entities/delivery.ts';
import {
  changeWebhookEndpoint,
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
} from '../../domain/webhooks/endpoints.ts';
import { cursorPagination, cursorQuery, instant, ok, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { NotificationType } from './notifications.ts';

export const TAG = 'Webhooks';

const MAX_OVERLAP_HOURS = 168;

const url = z.string().min(1).max(2_000).meta({
  description: 'https; in the sandbox http too. Never a private address.',
  example: 'https://shop.example.com/hooks/comprobante',
});
const eventTypes = z
  .array(NotificationType)
  .max(20)
  .transform((types) => [...new Set(types)])
  .meta({ description: 'Empty: every type.', example: ['DOCUMENT_AUTHORIZED'] });
const secret = z.string().meta({ description: 'Shown once.', example: 'whsec_…' });

const WebhookEndpointIn = z
  .strictObject({ url, eventTypes: eventTypes.prefault([]) })
  .meta({ id: 'WebhookEndpointIn' });

const WebhookEndpointChange = z
  .strictObject({
    url: url.exactOptional(),
    eventTypes: eventTypes.exactOptional(),
    active: z.boolean().exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'WebhookEndpointChange' });

const WebhookEndpointOut = z
  .object({
    id: uuid(),
    url: z.string(),
    eventTypes: z.array(NotificationType),
    active: z.boolean(),
    failingSince: instant().nullable().meta({
      description:
        'First failure since the last success. After five days an endpoint is switched off; activate it when it is mended.',
    }),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: 'WebhookEndpoint' });

const OneOut = z.object({ ok, endpoint: WebhookEndpointOut });

/** Of the operations on one endpoint. */
export const endpointParam = z.object({ id: uuid() });

export const webhookRoutes = [
  route({
    method: 'post',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tag: TAG,
    summary: 'Create a webhook endpoint',
    description: [
      'Deliveries follow Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, an HMAC-SHA256 with the secret that this answer shows once.',
      '',
      'Only a 2xx answer is success. What fails is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or later if `Retry-After` asks for it; `410` switches the endpoint off.',
      '',
      'Of one document, no webhook is attempted before each earlier one has had its first attempt. One that failed then comes later, out of turn: its `timestamp` is that of the event.',
    ].join('\n'),
    auth: 'tenant',
    needs: 'webhooks:write',
    idempotent: true,
    body: {
      json: WebhookEndpointIn,
      example: { url: 'https://shop.example.com/hooks/comprobante', eventTypes: ['DOCUMENT_AUTHORIZED'] },
    },
    responses: { 201: { description: 'The endpoint and its secret.', schema: OneOut.extend({ secret }) } },
    errors: ['WEBHOOK_ENDPOINT_LIMIT_REACHED'],
  })(async ({ services, caller, body }) => {
    const made = await createWebhookEndpoint(services.tenants, caller.tenantId, body);
    return { status: 201, body: { ok: true, endpoint: endpointOut(made.endpoint), secret: made.secret } };
  }),

  route({
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag: TAG,
    summary: 'List webhook endpoints',
    description: 'The active ones, unless others are asked for; oldest first.',
    auth: 'tenant',
    needs: 'webhooks:read',
    query: z.strictObject({
      active: z
        .enum(['true', 'false', 'all'])
        .default('true')
        .meta({ description: '`false`: those that are switched off.' }),
      ...cursorQuery,
    }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, endpoints: z.array(WebhookEndpointOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, caller, query: { active, cursor, limit } }) => {
    const { rows, nextCursor } = await listWebhookEndpoints(services.tenants, caller.tenantId, {
      limit,
      cursor,
      ...(active === 'all' ? {} : { active: active === 'true' }),
    });
    return { status: 200, body: { ok: true, endpoints: rows.map(endpointOut), pagination: { limit, nextCursor } } };
  }),

  route({
    method: 'patch',
    path: '/v1/webhooks/:id',
    operationId: 'changeWebhook',
    tag: TAG,
    summary: 'Change a webhook endpoint',
    description: 'What is not named stays. Of an endpoint that is switched off, what waits to be delivered fails.',
    auth: 'tenant',
    needs: 'webhooks:write',
    params: endpointParam,
    body: { json: WebhookEndpointChange, example: { eventTypes: ['DOCUMENT_AUTHORIZED', 'DOCUMENT_RETURNED'] } },
    responses: { 200: { description: 'As it is now.', schema: OneOut } },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'WEBHOOK_ENDPOINT_LIMIT_REACHED'],
  })(async ({ services, caller, params, body }) => {
    const endpoint = await changeWebhookEndpoint(services.tenants, caller.tenantId, params.id, body);
    return { status: 200, body: { ok: true, endpoint: endpointOut(endpoint) } };
  }),

  route({
    method: 'delete',
    path: '/v1/webhooks/:id',
    operationId: 'deleteWebhook',
    tag: TAG,
    summary: 'Delete a webhook endpoint',
    description: 'Nothing more is delivered to it, and its log is gone from here.',
    auth: 'tenant',
    needs: 'webhooks:write',
    params: endpointParam,
    responses: { 200: { description: 'Deleted.', schema: z.object({ ok }) } },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    await deleteWebhookEndpoint(services.tenants, caller.tenantId, params.id);
    return { status: 200, body: { ok: true } };
  }),

  route({
    method: 'post',
    path: '/v1/webhooks/:id/rotate-secret',
    operationId: 'rotateWebhookSecret',
    tag: TAG,
    summary: 'Give an endpoint another secret',
    description:
      'Until the overlap ends each delivery carries two signatures, by the new secret and by the one before. A secret that was still overlapping from an earlier rotation ends at once.',
    auth: 'tenant',
    needs: 'webhooks:write',
    idempotent: true,
    params: endpointParam,
    body: {
      json: z
        .strictObject({
          overlapHours: z
            .int()
            .min(0)
            .max(MAX_OVERLAP_HOURS)
            .default(24)
            .meta({ description: '0: the old secret ends at once.' }),
        })
        .prefault({}),
      example: { overlapHours: 24 },
    },
    responses: {
      200: {
        description: 'The new secret.',
        schema: OneOut.extend({ secret, previousSecretUntil: instant().nullable() }),
      },
    },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
  })(async ({ services, caller, params, body }) => {
    const rotated = await rotateWebhookSecret(services.tenants, caller.tenantId, params.id, body.overlapHours);
    return {
      status: 200,
      body: {
        ok: true,
        endpoint: endpointOut(rotated.endpoint),
        secret: rotated.secret,
        previousSecretUntil: rotated.previousSecretUntil?.toISOString() ?? null,
      },
    };
  }),
];

function endpointOut(endpoint: WebhookEndpoint): z.output<typeof WebhookEndpointOut> {
  return {
    id: endpoint.id,
    url: endpoint.url,
    eventTypes: endpoint.eventTypes,
    active: endpoint.active,
    failingSince: endpoint.failingSince?.toISOString() ?? null,
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}
