import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something is missing that set-up cannot provide; the message ends with what the person can do. */
export class SetupError extends Error {}

const PROGRESS_EVERY_MS = 10_000;
const KEPT_OUTPUT = 4_000;

/** One line for the person who waits. Standard error, so that the last line on standard output stays the program's. */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

/** Full path of a program on PATH, or in one of the folders given besides. */
export function findProgram(name, folders = []) {
  return [...(process.env.PATH ?? '').split(delimiter), ...folders]
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** The Go compiler, on PATH or where people put it. */
export function findGo() {
  return findProgram('go', ['/usr/local/go/bin', '/usr/lib/go/bin', '/opt/homebrew/bin', '/snap/bin']);
}

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end, saying every ten seconds that it still works. Resolves to its output, rejects with the
 * end of it; `timeoutMs` ends a program that hangs.
 */
export function run(what, program, args, { cwd, env, timeoutMs, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const progress = setInterval(() => quiet || say(`  ${what}: ${seconds()} s so far`), PROGRESS_EVERY_MS);
    const deadline = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
    const settle = (error) => {
      clearInterval(progress);
      clearTimeout(deadline);
      if (error) reject(new Error(`${error.message}\n${output.trim()}`.trim()));
      else resolve(output);
    };
    // Without waiting for what it may have started in its turn.
    function giveUp() {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      settle(new Error(`${what} took longer than ${timeoutMs / 1000} s`));
    }
    child.on('error', settle);
    child.on('close', (code, signal) =>
      settle(code === 0 ? undefined : new Error(`${what} ended with ${signal ?? code}`)),
    );
  });
}

/** The last lines of a failure, indented, for people. */
export function tail(error, lines = 6) {
  return error.message
    .split('\n')
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
}
