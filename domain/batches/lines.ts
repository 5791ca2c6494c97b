import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { canonicalHash } from '../canonical-json.ts';
import type { CreateInput } from '../documents/create.ts';
import { refuseUnknownType } from '../documents/write.ts';
import { DocumentIn, IdempotencyKeyText, requestOf } from '../format/document-request.ts';
import { Refusal, refusalOf } from '../refusal.ts';
import { validate } from '../validate.ts';

/** How many lines one batch takes. */
export const MAX_LINES = 10_000;
/** As much as a request for a single document may have. */
const MAX_LINE_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const LINE_FEED = 0x0a;

/** What a line may say beside its document. */
const Beside = z.object({ idempotencyKey: IdempotencyKeyText.exactOptional() });

/**
 * The lines of a batch, as they came; the last one may end with a line feed.
 * @throws Refusal BAD_REQUEST when the text is not UTF-8, VALIDATION_FAILED when there are no lines or too many
 */
export function splitLines(text: Buffer): Buffer[] {
  if (!isUtf8(text)) throw new Refusal('BAD_REQUEST', 'The lines must be UTF-8.');
  const lines: Buffer[] = [];
  let from = text.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  while (from < text.length) {
    if (lines.length === MAX_LINES)
      throw refusalOf([{ field: 'general', message: `must have at most ${MAX_LINES} lines` }]);
    const feed = text.indexOf(LINE_FEED, from);
    const end = feed === -1 ? text.length : feed;
    lines.push(text.subarray(from, end));
    from = end + 1;
  }
  if (lines.length === 0) throw refusalOf([{ field: 'general', message: 'must have at least one line' }]);
  return lines;
}

/**
 * A line as the request for a document that it is, with `idempotencyKey` in place of the header.
 * @throws Refusal PAYLOAD_TOO_LARGE, BAD_REQUEST, DOCUMENT_TYPE_NOT_SUPPORTED, VALIDATION_FAILED
 */
export function readLine(line: Buffer): CreateInput {
  if (line.length > MAX_LINE_BYTES) throw new Refusal('PAYLOAD_TOO_LARGE', 'The line is larger than 1 MB.');
  const [beside, body] = apart(parse(line.toString()));
  refuseUnknownType(body);
  const document = validate(DocumentIn, body);
  const named = validate(Beside, beside);
  if (!('data' in document) || !('data' in named)) {
    throw refusalOf([document, named].flatMap((result) => ('problems' in result ? result.problems : [])));
  }
  return { ...requestOf(document.data), ...named.data, bodyHash: canonicalHash(body) };
}

/** @throws Refusal BAD_REQUEST */
function parse(text: string): unknown {
  if (text.trim() === '') throw new Refusal('BAD_REQUEST', 'The line is empty.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal('BAD_REQUEST', 'The line is not JSON.');
  }
}

/** The document is hashed without the key, so that the same request by itself is the same request. */
function apart(line: unknown): [object, unknown] {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return [{}, line];
  const { idempotencyKey, ...body } = line as { idempotencyKey?: unknown };
  return ['idempotencyKey' in line ? { idempotencyKey } : {}, body];
}
