import { IdempotencyKeyText } from '../domain/format/document-request.ts';

/** `Idempotency-Key` as a header of an operation. */
export const idempotencyKey = IdempotencyKeyText.optional();

/** Of the operations whose answer is kept for whoever asks again; a document keeps its key for ever. */
export const idempotencyHeader = {
  'Idempotency-Key': idempotencyKey.meta({
    description:
      'Makes a repetition safe: within a day the same key answers what the first request was answered, with `Idempotent-Replayed: true`. With another request it answers `409`.',
    example: 'b6a1c1de-5d0f-4c8e-9f0a-2f4c7b0e7a11',
  }),
};
