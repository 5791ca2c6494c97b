// Runs the migrations on an empty database, up, down and up again, and holds what they make against the entities: the
// schema as MikroORM compares it, and what it does not compare, the rights of the two roles.
// The server is a temporary one, or that of DATABASE_URL, where a database of its own comes and goes.
import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { SYSTEM_ROLE, TENANT_ROLE } from '../domain/store/entities/row-security.ts';
import { ormOptions } from '../domain/store/store.ts';
import { startTemporaryPostgres } from './embedded-postgres.ts';

// A list of privileges asks for any of them, hence one by one.
const USABLE = [TENANT_ROLE, SYSTEM_ROLE].flatMap((role) =>
  ['select', 'insert'].map((right) => `has_table_privilege('${role}', oid, '${right}')`),
);
const TABLES = `select relname as name, relrowsecurity and relforcerowsecurity as secured,
    pg_get_userbyid(relowner) as owner, ${USABLE.join(' and ')} as usable
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'`;
const ROLES = `select rolname as name from pg_roles
  where rolname in ('${TENANT_ROLE}', '${SYSTEM_ROLE}') and (rolsuper or rolbypassrls or rolcanlogin)`;
const FUNCTIONS = `select proname as name from pg_proc where pronamespace = 'public'::regnamespace`;

interface Table {
  name: string;
  secured: boolean;
  owner: string;
  usable: boolean;
}

/** Checks an empty database. Returns the number of its tables. @throws with everything that is wrong. */
export async function checkSchema(databaseUrl: string): Promise<number> {
  // Triggers guard rows against whoever writes them; they are the migrations' alone, no entity knows them.
  const orm = await MikroORM.init({ ...ormOptions(databaseUrl, 2), schemaGenerator: { ignoreTriggers: true } });
  try {
    await orm.migrator.up();
    const first = await tables(orm);
    const problems = [...(await differences(orm)), ...wrongRights(first), ...(await strongRoles(orm))];
    await orm.migrator.down({ to: 0 });
    for (const { name } of [...(await tables(orm)), ...(await names(orm, FUNCTIONS))])
      problems.push(`down leaves ${name}`);
    await orm.migrator.up();
    problems.push(...(await differences(orm)).map((line) => `after up, down and up: ${line}`));
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return first.length;
  } finally {
    await orm.close(true);
  }
}

/** SQL that would make the schema what the entities say. */
async function differences(orm: MikroORM): Promise<string[]> {
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  return sql
    .split('\n')
    .filter(Boolean)
    .map((line) => `the entities want: ${line}`);
}

function wrongRights(found: Table[]): string[] {
  return found.flatMap(({ name, secured, owner, usable }) => [
    ...(secured ? [] : [`${name} has no forced row-level security`]),
    ...(usable ? [] : [`${name} cannot be read and written by both roles`]),
    ...(owner === TENANT_ROLE || owner === SYSTEM_ROLE ? [`${name} is owned by ${owner}`] : []),
  ]);
}

async function strongRoles(orm: MikroORM): Promise<string[]> {
  return (await names(orm, ROLES)).map(({ name }) => `${name} may log in, or pass by row-level security`);
}

function tables(orm: MikroORM): Promise<Table[]> {
  return orm.em.getConnection().execute<Table[]>(TABLES);
}

function names(orm: MikroORM, sql: string): Promise<{ name: string }[]> {
  return orm.em.getConnection().execute<{ name: string }[]>(sql);
}

/** Lends `work` a new database of a server; it goes afterwards. */
async function inNewDatabase<T>(serverUrl: string, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const name = `check_schema_${randomBytes(4).toString('hex')}`;
  const server = await MikroORM.init({ ...ormOptions(serverUrl, 1), entities: [] });
  try {
    await server.em.getConnection().execute(`create database ${name}`);
    return await work(Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href);
  } finally {
    await server.em.getConnection().execute(`drop database if exists ${name} with (force)`);
    await server.close(true);
  }
}

async function main(): Promise<void> {
  const given = process.env.DATABASE_URL;
  const server = given ? undefined : await startTemporaryPostgres();
  try {
    const count = await inNewDatabase(server?.url ?? given!, checkSchema);
    console.log(`schema: the migrations make the ${count} tables of the entities, take them back and make them again`);
  } finally {
    await server?.stop();
  }
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`schema: ${error.message}`);
    process.exit(1);
  });
}
