import { randomInt } from 'node:crypto';
import { isFree } from '../free-port.ts';

/**
 * Below those that systems give to outgoing connections, so that nobody else's takes the port of a process that is down;
 * and Temporal's tables have no room for higher ones.
 */
const [LOWEST, HIGHEST] = [10_000, 32_000];
const TRIES = 1_000;

/** So many free ports, no two alike, which stay free for whoever is to listen there again and again. */
export async function lastingPorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < TRIES && found.size < count; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`There are no ${count} free ports from ${LOWEST} to ${HIGHEST}.`);
  return [...found];
}
