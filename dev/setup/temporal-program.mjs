import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, inNewFolder, once } from './cache.mjs';
import { findGo, findProgram, isProgram, run, say, SetupError, tail } from './run.mjs';

// Newer tags carry replace directives, which `go install` refuses.
const MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const REMEDY =
  'Remedy: install the Temporal CLI (https://docs.temporal.io/cli) and put it on PATH or name it in TEMPORAL_CLI;\n' +
  'or install Go 1.25 or newer (https://go.dev/dl) and try again; or point TEMPORAL_ADDRESS at a Temporal of your own.';

/** Path of a Temporal program that runs: TEMPORAL_CLI, PATH, our cache, the SDK's download, else built by Go. */
export async function temporalProgram() {
  const named = process.env.TEMPORAL_CLI;
  if (named) {
    const failure = await whyItFails(named);
    if (failure) throw new SetupError(`TEMPORAL_CLI names ${named}, which does not run:\n${failure}\n${REMEDY}`);
    return named;
  }
  const onPath = findProgram('temporal');
  if (onPath && !(await whyItFails(onPath))) return onPath;
  const cached = join(CACHE, 'bin/temporal');
  if (isProgram(cached) && !(await whyItFails(cached))) return cached;
  return once('temporal', async () => {
    if (isProgram(cached) && !(await whyItFails(cached))) return cached;
    say('installing the Temporal program: it keeps every document going, whatever dies on the way');
    await inNewFolder('temporal', async (folder) => {
      const made = (await downloaded(folder)) ?? (await built(folder));
      const failure = await whyItFails(made);
      if (failure) throw new SetupError(`The Temporal program was installed but does not run:\n${failure}\n${REMEDY}`);
      mkdirSync(join(CACHE, 'bin'), { recursive: true });
      renameSync(made, cached);
    });
    say(`  Temporal is in ${cached}`);
    return cached;
  });
}

async function whyItFails(program) {
  try {
    await run('temporal --version', program, ['--version'], { timeoutMs: 30_000, quiet: true });
    return undefined;
  } catch (error) {
    return tail(error);
  }
}

async function downloaded(folder) {
  const script = new URL('./sdk-download.mjs', import.meta.url).pathname;
  try {
    await run('download', process.execPath, [script, 'dev-server', folder], { timeoutMs: 180_000 });
  } catch {
    say('  temporal.download gave nothing; building it with Go instead');
    return undefined;
  }
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .find(isProgram);
}

async function built(folder) {
  const go = findGo();
  if (go === undefined)
    throw new SetupError(
      `The Temporal program could not be downloaded, and there is no Go to build it with.\n${REMEDY}`,
    );
  say(`  go install ${MODULE}: about five minutes, once for this user`);
  try {
    await run('go install', go, ['install', MODULE], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' } });
  } catch (error) {
    throw new SetupError(`go install ${MODULE} failed:\n${tail(error, 12)}\n${REMEDY}`);
  }
  return join(folder, 'temporal');
}
