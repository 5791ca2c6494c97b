import { hash } from 'node:crypto';

/** Numbers that look like chance, and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
}

/** Of one input of a run: each can be made again by itself. */
export function randomOf(seed: number, index: number): Random {
  let digest = Buffer.alloc(0);
  let blocks = 0;
  function below(end: number): number {
    if (digest.length === 0) digest = hash('sha256', `${seed} ${index} ${blocks++}`, 'buffer');
    const number = digest.readUInt32BE();
    digest = digest.subarray(4);
    return number % end;
  }
  return { below, pick: (list) => list[below(list.length)]! };
}
