import { randomBytes } from 'node:crypto';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { inject } from 'vitest';

/** The migrated database that each test file's is a copy of. */
export const TEMPLATE = 'comprobante_template';

/** The same server, another database. */
export function databaseUrl(serverUrl: string, name: string): string {
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
}

/** Makes a database; `template` is copied. */
export async function createDatabase(serverUrl: string, name: string, template = 'template1'): Promise<void> {
  await execute(serverUrl, `create database ${name} template ${template}`);
}

/** A migrated, empty database for one test file. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { postgresUrl } = inject('servers');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await createDatabase(postgresUrl, name, TEMPLATE);
  return {
    url: databaseUrl(postgresUrl, name),
    drop: () => execute(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}

/** The copy of a database as it is at this moment; the connections of whoever uses it break. */
export async function dumpDatabase(serverUrl: string, url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_dump`;
  await execute(serverUrl, `alter database ${name} allow_connections false`);
  await execute(serverUrl, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  await createDatabase(serverUrl, copy, name);
  await execute(serverUrl, `alter database ${name} allow_connections true`);
  return {
    url: databaseUrl(serverUrl, copy),
    drop: () => execute(serverUrl, `drop database if exists ${copy} with (force)`),
  };
}

/** One statement as the owner of the tables, which no transaction of the service is. */
export async function execute(serverUrl: string, sql: string): Promise<void> {
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: serverUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  try {
    await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close(true);
  }
}
