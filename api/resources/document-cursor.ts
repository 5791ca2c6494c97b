import { z } from 'zod';
import { type DocumentOrder, SORT_KEYS, type SortKey } from '../../domain/documents/list-order.ts';
import { isTaxDate, taxDateOfIso } from '../../domain/model/tax-date.ts';

const text = z
  .string()
  .max(1_000)
  .refine((value) => !value.includes('\0'));

/** What a caller may hand back without upsetting the database. */
const VALUES: Record<SortKey, z.ZodType<string>> = {
  id: z.uuid(),
  issueDate: z.iso.date().refine((iso) => isTaxDate(taxDateOfIso(iso))),
  documentType: text,
  sequential: text,
  buyerSearch: text,
  status: text,
};

/** A position as text for the caller. It names its order, since in another one it would be another place. */
export function cursorOf(order: DocumentOrder, position: readonly string[]): string {
  return Buffer.from(JSON.stringify([order.by, order.direction, ...position])).toString('base64url');
}

/** The position that a cursor was made of, or undefined if it is none of this order. */
export function positionIn(cursor: string, { by, direction }: DocumentOrder): string[] | undefined {
  const known = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(known) || known[0] !== by || known[1] !== direction) return undefined;
  const position = z.tuple(SORT_KEYS[by].map((key) => VALUES[key]) as [z.ZodType<string>]).safeParse(known.slice(2));
  return position.success ? position.data : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
