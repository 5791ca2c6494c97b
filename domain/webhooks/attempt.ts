import type { EntityManager } from '@mikro-orm/postgresql';
import { notifyEndpointDisabled } from '../notifications/endpoints.ts';
import type { DisabledReason } from '../notifications/texts.ts';
import {
  type AttemptOutcome,
  type DeliveryStatus,
  OutboxMessage,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
} from '../store/entities/delivery.ts';
import type { Sealer } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';
import { webhookSecretContext } from './secret.ts';

/** An endpoint that has failed for so long without one success is switched off. */
const PATIENCE_MS = 5 * 24 * 3_600_000;
/** As much of a receiver's answer as the log keeps. */
const KEPT_CHARACTERS = 2_000;

/** An attempt that may be made now. */
export interface DueAttempt {
  delivery: WebhookDelivery;
  endpoint: WebhookEndpoint;
  /** Each signs. */
  secrets: string[];
}

/**
 * Reads a delivery for its next attempt. The promise in the outbox has been heard, and goes.
 * @param now what old secrets are measured by
 * @returns `earlier-first` while another webhook of the same document to the same endpoint waits for its first attempt;
 * the delivery's status when it is settled
 */
export async function openAttempt(
  store: Store,
  sealer: Sealer,
  deliveryId: string,
  now: Date,
): Promise<DueAttempt | 'earlier-first' | { settled: 'SUCCESS' | 'FAILED'; attempts: number }> {
  return store.asSystem(async (em) => {
    const delivery = await em.findOneOrFail(WebhookDelivery, deliveryId);
    await em.nativeDelete(OutboxMessage, { kind: 'webhook', subject: deliveryId });
    const { status, attempts } = delivery;
    if (status === 'SUCCESS' || status === 'FAILED') return { settled: status, attempts };
    if (attempts === 0 && (await hasEarlier(em, delivery))) return 'earlier-first';
    const endpoint = await em.findOneOrFail(WebhookEndpoint, delivery.endpointId);
    const sealed = [endpoint.sealedSecret];
    if (endpoint.previousSealedSecret && endpoint.previousSecretUntil! > now)
      sealed.push(endpoint.previousSealedSecret);
    const context = webhookSecretContext(endpoint.id);
    return { delivery, endpoint, secrets: sealed.map((secret) => sealer.open(secret, context).toString()) };
  });
}

async function hasEarlier(em: EntityManager, { documentId, endpointId, position }: WebhookDelivery): Promise<boolean> {
  if (!documentId || !position) return false;
  const earlier = { documentId, endpointId, position: { $lt: position }, status: 'PENDING' as const };
  return (await em.count(WebhookDelivery, earlier)) > 0;
}

/** What a receiver made of an attempt. */
export interface AttemptAnswer {
  outcome: AttemptOutcome;
  status?: number;
  error?: string;
  body?: string;
  durationMs: number;
}

/**
 * Writes an attempt and what follows from it for the delivery and its endpoint.
 * @param at when the attempt was due: what an endpoint's failures are measured by
 * @returns the deliveries that the outbox promises, if the endpoint was switched off
 */
export async function recordAttempt(
  store: Store,
  { delivery, endpoint }: DueAttempt,
  answer: AttemptAnswer,
  at: Date,
): Promise<{ status: Exclude<DeliveryStatus, 'PENDING'>; promised: string[] }> {
  const { id: deliveryId, tenantId, type } = delivery;
  const status = statusAfter(answer, type === 'ping');
  const attempts = delivery.attempts + 1;
  const promised = await store.asTenant(tenantId, async (em) => {
    em.create(WebhookAttempt, {
      tenantId,
      deliveryId,
      attempt: attempts,
      outcome: answer.outcome,
      statusCode: answer.status ?? null,
      error: answer.error ?? null,
      answer: answer.body?.slice(0, KEPT_CHARACTERS).replaceAll('\0', '') ?? null,
      durationMs: answer.durationMs,
    });
    await em.nativeUpdate(WebhookDelivery, { id: deliveryId }, { status, attempts, updatedAt: new Date() });
    await em.flush();
    switch (answer.outcome) {
      case 'accepted':
        await em.nativeUpdate(
          WebhookEndpoint,
          { id: endpoint.id, failingSince: { $ne: null } },
          { failingSince: null },
        );
        return [];
      case 'gone':
        return switchOff(em, endpoint, 'GONE');
      case 'failed':
      case 'refused':
        return type === 'ping' ? [] : noteFailure(em, endpoint, at);
      default:
        return [];
    }
  });
  return { status, promised };
}

/** The retry table is at its end. */
export async function giveUp(store: Store, deliveryId: string): Promise<void> {
  await store.asSystem((em) =>
    em.nativeUpdate(
      WebhookDelivery,
      { id: deliveryId, status: 'RETRYING' },
      { status: 'FAILED', updatedAt: new Date() },
    ),
  );
}

/** Whoever asked for a ping waits for it, and asks again if he likes. */
function statusAfter({ outcome }: AttemptAnswer, isPing: boolean): 'SUCCESS' | 'RETRYING' | 'FAILED' {
  if (outcome === 'accepted') return 'SUCCESS';
  return outcome === 'gone' || outcome === 'skipped' || isPing ? 'FAILED' : 'RETRYING';
}

async function noteFailure(em: EntityManager, endpoint: WebhookEndpoint, at: Date): Promise<string[]> {
  const { id, failingSince } = endpoint;
  if (!failingSince) {
    await em.nativeUpdate(WebhookEndpoint, { id, failingSince: null }, { failingSince: at });
    return [];
  }
  return at.getTime() - failingSince.getTime() < PATIENCE_MS ? [] : switchOff(em, endpoint, 'FAILING');
}

async function switchOff(em: EntityManager, endpoint: WebhookEndpoint, reason: DisabledReason): Promise<string[]> {
  const { id, failingSince = null } = endpoint;
  // For its five days, it must not have succeeded while this attempt ran.
  const still = reason === 'FAILING' ? { failingSince } : {};
  const switched = await em.nativeUpdate(
    WebhookEndpoint,
    { id, active: true, ...still },
    { active: false, updatedAt: new Date() },
  );
  return switched === 0 ? [] : notifyEndpointDisabled(em, endpoint, reason);
}
