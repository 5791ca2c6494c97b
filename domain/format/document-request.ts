import { z } from 'zod';
import type { DocumentBody } from '../model/document.ts';
import { taxDate } from './body-fields.ts';
import { documentTypes } from './document-types.ts';

const autoSend = z.boolean().default(false).meta({
  description:
    'Send to SRI as soon as it is signed, and hold the request, within `Prefer: wait`, until SRI has decided.',
});

/** The body of each type, with what belongs to a request beside it; `name` ends its name in the OpenAPI document. */
function anyType<Fields extends z.ZodRawShape>(name: string, fields: Fields) {
  const [first, ...rest] = documentTypes.map((row) =>
    row.body.extend(fields).meta({
      id: `${row.id}${name}`,
      description: `${row.code} ${row.name}.`,
      example: row.example,
    }),
  );
  return z.discriminatedUnion('documentType', [first!, ...rest]).meta({ id: `Document${name}` });
}

/** A document that is to be made. Amounts are decimals in strings. */
export const DocumentIn = anyType('In', {
  autoSend,
  issueDate: taxDate()
    .exactOptional()
    .meta({ description: "Today's date in Ecuador, which is the default.", example: '25/11/2026' }),
});

/** The whole document anew. */
export const RebuildIn = anyType('RebuildIn', {
  autoSend,
  issueDate: z.string().exactOptional().meta({ description: 'Ignored: a rebuild keeps the issue date.' }),
});

/** What a caller names a request by, so that its repeat is known. */
export const IdempotencyKeyText = z
  .string()
  .regex(/^[!-~](?:[ -~]{0,253}[!-~])?$/, 'must have 1 to 255 printable ASCII characters');

/** A request that has been parsed: the content of the document, and what it does with it. */
export interface DocumentRequest {
  body: DocumentBody;
  /** Send as soon as it is signed. */
  autoSend: boolean;
  /** DD/MM/YYYY. */
  issueDate?: string;
}

/** Tells the content from what belongs to the request. */
export function requestOf(parsed: z.output<typeof DocumentIn | typeof RebuildIn>): DocumentRequest {
  const { autoSend: send, issueDate, ...body } = parsed as unknown as DocumentBody & Omit<DocumentRequest, 'body'>;
  return { body, autoSend: send, ...(issueDate === undefined ? {} : { issueDate }) };
}
