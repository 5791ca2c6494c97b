import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A Unix account; processes of ours run as somebody else only where they refuse to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

export interface ChildOptions {
  /** What people call it. */
  name: string;
  program: string;
  args: string[];
  /** Standard output and error are appended to it; one older file is kept. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  account?: Account | undefined;
  /** Called with the first message of a Node program that says when it is ready, with `process.send`. */
  onAnnounced?: () => void;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, to how: an exit code or the name of a signal. */
  readonly ended: Promise<string>;
  readonly running: boolean;
  /** What it has written since it began. */
  output(): string;
  /** The end of that, for people. */
  lastWords(): string;
  /** Sends `signal`, waits, and kills what is still there after `graceMs`. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

const LOG_LIMIT = 5_000_000;
const LAST_LINES = 12;

const alive = new Set<ChildProcess>();

/** Ends every child at once, without asking. */
export function killChildren(): void {
  for (const process_ of alive) process_.kill('SIGKILL');
}

/**
 * Starts a process that cannot outlive ours. Where Linux lets us, it is in a session of its own, so that Ctrl-C
 * reaches us alone and things can be stopped in order, and the kernel kills it when we are killed; elsewhere it shares
 * our process group.
 * @throws when the system cannot start it; a program that is missing may also show as a child that ends at once.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, program, args, logFile, env, cwd, account, onAnnounced } = options;
  const log = openLog(logFile);
  const tied = canTie();
  const command = tied ? ['setpriv', '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
  const process_ = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', log.fd, log.fd, ...(onAnnounced === undefined ? [] : ['ipc' as const])],
    detached: tied,
    env: env ?? process.env,
    ...(cwd === undefined ? {} : { cwd }),
    ...account,
  });
  closeSync(log.fd);
  alive.add(process_);
  const ended = new Promise<string>((resolve) => {
    process_.once('exit', (code, signal) => {
      alive.delete(process_);
      resolve(signal ?? `exit code ${code}`);
    });
  });
  if (onAnnounced !== undefined) process_.once('message', onAnnounced);
  await new Promise<void>((resolve, reject) => {
    process_.once('spawn', resolve);
    process_.once('error', (error) => {
      alive.delete(process_);
      reject(error);
    });
  });
  const output = () => readFileSync(logFile).subarray(log.start).toString();
  return {
    name,
    logFile,
    ended,
    pid: process_.pid!,
    get running() {
      return isRunning(process_);
    },
    output,
    lastWords: () => output().trim().split('\n').slice(-LAST_LINES).join('\n'),
    async stop(signal = 'SIGTERM', graceMs = 10_000) {
      if (!isRunning(process_)) return;
      process_.kill(signal);
      if ((await Promise.race([ended, delay(graceMs, undefined, { ref: false })])) === undefined) {
        process_.kill('SIGKILL');
        await ended;
      }
    },
  };
}

function isRunning(process_: ChildProcess): boolean {
  return process_.exitCode === null && process_.signalCode === null;
}

/** Appends to the log; `start` is the offset in bytes where this run's part begins. */
function openLog(file: string): { fd: number; start: number } {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.old`);
  const fd = openSync(file, 'a', 0o600);
  return { fd, start: fstatSync(fd).size };
}

let tie: boolean | undefined;

function canTie(): boolean {
  tie ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return tie;
}
