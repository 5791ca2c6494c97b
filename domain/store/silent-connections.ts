import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** A connection of the pool, as far as it matters here. */
interface PooledClient {
  connection: { stream: Socket };
}

/**
 * Ends connections on which nothing has been heard or said for so long. A network that forgets them, or a server that is
 * there and does not answer, ends none by itself: as many transactions as the pool has connections, under way at that
 * moment, would wait for ever, and everybody else for them.
 */
export function endSilent(pool: EventEmitter, silentMs: number): void {
  pool.on('connect', ({ connection: { stream } }: PooledClient) => {
    stream.setTimeout(silentMs, () => stream.destroy());
  });
}
