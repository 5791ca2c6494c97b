import { createHash } from 'node:crypto';
import {
  type AnswerSlot,
  answerSealContext,
  claimAnswer,
  keepAnswer,
  releaseAnswer,
} from '../domain/store/idempotent-answers.ts';
import { canonicalHash } from '../domain/canonical-json.ts';
import { Problem, PROBLEMS } from './problems.ts';
import type { AnyReply, Call, Route, Services } from './route.ts';
import { problemOf } from './translate-error.ts';
import { isSecret } from '../domain/validate.ts';

/** A request that is older than this runs no more: a process that was held for its answer has given up. */
const RUNNING_MS = 90_000;

/**
 * Answers a request that carries an `Idempotency-Key` once: a repeat gets what the first was answered. A request that
 * was refused changed nothing, so its key is free again. One that broke off may have taken effect, so its key stays
 * taken: nothing is ever done twice.
 * @throws Problem CONFLICT for another request under the same key, or while the first runs, or when it broke off
 */
export async function answerOnce(row: Route, call: Call, key: string): Promise<AnyReply> {
  const { store, sealer, clock } = call.services.tenants;
  const slot = { scope: scopeOf(row, call), operation: row.operationId, key };
  const requestHash = hashOf(call);
  const kept = await claimAnswer(store, slot, requestHash, clock());
  if (kept === 'claimed') return answerFirst(row, call, slot);
  if (!kept.requestHash.equals(requestHash)) {
    throw new Problem('CONFLICT', { detail: 'This Idempotency-Key belongs to another request.' });
  }
  if (kept.sealedAnswer === null) throw unanswered(clock().getTime() - kept.createdAt.getTime() < RUNNING_MS);
  const answer = JSON.parse(sealer.open(kept.sealedAnswer, answerSealContext(slot)).toString()) as AnyReply;
  return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } };
}

async function answerFirst(row: Route, call: Call, slot: AnswerSlot): Promise<AnyReply> {
  const { store, sealer } = call.services.tenants;
  let answer;
  try {
    answer = await row.handle(call);
  } catch (error) {
    if (PROBLEMS[problemOf(error).code].status < 500) await release(call.services, slot);
    throw error;
  }
  await keepAnswer(store, slot, sealer.seal(Buffer.from(JSON.stringify(answer)), answerSealContext(slot)));
  return answer;
}

/** What the caller is told matters more than that the key is free again. */
async function release({ tenants, warn }: Services, slot: AnswerSlot): Promise<void> {
  await releaseAnswer(tenants.store, slot).catch((error) => warn('an Idempotency-Key could not be given back', error));
}

function unanswered(running: boolean): Problem {
  return running
    ? new Problem('CONFLICT', {
        detail: 'A request with this Idempotency-Key is running. Repeat this one in a moment for its answer.',
        headers: { 'Retry-After': '1' },
      })
    : new Problem('CONFLICT', {
        detail:
          'An earlier request with this Idempotency-Key broke off, and may have taken effect. Look whether it did before another is sent, with another key.',
      });
}

function scopeOf({ auth }: Route, { caller, body }: Call): string {
  if (caller !== undefined) return `${caller.environment} ${caller.tenantId}`;
  if (auth === 'admin') return 'admin';
  // Who registers is nobody yet, but has an address.
  const { email } = body as { email: string };
  return `email ${createHash('sha256').update(email.toLowerCase()).digest('hex')}`;
}

/** A hash of a password would be one to guess it by. */
function hashOf({ params, query, rawBody, files, caller, scope }: Call): Buffer {
  const fields =
    typeof rawBody === 'object' && rawBody !== null && !Array.isArray(rawBody)
      ? Object.fromEntries(Object.entries(rawBody).filter(([name]) => !isSecret(name)))
      : rawBody;
  const sums = Object.entries(files).map(([name, file]) => [
    name,
    file && createHash('sha256').update(file.bytes).digest('hex'),
  ]);
  // An answer that shows a key is not for one that may do less than the one that asked.
  const scopes = caller?.scopes ?? undefined;
  return canonicalHash({ params, query, fields, files: Object.fromEntries(sums), issuer: scope?.issuerId, scopes });
}
