import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../dev/child.ts';
import { waitFor } from '../../dev/start/patience.ts';
import type { DemoResult, RunFile } from '../../dev/start/run-file.ts';
import { descendantsOf, isAlive, type Process } from './process-tree.ts';

/** What `npm start` keeps from one life to the next. */
export interface Premises {
  data: string;
  /** Where its processes keep things for a while; those that are killed leave them lying about. */
  temporary: string;
  remove(): void;
}

/** One run of `npm start`, from the demonstration's success on. */
export interface Life {
  run: RunFile & { demo: DemoResult };
  /** Of `npm start` itself. */
  pid: number;
  /** Everything that it runs by now. */
  processes(): Process[];
  /** The end of what it has said. */
  lastWords(): string;
  /** Ends it as Ctrl-C does: in order, what has begun is let end. */
  stop(): Promise<void>;
  /** Ends its whole process group with SIGKILL. @throws when something that it ran lives on. */
  kill(): Promise<void>;
}

/** Empty ones, for one test file. */
export function preparePremises(): Premises {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-killed-'));
  const [data, temporary] = [join(folder, 'data'), join(folder, 'tmp')];
  mkdirSync(temporary);
  // PostgreSQL may run as another user: he may pass.
  for (const path of [folder, temporary]) chmodSync(path, 0o711);
  return {
    data,
    temporary,
    remove() {
      const cluster = join(data, 'postgres');
      if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** To let everything end that has begun. */
const STOP_MS = 90_000;

/**
 * @param settings in place of the defaults
 * @throws with its last words when it does not get as far as the demonstration's success.
 */
export async function startLife(
  { data, temporary }: Premises,
  settings: Readonly<Record<string, string>> = {},
): Promise<Life> {
  const runFile = join(data, 'run.json');
  rmSync(runFile, { force: true });
  const { PATH, HOME } = process.env;
  // It leads a process group of its own. Of our settings it gets none that name a server.
  const child = await startChild({
    name: 'npm start',
    program: process.execPath,
    args: [fileURLToPath(new URL('../../dev/start.ts', import.meta.url)), '--data', data],
    logFile: join(temporary, 'start.log'),
    env: { PATH, HOME, TMPDIR: temporary, PORT: '0', ...settings },
  });
  const { signal } = new AbortController();

  async function kill(): Promise<void> {
    if (!child.running) return;
    const all = descendantsOf(child.pid);
    process.kill(-child.pid, 'SIGKILL');
    // One that is stopped would not see that its life line is cut.
    all.forEach(wake);
    await child.ended;
    await waitFor(() => !all.some(isAlive) || undefined, {
      what: 'the end of all that npm start ran',
      seconds: 30,
      signal,
    });
  }

  function demonstrated(): Life['run'] | undefined {
    if (!existsSync(runFile)) return undefined;
    const run = JSON.parse(readFileSync(runFile, 'utf8')) as RunFile;
    return run.demo === undefined ? undefined : { ...run, demo: run.demo };
  }

  try {
    const run = await waitFor(demonstrated, {
      what: 'the demonstration',
      seconds: 120,
      signal,
      hopeless: () => (child.running && !child.output().includes('the demonstration failed') ? undefined : 'it failed'),
    });
    return {
      run,
      pid: child.pid,
      processes: () => descendantsOf(child.pid),
      lastWords: () => child.lastWords(),
      stop: () => child.stop('SIGTERM', STOP_MS),
      kill,
    };
  } catch (error) {
    const words = child.lastWords();
    await kill();
    throw new Error(`npm start did not come up. Its last words:\n${words}`, { cause: error });
  }
}

function wake({ pid }: Process): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has just ended.
  }
}
