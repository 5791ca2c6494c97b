import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../../domain/store/store.ts';
import { until } from './shop.ts';

/** Places in transactions where whoever comes by waits, as long as the gate is closed for his tenant. */
export interface Gates {
  /** @returns what opens it again */
  close(gate: string, tenantId: string): Promise<() => Promise<void>>;
  /** Resolves when so many transactions wait, at a gate or for one that does. */
  waiting(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A write to a table, and which rows it is about. */
export interface Gate {
  table: string;
  before: 'insert' | 'update';
  when: string;
}

/**
 * Puts gates into a database: triggers that ask for a lock, which the test holds. The service knows nothing of them, and
 * a transaction that waits at one is as open as it is at that moment.
 * @param gates by name
 */
export async function buildGates(databaseUrl: string, gates: Record<string, Gate>): Promise<Gates> {
  const orm = await MikroORM.init({ ...ormOptions(databaseUrl, 1), entities: [] });
  const execute = <T extends object>(sql: string, parameters: unknown[] = []) =>
    orm.em.getConnection().execute<T[]>(sql, parameters);
  await execute(`create function gate() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(hashtext(tg_argv[0]), hashtext(to_jsonb(new)->>tg_argv[1]));
      return new;
    end $$`);
  for (const [name, { table, before, when }] of Object.entries(gates)) {
    const tenant = table === 'tenants' ? 'id' : 'tenant_id';
    await execute(
      `create trigger "gate_${name}" before ${before} on "${table}" for each row when (${when})
       execute function gate('${name}', '${tenant}')`,
    );
  }
  return {
    async close(gate, tenantId) {
      await execute('select pg_advisory_lock(hashtext(?), hashtext(?))', [gate, tenantId]);
      return async () => {
        await execute('select pg_advisory_unlock(hashtext(?), hashtext(?))', [gate, tenantId]);
      };
    },
    async waiting(count) {
      await until(`${count} transactions that wait`, async () => {
        const [row] = await execute<{ count: number }>(
          `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return row!.count === count;
      });
    },
    stop: () => orm.close(true),
  };
}
