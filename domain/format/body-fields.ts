import { z } from 'zod';

/**
 * One line of text, as SRI's schemas take it: the document's checks say the rest. By what may not be there, so that it
 * means the same to who reads a letter beyond the first plane as one character, as JSON Schema does, and as two.
 */
const NONE = '\\ufffe\\uffff\\u0000-\\u001f\\u007f';
const LINE = new RegExp(`^[^ ${NONE}](?:[^${NONE}]*[^ ${NONE}])?$`);

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

/**
 * A domain's labels begin and end with a letter or a digit (RFC 1035, section 2.3.1); two hyphens in the third place are
 * those of names in other scripts, `xn--` (RFC 5891, section 4.2.3.1).
 */
const LABEL = '(?!(?![Xx][Nn])[A-Za-z0-9]{2}--)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^(?!\\.)(?!.*\\.\\.)[A-Za-z0-9_'+.-]*[A-Za-z0-9_+-]@(?:${LABEL}\\.)+[A-Za-z]{2,}$`);

/** 254 characters at most, 64 of them before the @ (RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3). */
export const email = () =>
  z
    .email({ pattern: ADDRESS })
    .max(254)
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
