import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { postgresAccount, postgresFiles, privateFolder, reachableFolder } from './postgres-account.ts';

export interface PostgresOptions {
  /** The cluster's folder, made when it is missing. The superuser's password is kept beside it in `<dir>.password`. */
  dir: string;
  /** Preferred port; another is taken when it is not free. */
  port?: number;
  /** Gives up durability for speed: right for tests, wrong for anything worth keeping. */
  fast?: boolean;
  /** Where the server logs; default `<dir>.log`. */
  logFile?: string;
}

export interface RunningPostgres {
  /** `postgresql://postgres:<password>@127.0.0.1:<port>/postgres` */
  url: string;
  port: number;
  child: Child;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
/** How long the processes of a server that was killed may take to notice. */
const DYING_MS = 30_000;
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts PostgreSQL on loopback, on a cluster that is kept between starts. Recovers from a server that was killed.
 * @throws when the server does not get ready; the message ends with its last words.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { fast = false } = options;
  const account = postgresAccount();
  const files = postgresFiles(account);
  const dir = reachableFolder(options.dir, account);
  const passwordFile = `${options.dir}.password`;
  if (!existsSync(join(dir, 'PG_VERSION'))) initialise({ files, dir, passwordFile, account, fast });
  const password = readFileSync(passwordFile, 'utf8').trim();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(fast ? FAST : []),
  ];
  const giveUp = Date.now() + DYING_MS;
  for (;;) {
    const port = await freePort(options.port);
    const child = await startChild({
      name: 'PostgreSQL',
      program: join(files, 'bin/postgres'),
      args: ['-D', dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      logFile: options.logFile ?? `${options.dir}.log`,
      cwd: '/',
      env: { ...process.env, LC_MESSAGES: 'C' },
      account,
    });
    const ready = await waitUntilReady(child, dir);
    if (ready) {
      const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
      // SIGINT is PostgreSQL's "fast" shutdown: open connections are closed, nothing is lost.
      return { url, port, child, stop: () => child.stop('SIGINT', 30_000) };
    }
    await child.stop('SIGQUIT');
    const busy = /lock file|pre-existing shared memory block|could not bind/.test(child.output());
    if (!busy || Date.now() > giveUp) throw new Error(`PostgreSQL did not start: ${child.lastWords()}`);
    dropForeignLock(dir);
    await delay(250);
  }
}

/** A server on an empty cluster that goes when it stops, for checks, tests and measurements; `fast` gives up durability. */
export async function startTemporaryPostgres({ fast = true } = {}): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-postgres-'));
  // The user who runs it may pass, but not look around.
  chmodSync(folder, 0o711);
  const dir = join(folder, 'data');
  const remove = () => {
    if (existsSync(dir)) rmSync(realpathSync(dir), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startPostgres({ dir, fast });
    return {
      ...server,
      async stop() {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Cluster {
  files: string;
  dir: string;
  passwordFile: string;
  account: Account | undefined;
  fast: boolean;
}

/** Makes the cluster beside its place and moves it there, so that an interrupted start leaves no half of one. */
function initialise({ files, dir, passwordFile, account, fast }: Cluster): void {
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  const part = `${dir}.new`;
  rmSync(part, { recursive: true, force: true });
  privateFolder(part, account);
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-'));
  try {
    const copy = join(folder, 'password');
    writeFileSync(copy, readFileSync(passwordFile), { mode: 0o600 });
    if (account !== undefined) for (const path of [folder, copy]) chownSync(path, account.uid, account.gid);
    const args = [
      `--pgdata=${part}`,
      '--username=postgres',
      `--pwfile=${copy}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
    ];
    if (fast) args.push('--no-sync');
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const made = spawnSync(join(files, 'bin/initdb'), [...args, ...locale], { ...account, cwd: '/', encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`PostgreSQL's initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(dir, { recursive: true, force: true });
  renameSync(part, dir);
}

/** The server writes its state into the eighth line of its lock file; the first line says whose it is. */
async function waitUntilReady(child: Child, dir: string): Promise<boolean> {
  const deadline = Date.now() + READY_MS;
  while (child.running && Date.now() < deadline) {
    const lines = readLock(dir);
    if (lines[0] === String(child.pid) && lines[7]?.startsWith('ready')) return true;
    await delay(50);
  }
  return false;
}

/**
 * After a restart of the machine the number in the lock may belong to some other program, and in a container whose
 * first process reaps nobody to a server that is dead; PostgreSQL cannot tell.
 */
function dropForeignLock(dir: string): void {
  const stat = `/proc/${readLock(dir)[0]}/stat`;
  if (!existsSync(stat)) return;
  // proc_pid_stat(5): pid (name) state …; Z has ended, but nobody has asked how.
  if (!/^\d+ \(postgres\) [^Z]/.test(readFileSync(stat, 'utf8'))) rmSync(join(dir, 'postmaster.pid'), { force: true });
}

function readLock(dir: string): string[] {
  const file = join(dir, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}
