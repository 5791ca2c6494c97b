import type { Child } from '../child.ts';

/** Says which process ended that should not have, how, its last words and where the rest is. */
export function death(child: Child, how: string): Error {
  const words = child.lastWords().replaceAll(/^/gm, '    ');
  return new Error(`${child.name} has ended (${how}). Its last words:\n${words}\nThe rest is in ${child.logFile}.`);
}
