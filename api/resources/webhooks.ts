import { z } from 'zod';
import type { WebhookEndpoint } from '../../domain/store/entities/delivery.ts';
import { createWebhookEndpoint, listWebhookEndpoints } from '../../domain/tenants/webhook-endpoints.ts';
import { instant, ok, uuid } from '../fields.ts';
import { route } from '../route.ts';

const TAG = 'Webhooks';

const EventType = z
  .enum([
    'DOCUMENT_AUTHORIZED',
    'DOCUMENT_RETURNED',
    'DOCUMENT_NOT_AUTHORIZED',
    'CERT_EXPIRING',
    'CERT_EXPIRED',
    'SRI_SUBMISSION_FAILED',
    'EMAIL_DELIVERY_FAILED',
    'QUOTA_WARNING',
  ])
  .meta({ id: 'NotificationType' });

const WebhookEndpointIn = z
  .strictObject({
    url: z.string().min(1).max(2_000).meta({
      description: 'https; in the sandbox http too. Never a private address.',
      example: 'https://shop.example.com/hooks/comprobante',
    }),
    eventTypes: z
      .array(EventType)
      .max(20)
      .default([])
      .meta({ description: 'Empty: every type.', example: ['DOCUMENT_AUTHORIZED'] }),
  })
  .meta({ id: 'WebhookEndpointIn' });

const WebhookEndpointOut = z
  .object({
    id: uuid(),
    url: z.string(),
    eventTypes: z.array(EventType),
    active: z.boolean(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: 'WebhookEndpoint' });

export const webhookRoutes = [
  route({
    method: 'post',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tag: TAG,
    summary: 'Create a webhook endpoint',
    description:
      'Deliveries follow Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, an HMAC-SHA256 with the secret that this answer shows once.',
    auth: 'tenant',
    body: {
      json: WebhookEndpointIn,
      example: { url: 'https://shop.example.com/hooks/comprobante', eventTypes: ['DOCUMENT_AUTHORIZED'] },
    },
    responses: {
      201: {
        description: 'The endpoint and its secret.',
        schema: z.object({
          ok,
          endpoint: WebhookEndpointOut,
          secret: z.string().meta({ description: 'Shown once.', example: 'whsec_…' }),
        }),
      },
    },
    errors: ['WEBHOOK_ENDPOINT_LIMIT_REACHED'],
  })(async ({ services, caller, body }) => {
    const eventTypes = [...new Set(body.eventTypes)];
    const { endpoint, secret } = await createWebhookEndpoint(services.tenants, caller.tenantId, {
      url: body.url,
      eventTypes,
    });
    return { status: 201, body: { ok: true, endpoint: endpointOut(endpoint), secret } };
  }),

  route({
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag: TAG,
    summary: 'List webhook endpoints',
    description: 'The active ones, oldest first.',
    auth: 'tenant',
    responses: {
      200: { description: 'All of them.', schema: z.object({ ok, endpoints: z.array(WebhookEndpointOut) }) },
    },
    errors: [],
  })(async ({ services, caller }) => {
    const endpoints = await listWebhookEndpoints(services.tenants, caller.tenantId);
    return { status: 200, body: { ok: true, endpoints: endpoints.map(endpointOut) } };
  }),
];

function endpointOut({
  id,
  url,
  eventTypes,
  active,
  createdAt,
  updatedAt,
}: WebhookEndpoint): z.output<typeof WebhookEndpointOut> {
  return { id, url, eventTypes, active, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
