import { ConnectionException } from '@mikro-orm/postgresql';
import multer from 'multer';
import { Refusal } from '../domain/refusal.ts';
import { ProcessUnavailable } from './document-process.ts';
import { Problem } from './problems.ts';

const RETRY_AFTER = { 'Retry-After': '5' };

/** What a caller is told of an error. One that is not known here is our own fault, whatever status it may carry. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) {
    const { code, message, problems, retryAfter } = error;
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    return new Problem(code, { detail: message, problems, headers });
  }
  if (error instanceof ProcessUnavailable) {
    return new Problem('SERVICE_UNAVAILABLE', {
      detail:
        'What was asked for is stored and goes on by itself. Repeat the request in a moment; with the same Idempotency-Key a create finds its document.',
      headers: RETRY_AFTER,
    });
  }
  if (isDatabaseDown(error)) {
    return new Problem('SERVICE_UNAVAILABLE', {
      detail:
        'The database does not answer. Repeat the request in a moment; with the same Idempotency-Key a create makes one document at most.',
      headers: RETRY_AFTER,
    });
  }
  return new Problem('INTERNAL_ERROR');
}

/** What the readers of bodies throw; their messages may quote the body, so none is passed on. */
export function problemOfBody(error: unknown): Problem {
  if (error instanceof multer.MulterError) return problemOfUpload(error);
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (type === 'entity.too.large' || status === 413)
    return new Problem('PAYLOAD_TOO_LARGE', { detail: 'The body is larger than 1 MB.' });
  if (status === 415) return new Problem('UNSUPPORTED_MEDIA_TYPE', { detail: 'The body must be JSON in UTF-8.' });
  return new Problem('BAD_REQUEST', {
    detail: 'The body cannot be read: it is not well-formed, or shorter than it says.',
  });
}

function problemOfUpload({ code, field = 'general' }: multer.MulterError): Problem {
  const detail = 'The form is not acceptable.';
  switch (code) {
    case 'LIMIT_FILE_SIZE':
    case 'LIMIT_FIELD_VALUE':
      return tooLarge(field);
    case 'LIMIT_UNEXPECTED_FILE':
      return new Problem('VALIDATION_FAILED', {
        detail,
        problems: [{ field, message: 'is not a file that this form knows' }],
      });
    default:
      return new Problem('BAD_REQUEST', { detail });
  }
}

/** A field or a file of a form is larger than it may be. */
export function tooLarge(field: string): Problem {
  return new Problem('PAYLOAD_TOO_LARGE', { problems: [{ field, message: 'is too large' }] });
}

/**
 * The server is gone or going, has lost patience with a transaction, or has no room left, on its disk or otherwise: SQLSTATE
 * classes 08, 57P and 53, 25P03, and the socket's own codes.
 */
function isDatabaseDown(error: unknown): boolean {
  if (error instanceof ConnectionException) return true;
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(08|25P03|53|57P|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE)/.test(code)) return true;
  return /timeout exceeded when trying to connect|Connection terminated/.test(error.message);
}
