import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, inNewFolder, once } from './cache.mjs';
import { findGo, isProgram, run, say, SetupError, tail } from './run.mjs';

const VERSION = 'v1.29.1';
const MODULES = ['go.temporal.io/server/cmd/server', 'go.temporal.io/server/cmd/tools/sql'];
const FOLDER = join(CACHE, `temporal-server-${VERSION}`);
const REMEDY = 'Remedy: install Go 1.25 or newer (https://go.dev/dl) and try again.';

/**
 * Folder with `server`, the Temporal that a deployment runs, and `sql`, which makes its tables: our cache, else built by
 * Go. Only `npm run chaos -- --server production` needs them.
 */
export async function productionServer() {
  return builtProductionServer() ?? once('production-server', build);
}

/** The same where it has been built before. */
export function builtProductionServer() {
  return ['server', 'sql'].every((name) => isProgram(join(FOLDER, name))) ? FOLDER : undefined;
}

async function build() {
  // Whoever waited for another set-up may find its work.
  const built = builtProductionServer();
  if (built !== undefined) return built;
  const go = findGo();
  if (go === undefined) throw new SetupError(`There is no Go to build Temporal's production server with.\n${REMEDY}`);
  say("building Temporal's production server and its schema tool: about six minutes, once for this user");
  await inNewFolder('production-server', async (folder) => {
    for (const module of MODULES) await install(go, `${module}@${VERSION}`, folder);
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(folder, FOLDER);
  });
  return FOLDER;
}

async function install(go, module, folder) {
  say(`  go install ${module}`);
  try {
    await run('go install', go, ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' } });
  } catch (error) {
    throw new SetupError(`go install ${module} failed:\n${tail(error, 12)}\n${REMEDY}`);
  }
}
