import { z } from 'zod';
import { MAX_LOGO_BYTES } from '../domain/tenants/logo.ts';
import type { FileField } from './route.ts';

/** One line of text, as SRI's schemas take it: the document's checks say the rest. */
const LINE = /^[!-~\u0080-\ufffd](?:[ -~\u0080-\ufffd]*[!-~\u0080-\ufffd])?$/;

/** Text of one line, 1 to `max` characters. */
export function line(max: number) {
  return z
    .string()
    .min(1, { abort: true })
    .max(max)
    .regex(LINE, 'must not contain line breaks or control characters, nor begin or end with a space');
}

/** A decimal in a string, with so many digits before and up to so many after the point. */
export function decimal(integers: number, decimals: number) {
  const example = `10.${'3512345'.slice(0, Math.min(decimals, 2))}`;
  const form = `must be a decimal in a string, such as "${example}", with up to ${integers} digits and ${decimals} decimals`;
  return z
    .string({ error: ({ input }) => decimalProblem(input, form) })
    .regex(new RegExp(`^\\d{1,${integers}}(?:\\.\\d{1,${decimals}})?$`), form);
}

function decimalProblem(input: unknown, form: string): string {
  if (input === undefined) return 'is required';
  return typeof input === 'number' ? `${form}: a JSON number is a binary fraction and may lose cents on its way` : form;
}

/** So many digits. */
export function digits(count: number) {
  return z.string().regex(new RegExp(`^\\d{${count}}$`), `must be ${count} digits`);
}

/** What stands before the @ has 64 characters at most (RFC 5321, section 4.5.3.1.1). */
export const email = () =>
  z
    .email()
    .max(320)
    .refine((text) => text.indexOf('@') <= 64, 'must have 64 characters at most before the @');

/** A day of this century: of every month, of all but February, of the long months, of leap years. */
const DAY = new RegExp(
  `^(?:${[
    '(?:0[1-9]|1\\d|2[0-8])/(?:0[1-9]|1[0-2])/20\\d\\d',
    '(?:29|30)/(?:0[13-9]|1[0-2])/20\\d\\d',
    '31/(?:0[13578]|1[02])/20\\d\\d',
    '29/02/20(?:[02468][048]|[13579][26])',
  ].join('|')})$`,
);

/** `DD/MM/YYYY`. */
export const taxDate = () => z.string().regex(DAY, 'must be a day of the calendar, DD/MM/YYYY');

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
  description: 'Picture for the printed form: PNG, JPEG or GIF, up to 500 kB.',
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
