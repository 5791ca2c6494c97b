import type { FieldProblem } from './model/document.ts';

/** Stable codes of what the business refuses; the HTTP edge gives each its status. Codes are never reused. */
export type RefusalCode =
  | 'VALIDATION_FAILED'
  | 'BAD_REQUEST'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_PASSWORD_INVALID'
  | 'CERTIFICATE_KEY_NOT_FOUND'
  | 'CERTIFICATE_EXPIRED'
  | 'INVALID_OR_EXPIRED_TOKEN'
  | 'DOCUMENT_TYPE_NOT_ENABLED'
  | 'DOCUMENT_TYPE_NOT_SUPPORTED'
  | 'INVALID_STATE_TRANSITION'
  | 'DOCUMENT_NOT_AUTHORIZED'
  | 'SELF_REVOCATION_FORBIDDEN'
  | 'QUOTA_EXCEEDED'
  | 'BRANCH_LIMIT_REACHED'
  | 'ISSUE_POINT_LIMIT_REACHED'
  | 'WEBHOOK_ENDPOINT_LIMIT_REACHED'
  | 'WEBHOOK_ENDPOINT_NOT_FOUND'
  | 'ACCOUNT_SUSPENDED'
  | 'PRODUCTION_KEY_REQUIRES_PROMOTION'
  | 'SCOPE_ESCALATION_FORBIDDEN'
  | 'EMAIL_VERIFICATION_REQUIRED'
  | 'ISSUER_FORBIDDEN'
  | 'ISSUER_NOT_FOUND'
  | 'SOURCE_ISSUER_NOT_FOUND'
  | 'NOT_FOUND'
  | 'ALREADY_VERIFIED'
  | 'RESEND_COOLDOWN'
  | 'CONFLICT'
  | 'SEQUENTIAL_CANNOT_DECREASE'
  | 'CREDIT_EXCEEDS_BALANCE'
  | 'TOO_MANY_REQUESTS'
  | 'PAYLOAD_TOO_LARGE';

/** The business refuses a request: nothing was changed and no number was used. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly problems: readonly FieldProblem[];
  /** Seconds after which the same request may be accepted. */
  readonly retryAfter: number | undefined;

  constructor(code: RefusalCode, detail: string, problems: readonly FieldProblem[] = [], retryAfter?: number) {
    super(detail);
    this.code = code;
    this.problems = problems;
    this.retryAfter = retryAfter;
  }
}

/** Refuses a request for each field that breaks a rule. */
export function refusalOf(problems: readonly FieldProblem[]): Refusal {
  const fields = problems.length === 1 ? 'One field is' : `${problems.length} fields are`;
  return new Refusal('VALIDATION_FAILED', `${fields} not acceptable.`, problems);
}
