import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 100;

export interface WaitOptions {
  /** What is waited for, for the error. */
  what: string;
  seconds: number;
  signal: AbortSignal;
  /** Why it is no use to go on, if it is not. */
  hopeless?: () => string | undefined;
}

/**
 * Asks until the answer is there.
 * @throws when it takes longer than it may, or is hopeless, or `signal` says so; the message says what was waited for.
 */
export async function waitFor<T>(ask: () => Promise<T | undefined> | T | undefined, options: WaitOptions): Promise<T> {
  const { what, seconds, signal, hopeless } = options;
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const reason = hopeless?.();
    if (reason !== undefined) throw new Error(`Waited for ${what}, in vain: ${reason}`);
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s for ${what}, in vain.`);
    await delay(EVERY_MS, undefined, { signal });
  }
}
