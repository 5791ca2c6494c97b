import type { FieldProblem } from './model/document.ts';

/** Stable codes of what the business refuses; the HTTP edge gives each its status. Codes are never reused. */
export type RefusalCode =
  | 'VALIDATION_FAILED'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_PASSWORD_INVALID'
  | 'CERTIFICATE_KEY_NOT_FOUND'
  | 'CERTIFICATE_EXPIRED'
  | 'INVALID_OR_EXPIRED_TOKEN'
  | 'DOCUMENT_TYPE_NOT_ENABLED'
  | 'DOCUMENT_TYPE_NOT_SUPPORTED'
  | 'INVALID_STATE_TRANSITION'
  | 'DOCUMENT_NOT_AUTHORIZED'
  | 'QUOTA_EXCEEDED'
  | 'WEBHOOK_ENDPOINT_LIMIT_REACHED'
  | 'ACCOUNT_SUSPENDED'
  | 'ISSUER_FORBIDDEN'
  | 'ISSUER_NOT_FOUND'
  | 'NOT_FOUND'
  | 'CONFLICT';

/** The business refuses a request: nothing was changed and no number was used. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly problems: readonly FieldProblem[];

  constructor(code: RefusalCode, detail: string, problems: readonly FieldProblem[] = []) {
    super(detail);
    this.code = code;
    this.problems = problems;
  }
}
