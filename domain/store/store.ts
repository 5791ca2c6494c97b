import type { EventEmitter } from 'node:events';
import { type EntityManager, MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { takeBackBroken } from './broken-connections.ts';
import { entities } from './entities/index.ts';
import { SYSTEM_ROLE, TENANT_ROLE } from './entities/row-security.ts';
import { migrations } from './migrations/index.ts';
import { endSilent } from './silent-connections.ts';

/** Longer than any statement takes, or any pause within a transaction. */
const SILENT_MS = 30_000;

export interface StoreOptions {
  /** PostgreSQL URL of a login that may take both roles. */
  databaseUrl: string;
  /** Connections at most (default 10). */
  poolSize?: number;
  /** How long the server may be silent before a connection is given up (default 30 s). */
  silentMs?: number;
}

/**
 * The record of everything: PostgreSQL through MikroORM. Its connections begin in the system role, and work for a tenant
 * takes the tenant role for one transaction: nothing here ever runs as the owner of the tables.
 */
export class Store {
  readonly orm: MikroORM;

  private constructor(orm: MikroORM) {
    this.orm = orm;
  }

  /** @throws when the database cannot be reached within its connect timeout. */
  static async open({ databaseUrl, poolSize = 10, silentMs = SILENT_MS }: StoreOptions): Promise<Store> {
    const options = ormOptions(databaseUrl, poolSize);
    const driverOptions = {
      ...options.driverOptions,
      // The server, too, gives up on whoever fell silent in the middle: what he has locked others wait for.
      options: `-c role=${SYSTEM_ROLE} -c idle_in_transaction_session_timeout=${silentMs}`,
      onPoolCreated(pool: EventEmitter) {
        takeBackBroken(pool);
        endSilent(pool, silentMs);
      },
    };
    return new Store(await MikroORM.init({ ...options, driverOptions }));
  }

  /** One transaction that sees and writes `tenantId`'s rows only. */
  asTenant<T>(tenantId: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = this.orm.em.fork() as EntityManager;
    // The role as a variable too: one statement sets both.
    em.setSessionContext({ variables: { 'app.tenant_id': tenantId, role: TENANT_ROLE } });
    return em.transactional(work);
  }

  /** One transaction across tenants: authentication, registration, reconciliation, administration. */
  asSystem<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return (this.orm.em.fork() as EntityManager).transactional(work);
  }

  /** One statement across tenants that needs no transaction; `?` stands for a parameter. */
  lookUp<Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.orm.em.getConnection().execute<Row[]>(sql, parameters);
  }

  /** The connections, in the system role, for a library that brings its own statements. */
  async pool(): Promise<{ query(statement: object): Promise<unknown> }> {
    return this.orm.em.getDriver().getConnection().getNativeClient();
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.orm.em.getConnection().execute('select 1');
  }

  async close(): Promise<void> {
    await this.orm.close(true);
  }
}

/** What MikroORM needs to know, also for migrations and the schema check. */
export function ormOptions(databaseUrl: string, poolSize = 10) {
  return {
    driver: PostgreSqlDriver,
    clientUrl: databaseUrl,
    entities,
    extensions: [Migrator],
    pool: { min: 0, max: poolSize },
    driverOptions: { connectionTimeoutMillis: 5_000, application_name: 'comprobante', onPoolCreated: takeBackBroken },
    discovery: { warnWhenNoEntities: false },
    migrations: { migrationsList: migrations, tableName: 'schema_migrations', snapshot: false, silent: true },
    logger: () => {},
  };
}
