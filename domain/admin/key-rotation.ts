import { keyIdOf, type Sealer } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';
import { type Act, audit } from './audit.ts';
import { SEALED_COLUMNS, type SealedColumn, type SealedKind } from './sealed-columns.ts';

/** How many values are sealed anew at a time. */
const PORTION = 500;

/** Writes down that a rotation was asked for. */
export async function noteRotation(store: Store, act: Act, to: string): Promise<void> {
  await store.asSystem(async (em) => audit(em, act, { action: 'encryption-keys.rotate', detail: { to } }));
}

export interface SealedCount {
  kind: SealedKind;
  /** Empty when a value does not look like a sealed one. */
  keyId: string;
  values: number;
}

/** How many values are sealed under which key. */
export async function countSealed(store: Store): Promise<SealedCount[]> {
  const columns = SEALED_COLUMNS.map(
    ({ kind, table, column }) =>
      `select '${kind}' as kind, ${keyIdSql(column)} as key_id from "${table}" where "${column}" is not null`,
  );
  return store.lookUp<SealedCount>(
    `select kind, key_id as "keyId", count(*)::int as values from (${columns.join(' union all ')}) as sealed
     group by kind, key_id order by kind, key_id`,
    [],
  );
}

/** Ids of the keys that values are sealed under and that are not ours: nothing opens these. */
export async function missingKeys(store: Store, sealer: Sealer): Promise<string[]> {
  const used = new Set((await countSealed(store)).map(({ keyId }) => keyId));
  return [...used].filter((id) => !sealer.ids.includes(id));
}

/** A value that does not open, although its key is configured. */
export interface Unreadable {
  kind: SealedKind;
  keyId: string;
  /** Of its row, where that is its id alone. */
  id: string | undefined;
}

/**
 * Seals values anew under the current key, those that another of ours opens. Each is one statement that changes it only
 * if it still is what was read, so nobody waits, and whoever writes at the same time wins.
 * @returns how many; 0 when there is nothing left that can be
 */
export async function resealSome(
  store: Store,
  sealer: Sealer,
  onUnreadable: (value: Unreadable) => void,
): Promise<number> {
  const others = sealer.ids.filter((id) => id !== sealer.currentId);
  if (others.length === 0) return 0;
  let resealed = 0;
  for (const column of SEALED_COLUMNS) {
    for (const value of await sealedUnder(store, column, others, PORTION - resealed)) {
      const fresh = sealedAnew(sealer, column, value);
      if (fresh === undefined) onUnreadable({ kind: column.kind, keyId: keyIdOf(value.sealed), id: value.row['id'] });
      else if (await replace(store, column, value, fresh)) resealed++;
    }
    if (resealed === PORTION) break;
  }
  return resealed;
}

interface SealedValue {
  /** Its primary key. */
  row: Record<string, string>;
  sealed: Buffer;
}

function sealedUnder(
  store: Store,
  { table, column, primaryKey }: SealedColumn,
  keyIds: readonly string[],
  limit: number,
): Promise<SealedValue[]> {
  const row = primaryKey.map((name) => `'${name}', "${name}"`).join(', ');
  return store.lookUp<SealedValue>(
    `select json_build_object(${row}) as row, "${column}" as sealed from "${table}"
     where "${column}" is not null and ${keyIdSql(column)} in (${keyIds.map(() => '?').join(', ')}) limit ?`,
    [...keyIds, limit],
  );
}

function sealedAnew(sealer: Sealer, { contextOf }: SealedColumn, { row, sealed }: SealedValue): Buffer | undefined {
  try {
    return sealer.reseal(sealed, contextOf(row));
  } catch {
    return undefined;
  }
}

async function replace(
  store: Store,
  { table, column, primaryKey }: SealedColumn,
  { row, sealed }: SealedValue,
  fresh: Buffer,
): Promise<boolean> {
  const where = [...primaryKey, column].map((name) => `"${name}" = ?`).join(' and ');
  const changed = await store.lookUp(`update "${table}" set "${column}" = ? where ${where} returning 1`, [
    fresh,
    ...primaryKey.map((name) => row[name]),
    sealed,
  ]);
  return changed.length > 0;
}

/** The id in the header of a sealed value (see ../store/sealing.ts); of letters, digits, `_` and `-`, as all are. */
function keyIdSql(column: string): string {
  return `case when length("${column}") < 2 then ''
    else encode(substring("${column}" from 3 for get_byte("${column}", 1)), 'escape') end`;
}
