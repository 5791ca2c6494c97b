import type { FieldProblem } from '../domain/model/document.ts';
import type { RefusalCode } from '../domain/refusal.ts';
import type { Language } from '../domain/store/entities/tenant.ts';
import type { CertificateErrorCode } from '../domain/signing/certificate-error.ts';

interface ProblemKind {
  status: number;
  /** Last part of the problem's `type`. */
  slug: string;
  /** In English. */
  title: string;
  /** In Spanish. */
  titleEs: string;
}

const kind = (status: number, slug: string, title: string, titleEs: string): ProblemKind => ({
  status,
  slug,
  title,
  titleEs,
});

const badRequest = (title: string, titleEs: string) => kind(400, 'bad-request', title, titleEs);
const paymentRequired = (title: string, titleEs: string) => kind(402, 'payment-required', title, titleEs);
const forbidden = (title: string, titleEs: string) => kind(403, 'forbidden', title, titleEs);
const notFound = (title: string, titleEs: string) => kind(404, 'not-found', title, titleEs);
const unavailable = (title: string, titleEs: string) => kind(503, 'service-unavailable', title, titleEs);

/** Every error that this API answers. A code keeps its meaning for ever and is never used again for another. */
export const PROBLEMS = {
  VALIDATION_FAILED: kind(400, 'validation-error', 'Validation failed', 'La validación falló'),
  BAD_REQUEST: badRequest('Bad request', 'La solicitud no es correcta'),
  ISSUER_ID_REQUIRED: badRequest('The X-Issuer-Id header is missing', 'Falta la cabecera X-Issuer-Id'),
  ISSUER_ID_INVALID: badRequest('The X-Issuer-Id header is not an id', 'La cabecera X-Issuer-Id no es un id'),
  CERTIFICATE_INVALID: badRequest('The certificate cannot be used', 'El certificado no se puede usar'),
  CERTIFICATE_PASSWORD_INVALID: badRequest(
    'The password does not open the certificate',
    'La contraseña no abre el certificado',
  ),
  CERTIFICATE_KEY_NOT_FOUND: badRequest(
    'The certificate file has no private key',
    'El archivo del certificado no tiene clave privada',
  ),
  CERTIFICATE_EXPIRED: badRequest('The certificate is not valid now', 'El certificado no está vigente'),
  INVALID_OR_EXPIRED_TOKEN: badRequest('The token is not valid or has expired', 'El token no es válido o ha caducado'),
  DOCUMENT_TYPE_NOT_SUPPORTED: badRequest('The document type is not supported', 'El tipo de comprobante no se admite'),
  DOCUMENT_TYPE_NOT_ENABLED: badRequest(
    'The document type is not enabled for the issuer',
    'El tipo de comprobante no está habilitado para el emisor',
  ),
  INVALID_STATE_TRANSITION: badRequest(
    'The status of the document does not allow it',
    'El estado del comprobante no lo permite',
  ),
  DOCUMENT_NOT_AUTHORIZED: badRequest('The document is not authorized', 'El comprobante no está autorizado'),
  SELF_REVOCATION_FORBIDDEN: badRequest('A key cannot revoke itself', 'Una clave no puede revocarse a sí misma'),
  UNAUTHORIZED: kind(
    401,
    'unauthorized',
    'The API key is missing or not valid',
    'Falta la clave de API o no es válida',
  ),
  API_KEY_ENV_MISMATCH: kind(
    401,
    'unauthorized',
    'The API key is of another environment',
    'La clave de API es de otro ambiente',
  ),
  QUOTA_EXCEEDED: paymentRequired('The document quota is used up', 'El cupo de comprobantes está agotado'),
  BRANCH_LIMIT_REACHED: paymentRequired('The plan allows no more branches', 'El plan no admite más establecimientos'),
  ISSUE_POINT_LIMIT_REACHED: paymentRequired(
    'The plan allows no more issue points in the branch',
    'El plan no admite más puntos de emisión en el establecimiento',
  ),
  WEBHOOK_ENDPOINT_LIMIT_REACHED: paymentRequired(
    'The plan allows no more webhook endpoints',
    'El plan no admite más destinos de webhooks',
  ),
  ACCOUNT_SUSPENDED: forbidden('The account is suspended', 'La cuenta está suspendida'),
  EMAIL_VERIFICATION_REQUIRED: forbidden(
    'The e-mail address is not verified yet',
    'El correo electrónico aún no está verificado',
  ),
  PRODUCTION_KEY_REQUIRES_PROMOTION: forbidden(
    'Production keys need a promoted account',
    'Las claves de producción requieren una cuenta promovida',
  ),
  INSUFFICIENT_SCOPE: forbidden(
    'The API key is not for this operation',
    'La clave de API no sirve para esta operación',
  ),
  SCOPE_ESCALATION_FORBIDDEN: forbidden(
    'The API key would give more than it has',
    'La clave de API daría más de lo que tiene',
  ),
  ISSUER_FORBIDDEN: forbidden('The issuer belongs to another account', 'El emisor pertenece a otra cuenta'),
  NOT_FOUND: notFound('Not found', 'No existe'),
  ISSUER_NOT_FOUND: notFound('The issuer does not exist', 'El emisor no existe'),
  WEBHOOK_ENDPOINT_NOT_FOUND: notFound('The webhook endpoint does not exist', 'El destino de webhooks no existe'),
  SOURCE_ISSUER_NOT_FOUND: notFound('The issuer to copy from does not exist', 'El emisor de origen no existe'),
  METHOD_NOT_ALLOWED: kind(405, 'method-not-allowed', 'Method not allowed', 'Método no permitido'),
  NOT_ACCEPTABLE: kind(406, 'not-acceptable', 'Not acceptable', 'Formato de respuesta no disponible'),
  CONFLICT: kind(409, 'conflict', 'Conflict', 'Conflicto'),
  CREDIT_EXCEEDS_BALANCE: kind(409, 'conflict', 'The credit is larger than the balance', 'El crédito supera el saldo'),
  ALREADY_VERIFIED: kind(
    409,
    'conflict',
    'The e-mail address is verified already',
    'El correo electrónico ya está verificado',
  ),
  SEQUENTIAL_CANNOT_DECREASE: kind(
    409,
    'conflict',
    'The next number can only be raised',
    'El siguiente secuencial solo puede aumentar',
  ),
  PAYLOAD_TOO_LARGE: kind(413, 'payload-too-large', 'The request is too large', 'La solicitud es demasiado grande'),
  UNSUPPORTED_MEDIA_TYPE: kind(
    415,
    'unsupported-media-type',
    'Unsupported media type',
    'Tipo de contenido no admitido',
  ),
  HEADERS_TOO_LARGE: kind(
    431,
    'headers-too-large',
    'The address and headers are too large',
    'La dirección y las cabeceras son demasiado grandes',
  ),
  RESEND_COOLDOWN: kind(429, 'too-many-requests', 'A mail was sent a moment ago', 'Se envió un correo hace un momento'),
  TOO_MANY_REQUESTS: kind(429, 'too-many-requests', 'Too many requests', 'Demasiadas solicitudes'),
  INTERNAL_ERROR: kind(500, 'internal-error', 'Internal error', 'Error interno'),
  SERVICE_UNAVAILABLE: unavailable('The service is not available now', 'El servicio no está disponible ahora'),
  SERVER_BUSY: unavailable('Too many requests are being answered now', 'Se están atendiendo demasiadas solicitudes'),
  RIDE_NOT_READY: unavailable('The printed form is not ready yet', 'El RIDE aún no está listo'),
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

/** How a problem is told. */
export interface Telling {
  publicUrl: string;
  /** Path of the request, where one could be read. */
  instance?: string;
  language: Language;
}

/**
 * The body of `application/problem+json` (RFC 9457). What people read is in their language: the title, and how many
 * fields are wrong. What is wrong with each, and other details, are for who writes the program, in English.
 */
export function problemBody(problem: Problem, { publicUrl, instance, language }: Telling) {
  const { status, slug, title, titleEs } = PROBLEMS[problem.code];
  const detail = language === 'es' && problem.code === 'VALIDATION_FAILED' ? summaryEs(problem) : problem.detail;
  const errors = problem.problems.map(({ field, message, value }) => ({
    field,
    message,
    code: codeOf(field),
    ...(value === undefined ? {} : { value }),
  }));
  return {
    type: `${publicUrl}/problems/${slug}`,
    title: language === 'es' ? titleEs : title,
    status,
    code: problem.code,
    ...(detail === undefined ? {} : { detail }),
    ...(instance === undefined ? {} : { instance }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

function summaryEs({ problems }: Problem): string {
  return problems.length === 1 ? 'Un campo no es válido.' : `${problems.length} campos no son válidos.`;
}

/** `items[0].taxes[1].code` → `items.taxes.code`. */
function codeOf(field: string): string {
  return field.replaceAll(/\[\d+\]/g, '');
}
