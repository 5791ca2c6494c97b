import { isoDateOf } from './tax-date.ts';

/** A row of a catalogue; `since` and `until` are YYYY-MM-DD, both included. Source: ficha técnica 2.34 unless said. */
export interface CatalogueRow {
  code: string;
  name: string;
  since?: string;
  until?: string;
}

/** The rows that hold on a tax date (DD/MM/YYYY). */
export function validOn<Row extends CatalogueRow>(rows: readonly Row[], taxDate: string): Row[] {
  const day = isoDateOf(taxDate);
  return rows.filter(
    ({ since, until }) => (since === undefined || since <= day) && (until === undefined || day <= until),
  );
}

/** `undefined`, or which codes are valid on that date. */
export function codeProblem(rows: readonly CatalogueRow[], code: string, taxDate: string): string | undefined {
  const valid = validOn(rows, taxDate);
  if (valid.some((row) => row.code === code)) return undefined;
  const named = nearest(valid, code).map((row) => `${row.code} (${row.name})`);
  const more = valid.length - named.length;
  return `must be one of ${named.join(', ')}${more === 0 ? '' : `, or of ${more} more: GET /v1/catalogs lists them`}`;
}

/** A sentence takes so many. */
const NAMED = 30;

/** All of a short catalogue; of a long one those whose codes begin as the wrong one does. */
function nearest<Row extends CatalogueRow>(rows: readonly Row[], code: string): readonly Row[] {
  if (rows.length <= NAMED) return rows;
  const alike = rows.filter((row) => code !== '' && row.code.startsWith(code.slice(0, 2)));
  return (alike.length > 0 ? alike : rows).slice(0, NAMED);
}
