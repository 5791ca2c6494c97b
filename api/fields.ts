import { z } from 'zod';
import { isTaxDate } from '../domain/model/tax-date.ts';

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

export const email = () => z.email().max(320);

/** `DD/MM/YYYY`. */
export const taxDate = () =>
  z
    .string()
    .regex(/^\d{2}\/\d{2}\/20\d{2}$/, { error: 'must be a date, DD/MM/YYYY', abort: true })
    .refine(isTaxDate, 'must be a day of the calendar, DD/MM/YYYY');

/** An instant, as JSON has it. */
export const instant = () => z.iso.datetime().meta({ example: '2026-11-25T15:20:30.123Z' });

export const uuid = () => z.uuid().meta({ example: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12' });

export const ok = z.literal(true);
