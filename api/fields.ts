import { z } from 'zod';
import { MAX_LOGO_BYTES } from '../domain/tenants/logo.ts';
import type { FileField } from './route.ts';

export { decimal, digits, email, line, taxDate } from '../domain/format/body-fields.ts';

/** An instant, as JSON has it. */
export const instant = () => z.iso.datetime().meta({ example: '2026-11-25T15:20:30.123Z' });

/** In lower case, as ours are written and compared. */
export const uuid = () => z.uuid().toLowerCase().meta({ example: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12' });

export const ok = z.literal(true);

/** Files that are sold have 3 to 20 kB. */
export const p12File: FileField = {
  description: 'Signing certificate, P12, up to 256 kB.',
  maxBytes: 256 * 1024,
};

export const certPassword = z
  .string()
  .max(1_000)
  .default('')
  .meta({ description: 'Password of the P12 file. It is used once and not kept.' });

export const logoFile: FileField = {
  description: 'Picture for the printed form: PNG, JPEG or GIF, up to 500 kB and 4,000 pixels a side.',
  maxBytes: MAX_LOGO_BYTES,
};

/** In a form, what is not text is JSON in one field. */
export function jsonText<S extends z.ZodType>(schema: S, example: string) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: `must be JSON, such as ${example}` });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .meta({ example });
}

/** The types that an issuer is enabled for, each once. */
export const documentTypeList = jsonText(z.array(z.string()).min(1).max(10), '["01"]')
  .transform((codes) => [...new Set(codes)])
  .prefault('["01"]')
  .meta({ description: 'JSON list of SRI codes, in one field.', example: '["01"]' });

/** Which page of a list, and how long a page is. */
export const pageQuery = (defaultLimit: number) => ({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(100).default(defaultLimit),
});

/** The same for a list that is gone through by cursor. */
export const cursorQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: uuid().exactOptional().meta({ description: 'The `nextCursor` of the page before.' }),
};

export const cursorPagination = z.object({
  limit: z.int(),
  nextCursor: z.string().nullable().meta({ description: 'Of the next page, if there is one.' }),
});

export const pagination = z.object({ total: z.int(), page: z.int(), limit: z.int() });
