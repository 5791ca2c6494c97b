/** Ecuador's mainland: UTC−5 all year. */
const OFFSET_MS = 5 * 3_600_000;

/** `2026-11-25T10:20:30-05:00` */
export function guayaquilTime(instant: number): string {
  return `${new Date(instant - OFFSET_MS).toISOString().slice(0, 19)}-05:00`;
}

/** Days between the epoch and the day it is in Ecuador at that instant. */
export function guayaquilDay(instant: number): number {
  return Math.floor((instant - OFFSET_MS) / 86_400_000);
}

/** Days between the epoch and a `dd/mm/yyyy` of the calendar; none for a day that does not exist. */
export function dayOf(date: string): number | undefined {
  const [day = 0, month = 0, year = 0] = date.split('/').map(Number);
  const instant = new Date(Date.UTC(year, month - 1, day));
  return instant.getUTCDate() === day && instant.getUTCMonth() === month - 1
    ? instant.getTime() / 86_400_000
    : undefined;
}
