import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { releaseLock, takeLock } from './lock.mjs';
import { say, SetupError } from './run.mjs';

/** The user's cache folder, shared by every clone, so that the second one is quick. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'comprobante');

const PATIENCE_S = 3600;

/** Runs `work` while no other set-up of this user does the same. */
export async function once(name, work) {
  try {
    mkdirSync(CACHE, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The cache folder cannot be made: ${error.message}.\nRemedy: name another place in XDG_CACHE_HOME.`,
    );
  }
  const lock = join(CACHE, `${name}.lock`);
  for (let waited = 0; ; waited += 1) {
    const owner = takeLock(lock);
    if (owner === undefined) break;
    if (waited === PATIENCE_S)
      throw new SetupError(`Process ${owner} has been busy with ${name} for an hour (${lock}).`);
    if (waited % 10 === 0) say(`  waiting for another set-up, process ${owner}, that is busy with ${name}`);
    await delay(1000);
  }
  try {
    return await work();
  } finally {
    releaseLock(lock);
  }
}

/** Lends `work` an empty folder beside its goal, so that what is interrupted leaves no half of it. Within `once`. */
export async function inNewFolder(name, work) {
  const folder = join(CACHE, `${name}.new`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
