import { fileURLToPath } from 'node:url';
import { type Child, type ChildOptions, startChild } from '../child.ts';
import { death } from './death.ts';
import type { Started } from './house.ts';
import { waitFor } from './patience.ts';

const READY_S = 60;

export interface ReadyOptions extends ChildOptions {
  /** Whether it serves. */
  ready: (child: Child) => boolean | Promise<boolean>;
  signal: AbortSignal;
  /** How long it may take to stop when it is asked to. */
  graceMs?: number;
}

/**
 * Starts a process and waits until it serves.
 * @throws when it ends before, or does not within a minute; then it does not run.
 */
export async function startReady({
  ready,
  signal,
  graceMs = 10_000,
  ...options
}: ReadyOptions): Promise<Required<Started>> {
  const child = await startChild(options);
  const stop = () => child.stop('SIGTERM', graceMs);
  const isReady = async () => {
    if (!child.running) throw death(child, await child.ended);
    return (await ready(child)) || undefined;
  };
  try {
    await waitFor(isReady, { what: options.name, seconds: READY_S, signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return { child, stop };
}

/** A program of this checkout, by its path from here, to run under the Node that runs us. */
export function program(name: string, main: string, args: string[] = []) {
  return { name, program: process.execPath, args: [fileURLToPath(new URL(main, import.meta.url)), ...args] };
}
