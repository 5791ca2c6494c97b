import type { FieldProblem } from '../domain/model/document.ts';
import type { RefusalCode } from '../domain/refusal.ts';
import type { CertificateErrorCode } from '../domain/signing/certificate-error.ts';

interface ProblemKind {
  status: number;
  /** Last part of the problem's `type`. */
  slug: string;
  title: string;
}

const kind = (status: number, slug: string, title: string): ProblemKind => ({ status, slug, title });

const badRequest = (title: string) => kind(400, 'bad-request', title);
const paymentRequired = (title: string) => kind(402, 'payment-required', title);
const forbidden = (title: string) => kind(403, 'forbidden', title);
const notFound = (title: string) => kind(404, 'not-found', title);
const unavailable = (title: string) => kind(503, 'service-unavailable', title);

/** Every error that this API answers. A code keeps its meaning for ever and is never used again for another. */
export const PROBLEMS = {
  VALIDATION_FAILED: kind(400, 'validation-error', 'Validation failed'),
  BAD_REQUEST: badRequest('Bad request'),
  ISSUER_ID_REQUIRED: badRequest('The X-Issuer-Id header is missing'),
  ISSUER_ID_INVALID: badRequest('The X-Issuer-Id header is not an id'),
  CERTIFICATE_INVALID: badRequest('The certificate cannot be used'),
  CERTIFICATE_PASSWORD_INVALID: badRequest('The password does not open the certificate'),
  CERTIFICATE_KEY_NOT_FOUND: badRequest('The certificate file has no private key'),
  CERTIFICATE_EXPIRED: badRequest('The certificate is not valid now'),
  INVALID_OR_EXPIRED_TOKEN: badRequest('The token is not valid or has expired'),
  DOCUMENT_TYPE_NOT_SUPPORTED: badRequest('The document type is not supported'),
  DOCUMENT_TYPE_NOT_ENABLED: badRequest('The document type is not enabled for the issuer'),
  INVALID_STATE_TRANSITION: badRequest('The status of the document does not allow it'),
  DOCUMENT_NOT_AUTHORIZED: badRequest('The document is not authorized'),
  UNAUTHORIZED: kind(401, 'unauthorized', 'The API key is missing or not valid'),
  API_KEY_ENV_MISMATCH: kind(401, 'unauthorized', 'The API key is of another environment'),
  QUOTA_EXCEEDED: paymentRequired('The document quota is used up'),
  WEBHOOK_ENDPOINT_LIMIT_REACHED: paymentRequired('The plan allows no more webhook endpoints'),
  ACCOUNT_SUSPENDED: forbidden('The account is suspended'),
  ISSUER_FORBIDDEN: forbidden('The issuer belongs to another account'),
  NOT_FOUND: notFound('Not found'),
  ISSUER_NOT_FOUND: notFound('The issuer does not exist'),
  METHOD_NOT_ALLOWED: kind(405, 'method-not-allowed', 'Method not allowed'),
  NOT_ACCEPTABLE: kind(406, 'not-acceptable', 'Not acceptable'),
  CONFLICT: kind(409, 'conflict', 'Conflict'),
  PAYLOAD_TOO_LARGE: kind(413, 'payload-too-large', 'The request is too large'),
  UNSUPPORTED_MEDIA_TYPE: kind(415, 'unsupported-media-type', 'Unsupported media type'),
  INTERNAL_ERROR: kind(500, 'internal-error', 'Internal error'),
  SERVICE_UNAVAILABLE: unavailable('The service is not available now'),
  RIDE_NOT_READY: unavailable('The printed form is not ready yet'),
} satisfies Record<RefusalCode | CertificateErrorCode, ProblemKind> & Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What belongs to a problem beside its code; nothing in it may be a secret. */
export interface ProblemOptions {
  detail?: string;
  problems?: readonly FieldProblem[];
  headers?: Record<string, string>;
}

/** The HTTP edge refuses a request; the business refuses with `Refusal`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly problems: readonly FieldProblem[];
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, { detail, problems = [], headers = {} }: ProblemOptions = {}) {
    super(detail ?? PROBLEMS[code].title);
    this.code = code;
    this.detail = detail;
    this.problems = problems;
    this.headers = headers;
  }
}

/** The body of `application/problem+json` (RFC 9457). */
export function problemBody(problem: Problem, { publicUrl, instance }: { publicUrl: string; instance: string }) {
  const { status, slug, title } = PROBLEMS[problem.code];
  const errors = problem.problems.map(({ field, message, value }) => ({
    field,
    message,
    code: codeOf(field),
    ...(value === undefined ? {} : { value }),
  }));
  return {
    type: `${publicUrl}/problems/${slug}`,
    title,
    status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    instance,
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** `items[0].taxes[1].code` → `items.taxes.code`. */
function codeOf(field: string): string {
  return field.replaceAll(/\[\d+\]/g, '');
}
