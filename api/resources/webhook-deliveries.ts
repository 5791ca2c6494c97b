import { z } from 'zod';
import { NOTIFICATION_TYPES, type WebhookReplay } from '../../domain/store/entities/delivery.ts';
import {
  createPing,
  type DeliveryWithAttempts,
  findDelivery,
  listDeliveries,
  replayDelivery,
} from '../../domain/webhooks/deliveries.ts';
import { createReplay, findReplay, MAX_REPLAYED } from '../../domain/webhooks/replays.ts';
import { cursorPagination, cursorQuery, instant, ok, uuid } from '../fields.ts';
import { type Call, route } from '../route.ts';
import { APPLIED, LOCATION, waits } from './document-answers.ts';
import { endpointParam, TAG } from './webhooks.ts';

const DeliveryStatus = z.enum(['PENDING', 'SUCCESS', 'RETRYING', 'FAILED']).meta({
  id: 'DeliveryStatus',
  description: '`PENDING`: no attempt yet. `RETRYING`: another attempt follows. `FAILED`: none does.',
});

const DeliveryOut = z
  .object({
    id: uuid().meta({ description: 'The `webhook-id` of each attempt.' }),
    type: z.enum([...NOTIFICATION_TYPES, 'ping']),
    status: DeliveryStatus,
    attempts: z
      .array(
        z.object({
          attempt: z.int().meta({ description: 'From 1; a replay begins at 1 again.' }),
          outcome: z.enum(['accepted', 'failed', 'gone', 'refused', 'skipped']).meta({
            description:
              '`gone`: the receiver answered 410. `refused`: its address is none that we send to. `skipped`: the endpoint is switched off.',
          }),
          statusCode: z.int().nullable(),
          error: z.string().nullable(),
          answer: z.string().nullable().meta({ description: 'The beginning of what the receiver answered.' }),
          durationMs: z.int(),
          createdAt: instant(),
        }),
      )
      .meta({ description: 'Oldest first.' }),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: 'WebhookDelivery' });

const DeliveryAnswer = z.object({ ok, delivery: DeliveryOut });

const ReplayOut = z
  .object({
    id: uuid(),
    status: z.enum(['RUNNING', 'DONE']),
    from: instant(),
    to: instant(),
    deliveryStatus: DeliveryStatus,
    total: z.int(),
    done: z.int().meta({ description: 'Deliveries that have begun again; what becomes of each is in the log.' }),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: 'WebhookReplay' });

const ReplayAnswer = z.object({ ok, replay: ReplayOut });

/** PostgreSQL knows no year 0. */
const at = () => z.iso.datetime({ offset: true }).refine((text) => text >= '1970', 'must not be before 1970');

export const webhookDeliveryRoutes = [
  route({
    method: 'get',
    path: '/v1/webhooks/:id/deliveries',
    operationId: 'listWebhookDeliveries',
    tag: TAG,
    summary: 'What was delivered to an endpoint',
    description: 'Newest first, each with its attempts.',
    auth: 'tenant',
    needs: 'webhooks:read',
    params: endpointParam,
    query: z.strictObject({ status: DeliveryStatus.optional(), ...cursorQuery }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, deliveries: z.array(DeliveryOut), pagination: cursorPagination }),
      },
    },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
  })(async ({ services, caller, params, query }) => {
    const { rows, nextCursor } = await listDeliveries(services.tenants, caller.tenantId, params.id, query);
    const pagination = { limit: query.limit, nextCursor };
    return { status: 200, body: { ok: true, deliveries: rows.map(deliveryOut), pagination } };
  }),

  route({
    method: 'post',
    path: '/v1/webhooks/:id/deliveries/:deliveryId/replay',
    operationId: 'replayWebhookDelivery',
    tag: TAG,
    summary: 'Deliver one webhook again',
    description:
      'It begins again at once, whatever had become of it, with its `webhook-id` and its body; a receiver that has had it knows it again.',
    auth: 'tenant',
    needs: 'webhooks:write',
    params: endpointParam.extend({ deliveryId: uuid() }),
    responses: { 202: { description: 'It begins again.', schema: DeliveryAnswer, headers: LOCATION } },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'NOT_FOUND', 'CONFLICT'],
  })(async ({ services, caller, params }) => {
    const { tenantId } = caller;
    const replayed = await replayDelivery(services.tenants, tenantId, params.id, params.deliveryId);
    await ifItCan(services, () => services.tenantProcess.deliverNow(params.deliveryId, tenantId, 0));
    return {
      status: 202,
      body: { ok: true, delivery: deliveryOut(replayed) },
      headers: { Location: logOf(params.id) },
    };
  }),

  route({
    method: 'post',
    path: '/v1/webhooks/:id/replay',
    operationId: 'replayWebhookWindow',
    tag: TAG,
    summary: 'Deliver the webhooks of a window again',
    description: `Those that were made from \`from\` on and before \`to\`, and have the status; ${MAX_REPLAYED} at most, and one window of an endpoint at a time. Each begins again as if it alone were replayed, oldest first.`,
    auth: 'tenant',
    needs: 'webhooks:write',
    idempotent: true,
    params: endpointParam,
    body: {
      json: z
        .strictObject({
          from: at(),
          to: at(),
          status: z.enum(['FAILED', 'SUCCESS', 'RETRYING']).default('FAILED'),
        })
        .meta({ id: 'WebhookReplayIn' }),
      example: { from: '2026-11-25T00:00:00Z', to: '2026-11-26T00:00:00Z' },
    },
    responses: { 202: { description: 'It is under way.', schema: ReplayAnswer, headers: LOCATION } },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'CONFLICT'],
  })(async ({ services, caller, params, body }) => {
    const { tenantId } = caller;
    const replay = await createReplay(services.tenants, tenantId, params.id, {
      from: new Date(body.from),
      to: new Date(body.to),
      status: body.status,
    });
    if (replay.status === 'RUNNING')
      await ifItCan(services, () => services.tenantProcess.startWebhookReplay(replay.id, tenantId));
    return {
      status: 202,
      body: { ok: true, replay: replayOut(replay) },
      headers: { Location: `/v1/webhooks/${params.id}/replays/${replay.id}` },
    };
  }),

  route({
    method: 'get',
    path: '/v1/webhooks/:id/replays/:replayId',
    operationId: 'getWebhookReplay',
    tag: TAG,
    summary: 'How far a replay has come',
    auth: 'tenant',
    needs: 'webhooks:read',
    params: endpointParam.extend({ replayId: uuid() }),
    responses: { 200: { description: 'As it is now.', schema: ReplayAnswer } },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    const replay = await findReplay(services.tenants, caller.tenantId, params.id, params.replayId);
    return { status: 200, body: { ok: true, replay: replayOut(replay) } };
  }),

  route({
    method: 'post',
    path: '/v1/webhooks/:id/ping',
    operationId: 'pingWebhook',
    tag: TAG,
    summary: 'See whether a webhook arrives',
    description:
      'Delivers a webhook of type `ping`, signed as any other, once; also to an endpoint that is switched off. Holds the request, within `Prefer: wait`, for what comes of it.',
    auth: 'tenant',
    needs: 'webhooks:write',
    params: endpointParam,
    headers: waits,
    responses: {
      200: { description: 'What came of it.', schema: DeliveryAnswer, headers: APPLIED },
      202: { description: 'Not within the time.', schema: DeliveryAnswer, headers: { ...APPLIED, ...LOCATION } },
    },
    errors: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
  })(async ({ services, caller, params, headers: { Prefer: wait } }) => {
    const { tenantId } = caller;
    const ping = await createPing(services.tenants, tenantId, params.id);
    const { id } = ping.delivery;
    const arrives = () => services.tenantProcess.deliverNow(id, tenantId, wait.waitMs);
    if (await ifItCan(services, () => services.aside(arrives))) {
      const settled = await findDelivery(services.tenants, tenantId, params.id, id);
      return { status: 200, body: { ok: true, delivery: deliveryOut(settled) }, headers: wait.applied };
    }
    const headers = { ...wait.applied, Location: logOf(params.id) };
    return { status: 202, body: { ok: true, delivery: deliveryOut(ping) }, headers };
  }),
];

/** The outbox has it: what cannot be started now the reconciliation starts. */
async function ifItCan<T>(services: Call['services'], start: () => Promise<T>): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    services.warn('a webhook could not be started; reconciliation will', error);
    return undefined;
  }
}

const logOf = (endpointId: string) => `/v1/webhooks/${endpointId}/deliveries`;

function deliveryOut({ delivery, attempts }: DeliveryWithAttempts): z.output<typeof DeliveryOut> {
  const { id, type, status, createdAt, updatedAt } = delivery;
  return {
    id,
    type,
    status,
    attempts: attempts.map((row) => ({
      attempt: row.attempt,
      outcome: row.outcome,
      statusCode: row.statusCode ?? null,
      error: row.error ?? null,
      answer: row.answer ?? null,
      durationMs: row.durationMs,
      createdAt: row.createdAt.toISOString(),
    })),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function replayOut(replay: WebhookReplay): z.output<typeof ReplayOut> {
  const { id, status, deliveryStatus, total, done } = replay;
  return {
    id,
    status,
    from: replay.windowFrom.toISOString(),
    to: replay.windowTo.toISOString(),
    deliveryStatus,
    total,
    done,
    createdAt: replay.createdAt.toISOString(),
    updatedAt: replay.updatedAt.toISOString(),
  };
}
