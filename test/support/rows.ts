import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityName } from '@mikro-orm/postgresql';
import { entities } from '../../domain/store/entities/index.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import type { Store } from '../../domain/store/store.ts';

/** A table whose rows belong to tenants. */
export interface OwnedTable {
  table: string;
  /** The column that says to whom. */
  owner: string;
}

/** All of them, in an order that satisfies their references. */
export function ownedTables(store: Store): OwnedTable[] {
  return entities.flatMap((entity) => {
    const { tableName, properties } = store.orm.getMetadata(entity as EntityName<object>);
    if (entity === Tenant) return [{ table: tableName, owner: 'id' }];
    return 'tenantId' in properties ? [{ table: tableName, owner: 'tenant_id' }] : [];
  });
}

interface Column {
  table: string;
  name: string;
  type: string;
  length: number | null;
  /** The table that it refers to. */
  references: string | null;
}

const NEEDED = `
  select c.table_name as table, c.column_name as name, c.udt_name as type, c.character_maximum_length as length,
    (select f.confrelid::regclass::text from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid
       and a.attnum = any(f.conkey) where f.contype = 'f' and f.conrelid = format('public.%I', c.table_name)::regclass
       and a.attname = c.column_name limit 1) as references
  from information_schema.columns c
  where c.table_schema = 'public'
    and (c.is_nullable = 'NO' and c.column_default is null or c.column_name = 'tenant_id')
  order by c.ordinal_position`;

type Row = Record<string, unknown>;

/** Makes rows of any table from what the database says of its columns, so that a table that is new is filled too. */
export async function rowMaker(
  store: Store,
): Promise<(table: string, owner: string, ids: ReadonlyMap<string, string>) => Row> {
  const columns = await store.lookUp<Column>(NEEDED, []);
  return (table, owner, ids) =>
    Object.fromEntries(
      columns
        .filter((column) => column.table === table)
        .map(({ name, type, length, references }) => {
          if (references === 'tenants' || (table === 'tenants' && name === 'id')) return [name, owner];
          return [name, references === null ? valueOf(type, length ?? 36) : ids.get(references)];
        }),
    );
}

/** Some value of a type, another each time where it can be. */
function valueOf(type: string, length: number): unknown {
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'varchar':
    case 'text':
      return randomUUID().slice(0, length);
    case 'bytea':
      return randomBytes(32);
    case 'json':
    case 'jsonb':
    case '_text':
      return '{}';
    case 'timestamptz':
    case 'date':
      return new Date();
    case 'bool':
      return false;
    case 'int4':
    case 'int8':
    case 'numeric':
      return 1;
    default:
      throw new Error(`no value of ${type} is known`);
  }
}

/** A statement that writes a row. */
export function insertOf(table: string, row: Row): [sql: string, parameters: unknown[]] {
  const names = Object.keys(row);
  const columns = names.map((name) => `"${name}"`).join(', ');
  return [`insert into "${table}" (${columns}) values (${names.map(() => '?').join(', ')})`, Object.values(row)];
}
