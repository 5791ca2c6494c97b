import { readdirSync, readFileSync } from 'node:fs';
import type { Chromium } from './chromium.ts';

const LOOK_MS = 500;

/** A browser took more memory than it may. */
class TooMuchMemory extends Error {
  override readonly name = 'TooMuchMemory';

  constructor(maxBytes: number) {
    super(`the browser took more than ${Math.round(maxBytes / 2 ** 20)} MB`);
  }
}

export interface MemoryWatch {
  /** Rejects with TooMuchMemory once the browser has been ended for it; never resolves. */
  exceeded: Promise<never>;
  stop(): void;
}

/** Looks twice a second what a browser's processes take, and ends it when that is too much. Only Linux tells; elsewhere nothing is ended. */
export function watchMemory({ browser }: Chromium, maxBytes: number): MemoryWatch {
  const { promise: exceeded, reject } = Promise.withResolvers<never>();
  exceeded.catch(() => undefined);
  const program = browser.process();
  const timer = setInterval(() => {
    if (program?.pid === undefined || bytesOfGroup(program.pid) <= maxBytes) return;
    clearInterval(timer);
    program.kill('SIGKILL');
    reject(new TooMuchMemory(maxBytes));
  }, LOOK_MS);
  return { exceeded, stop: () => clearInterval(timer) };
}

/** What the processes of a group hold in memory that is no file's, together. */
function bytesOfGroup(group: number): number {
  return processes()
    .filter((pid) => groupOf(pid) === group)
    .reduce((sum, pid) => sum + anonymousBytes(pid), 0);
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** proc(5), `stat`: behind the name, which may hold anything, come state, parent and group. */
function groupOf(pid: string): number {
  return Number(/.*\) \S+ \S+ (\d+)/s.exec(read(pid, 'stat'))?.[1]);
}

/** proc(5), `status`; pages of files are shared by all, and would be counted for each. */
function anonymousBytes(pid: string): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1] ?? 0) * 1024;
}

/** Empty when the process has ended meanwhile. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
