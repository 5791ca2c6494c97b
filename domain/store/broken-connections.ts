import type { EventEmitter } from 'node:events';

/** A connection of the pool, as far as it matters here. */
interface PooledClient extends EventEmitter {
  release(error?: boolean): void;
}

/**
 * Takes a connection back that ended while a transaction held it. The query builder gives one back only after a
 * rollback that succeeded, and without a server none does: as many transactions as the pool has connections, open at
 * the moment in which PostgreSQL is restarted, would leave the process without any for ever.
 */
export function takeBackBroken(pool: EventEmitter): void {
  const lent = new Set<PooledClient>();
  pool.on('acquire', (client: PooledClient) => lent.add(client));
  pool.on('release', (_error: unknown, client: PooledClient) => lent.delete(client));
  pool.on('connect', (client: PooledClient) => {
    client.once('end', () => {
      if (!lent.has(client)) return;
      const giveBack = client.release.bind(client);
      // Whoever holds it may still give it back, which the pool takes once.
      client.release = () => {};
      giveBack(true);
    });
  });
}
