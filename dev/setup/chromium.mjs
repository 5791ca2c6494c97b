import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE, once } from './cache.mjs';
import { findProgram, isProgram, run, say, SetupError, tail } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome-headless-shell'];
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const REMEDY =
  'Remedy: install Chromium or Chrome (on Debian: apt-get install chromium), or name one in CHROMIUM_PATH.';

/** Path of the browser that prints: CHROMIUM_PATH, the usual places, our cache, Debian's package, else a download. */
export async function chromium(root) {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!isProgram(named)) throw new SetupError(`CHROMIUM_PATH names ${named}, which is no program.\n${REMEDY}`);
    return named;
  }
  return found() ?? once('chromium', async () => found() ?? install(root));
}

function found() {
  return NAMES.map((name) => findProgram(name)).find(Boolean) ?? PLACES.find(isProgram) ?? inCache();
}

/** What @puppeteer/browsers laid down: chromium/chrome-headless-shell/<platform-build>/<folder>/chrome-headless-shell. */
function inCache() {
  const folder = join(CACHE, 'chromium/chrome-headless-shell');
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .find((path) => path.endsWith('/chrome-headless-shell') && isProgram(path));
}

async function install(root) {
  say('installing Chromium: it prints the RIDE, the paper form of a document');
  if (isDebian() && process.getuid?.() === 0 && (await fromDebian())) return found();
  const bin = join(root, 'node_modules/@puppeteer/browsers');
  const { bin: entry } = JSON.parse(readFileSync(join(bin, 'package.json'), 'utf8'));
  const program = join(bin, typeof entry === 'string' ? entry : Object.values(entry)[0]);
  try {
    say('  downloading chrome-headless-shell, about 100 MB');
    const node = join(root, 'node_modules/.bin/node');
    const args = [program, 'install', 'chrome-headless-shell@stable', '--path', join(CACHE, 'chromium')];
    await run('download', isProgram(node) ? node : process.execPath, args, {
      cwd: dirname(program),
      timeoutMs: 600_000,
    });
  } catch (error) {
    throw new SetupError(`Chromium could not be downloaded:\n${tail(error)}\n${REMEDY}`);
  }
  const path = inCache();
  try {
    await run('chrome --version', path, ['--version'], { timeoutMs: 30_000, quiet: true });
  } catch (error) {
    throw new SetupError(`The downloaded Chromium does not run; libraries may be missing:\n${tail(error)}\n${REMEDY}`);
  }
  return path;
}

async function fromDebian() {
  say('  apt-get install chromium, one to three minutes');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get update', 'apt-get', ['update', '-q'], { env });
    await run(
      'apt-get install',
      'apt-get',
      ['install', '-qy', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      { env },
    );
    return true;
  } catch (error) {
    say(`  Debian's package could not be installed:\n${tail(error, 3)}`);
    return false;
  }
}

function isDebian() {
  return (
    existsSync('/etc/debian_version') &&
    findProgram('apt-get') !== undefined &&
    !readFileSync('/etc/os-release', 'utf8').includes('ID=ubuntu')
  );
}
