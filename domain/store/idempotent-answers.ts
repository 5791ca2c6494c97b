import type { Store } from './store.ts';

/** One key of one caller for one operation. */
export interface AnswerSlot {
  scope: string;
  operation: string;
  key: string;
}

/** Context under which an answer is sealed. */
export function answerSealContext({ scope, operation, key }: AnswerSlot): string {
  return `idempotent_answers:${scope}:${operation}:${key}:sealed_answer`;
}

export interface KeptAnswer {
  requestHash: Buffer;
  /** Null while the request runs, or when it ended without an answer. */
  sealedAnswer: Buffer | null;
  createdAt: Date;
}

const KEPT_MS = 24 * 3_600_000;
const SLOT = 'scope = ? and operation = ? and key = ?';

const slotOf = ({ scope, operation, key }: AnswerSlot) => [scope, operation, key];

/** Takes a slot that is free, or tells what is in it. Of those who ask at one time one gets it. */
export async function claimAnswer(
  store: Store,
  slot: AnswerSlot,
  requestHash: Buffer,
  now: Date,
): Promise<KeptAnswer | 'claimed'> {
  const claimed = await store.lookUp(
    `insert into idempotent_answers as kept (scope, operation, key, request_hash, created_at, expires_at)
     values (?, ?, ?, ?, ?, ?)
     on conflict (scope, operation, key) do update
       set request_hash = excluded.request_hash, sealed_answer = null,
           created_at = excluded.created_at, expires_at = excluded.expires_at
       where kept.expires_at <= excluded.created_at
     returning 1`,
    [...slotOf(slot), requestHash, now, new Date(now.getTime() + KEPT_MS)],
  );
  if (claimed.length > 0) return 'claimed';
  const [row] = await store.lookUp<{ request_hash: Buffer; sealed_answer: Buffer | null; created_at: string | Date }>(
    `select request_hash, sealed_answer, created_at from idempotent_answers where ${SLOT}`,
    slotOf(slot),
  );
  // Given back between the two statements: the next may have it.
  if (row === undefined) return { requestHash, sealedAnswer: null, createdAt: now };
  return { requestHash: row.request_hash, sealedAnswer: row.sealed_answer, createdAt: new Date(row.created_at) };
}

export async function keepAnswer(store: Store, slot: AnswerSlot, sealedAnswer: Buffer): Promise<void> {
  await store.lookUp(`update idempotent_answers set sealed_answer = ? where ${SLOT}`, [sealedAnswer, ...slotOf(slot)]);
}

/** For a request that was refused, and changed nothing: it may be corrected under the same key. */
export async function releaseAnswer(store: Store, slot: AnswerSlot): Promise<void> {
  await store.lookUp(`delete from idempotent_answers where ${SLOT}`, slotOf(slot));
}

/** Removes the answers whose day is over. */
export async function dropExpiredAnswers(store: Store, now: Date): Promise<void> {
  await store.lookUp('delete from idempotent_answers where expires_at <= ?', [now]);
}
