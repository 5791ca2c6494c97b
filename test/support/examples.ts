import { taxDateOf } from '../../domain/model/tax-date.ts';

const DAY_MS = 86_400_000;

/** An example of the documentation, which is of 25 November 2026, as of another day. */
export function exampleOf<T extends object>(example: T, day = new Date()): T {
  const after = (days: number) => taxDateOf(new Date(day.getTime() + days * DAY_MS));
  const text = JSON.stringify(example)
    .replaceAll('20/11/2026', after(-1))
    .replaceAll('25/11/2026', after(0))
    .replaceAll('26/11/2026', after(1))
    .replaceAll('"11/2026"', `"${after(0).slice(3)}"`);
  return JSON.parse(text) as T;
}
