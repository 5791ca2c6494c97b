import { type AnswerSlot, answerSealContext } from '../store/idempotent-answers.ts';
import { signingKeyContext } from '../store/signing-key.ts';
import { mailSealContext } from '../tenants/verification.ts';
import { webhookSecretContext } from '../webhooks/secret.ts';

/** What is sealed, as operators know it. */
export type SealedKind = 'certificates' | 'webhookSecrets' | 'mails' | 'answers';

export interface SealedColumn {
  kind: SealedKind;
  table: string;
  column: string;
  /** Columns of the primary key. */
  primaryKey: readonly string[];
  /** What the value of a row is sealed for. */
  contextOf: (row: Readonly<Record<string, string>>) => string;
}

const byId = (kind: SealedKind, table: string, column: string, contextOf: (id: string) => string): SealedColumn => ({
  kind,
  table,
  column,
  primaryKey: ['id'],
  contextOf: ({ id }) => contextOf(id!),
});

/**
 * Every column with values of `Sealer`. The secret that an endpoint had before comes after the one that it has: whoever
 * moves one to the other while they are gone through moves it to where it is still looked for.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  byId('certificates', 'certificates', 'sealed_key', signingKeyContext),
  byId('webhookSecrets', 'webhook_endpoints', 'sealed_secret', webhookSecretContext),
  byId('webhookSecrets', 'webhook_endpoints', 'previous_sealed_secret', webhookSecretContext),
  byId('mails', 'mails', 'sealed_content', mailSealContext),
  {
    kind: 'answers',
    table: 'idempotent_answers',
    column: 'sealed_answer',
    primaryKey: ['scope', 'operation', 'key'],
    contextOf: (row) => answerSealContext(row as unknown as AnswerSlot),
  },
];
