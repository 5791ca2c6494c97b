import { defineEntity, p } from '@mikro-orm/core';
import { bytes, createdAt, instant } from './columns.ts';
import { systemRows } from './row-security.ts';

const RateLimitSchema = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limits',
  ...systemRows(),
  properties: {
    /** What is counted, and of whom: `writes:<key id>`. */
    key: p.string().length(255).primary(),
    points: p.integer().default(0),
    /** End of the window, milliseconds of the epoch. */
    expire: p.bigint().nullable(),
  },
});

/** Requests counted in a window, by rate-limiter-flexible, whose columns these are. Unlogged: a crash forgives. */
export class RateLimit extends RateLimitSchema.class {}
RateLimitSchema.setClass(RateLimit);

const IdempotentAnswerSchema = defineEntity({
  name: 'IdempotentAnswer',
  tableName: 'idempotent_answers',
  ...systemRows(),
  primaryKeys: ['scope', 'operation', 'key'],
  indexes: [{ properties: ['expiresAt'] }],
  properties: {
    /** Whose key it is: a tenant in an environment, the admin, or who registers. */
    scope: p.string().length(100).primary(),
    operation: p.string().length(64).primary(),
    key: p.string().length(255).primary(),
    /** SHA-256 of the request. */
    requestHash: bytes(),
    /** Sealed, since keys and secrets are shown in answers; null until there is one. */
    sealedAnswer: bytes().nullable(),
    createdAt: createdAt(),
    expiresAt: instant(),
  },
});

/** What a request with an `Idempotency-Key` was answered, for a day. */
export class IdempotentAnswer extends IdempotentAnswerSchema.class {}
IdempotentAnswerSchema.setClass(IdempotentAnswer);
