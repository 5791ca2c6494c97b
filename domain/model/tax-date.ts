/** Ecuador's mainland is five hours behind UTC all year: a tax date changes at 05:00 UTC. */
const GUAYAQUIL_OFFSET_MS = -5 * 3_600_000;

/** The date in America/Guayaquil, `DD/MM/YYYY`. */
export function taxDateOf(instant: Date): string {
  const [year, month, day] = new Date(instant.getTime() + GUAYAQUIL_OFFSET_MS).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year}`;
}

/** The instant with Ecuador's offset, `2026-11-25T10:20:30-05:00`. */
export function guayaquilTime(instant: Date): string {
  return `${new Date(instant.getTime() + GUAYAQUIL_OFFSET_MS).toISOString().slice(0, 19)}-05:00`;
}

/** A day of the calendar written `DD/MM/YYYY`, in this century: SRI's schemas know no other. */
export function isTaxDate(text: string): boolean {
  const match = /^(\d{2})\/(\d{2})\/(20\d{2})$/.exec(text);
  if (match === null) return false;
  const iso = `${match[3]}-${match[2]}-${match[1]}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

/** `DD/MM/YYYY` → `YYYY-MM-DD`, which sorts. */
export function isoDateOf(taxDate: string): string {
  const [day, month, year] = taxDate.split('/');
  return `${year}-${month}-${day}`;
}

/** `YYYY-MM-DD` → `DD/MM/YYYY`. */
export function taxDateOfIso(iso: string): string {
  const [year, month, day] = iso.split('-');
  return `${day}/${month}/${year}`;
}
