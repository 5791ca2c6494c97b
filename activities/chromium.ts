import { once } from 'node:events';
import { accessSync, constants, globSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';

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
/** Where dev/setup/chromium.mjs lays one down, below the user's cache folder. */
const DOWNLOADED = 'comprobante/chromium/chrome-headless-shell/*/*/chrome-headless-shell';

const LAUNCH_MS = 30_000;
const CLOSE_MS = 5_000;

/** What a browser may know of our environment; the rest holds keys and passwords. */
const ENVIRONMENT = /^(PATH|HOME|USER|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_\w+|FONTCONFIG_\w+)$/;

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No name resolves: what the interception of requests does not see, such as a prefetch, finds nobody.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** Path of a Chromium or Chrome: CHROMIUM_PATH whatever it names, PATH, the usual places, what set-up downloaded. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return [...onPath, ...PLACES].find(isProgram) ?? globSync(join(cache, DOWNLOADED)).find(isProgram);
}

export interface Chromium {
  browser: Browser;
  /** Resolves when it has ended, however it did, and its processes and its profile are gone. */
  gone: Promise<void>;
}

/**
 * A browser with a profile of its own. The pipe is its life line: it ends when this process does, however that ends.
 * @throws when the program cannot be run or does not answer in 30 seconds
 */
export async function launchChromium(path: string): Promise<Chromium> {
  accessSync(path, constants.X_OK);
  const profile = await mkdtemp(join(tmpdir(), 'comprobante-chromium-'));
  try {
    const browser = await launch({
      executablePath: path,
      userDataDir: profile,
      pipe: true,
      headless: 'shell',
      args: process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name))),
      // The worker lets running prints end before it closes the browser.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: LAUNCH_MS,
    });
    return { browser, gone: cleanUp(browser, profile) };
  } catch (error) {
    await remove(profile);
    throw error;
  }
}

/** Ends a browser; by force when it does not answer. */
export async function closeChromium({ browser, gone }: Chromium): Promise<void> {
  const closed = browser.close().catch(() => undefined);
  if (!(await settlesSoon(closed))) browser.process()?.kill('SIGKILL');
  await gone;
}

async function cleanUp(browser: Browser, profile: string): Promise<void> {
  const program = browser.process()!;
  if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
  try {
    // Puppeteer made it the leader of a group; those it leaves behind would write the profile anew.
    process.kill(-program.pid!, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
  await remove(profile);
}

async function remove(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => undefined);
}

/** A page in which no script runs and nothing is loaded but what the markup itself holds. */
export async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const answer = request.url().startsWith('data:') ? request.continue() : request.abort();
    // The page may be gone before the answer arrives.
    answer.catch(() => undefined);
  });
  return page;
}

/** Closes a page; one that does not close takes its browser with it. */
export async function closePage({ browser, gone }: Chromium, page: Promise<Page>): Promise<void> {
  const closed = page.then((opened) => opened.close()).catch(() => undefined);
  if (!(await settlesSoon(Promise.race([closed, gone])))) browser.process()?.kill('SIGKILL');
}

/** Whether `work` ends within a few seconds. */
async function settlesSoon(work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, CLOSE_MS, false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
