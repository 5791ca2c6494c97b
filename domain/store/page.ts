import type { EntityClass, EntityManager, FilterQuery } from '@mikro-orm/postgresql';

/** Which part of a list. */
export interface Page {
  limit: number;
  /** Id of the last row of the page before; the first page has none. */
  cursor?: string | undefined;
}

export interface PageOf<T> {
  rows: T[];
  /** What asks for the next page; null when this is the last. */
  nextCursor: string | null;
}

/** One page of a table, newest first: ids are ordered by time. */
export async function pageOf<T extends { id: string }>(
  em: EntityManager,
  entity: EntityClass<T>,
  where: FilterQuery<T>,
  { limit, cursor }: Page,
): Promise<PageOf<T>> {
  const before = cursor === undefined ? [] : [{ id: { $lt: cursor } }];
  const found = await em.find(entity, { $and: [where, ...before] } as FilterQuery<T>, {
    orderBy: { id: 'desc' } as never,
    limit: limit + 1,
  });
  return cut(found as T[], limit, ({ id }) => id);
}

/** The page out of one row more than it has. */
export function cut<T>(found: T[], limit: number, cursorOf: (last: T) => string): PageOf<T> {
  const rows = found.slice(0, limit);
  return { rows, nextCursor: found.length > limit ? cursorOf(rows.at(-1)!) : null };
}
