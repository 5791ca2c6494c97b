// `npm run soak`: does anything grow while it works? `--help` tells the rest.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Life, preparePremises, type Premises, startLife } from '../test/support/life.ts';
import type { Finding } from '../domain/admin/integrity.ts';
import { type AuditPlaces, findingsIn } from './audit/audit.ts';
import { placesOfRun } from './audit/places.ts';
import { soak, type Tally } from './soak/load.ts';
import { readSoakOptions, type SoakOptions, USAGE } from './soak/options.ts';
import { lookAt, reportingTo } from './soak/processes.ts';
import { judge, type Looks } from './soak/table.ts';
import { ApiClient } from './start/api-client.ts';

const EVERY_S = 15;
/** How often a line is said meanwhile. */
const TOLD_EVERY = 8;
/** For the last mails and webhooks, once the load has ended. */
const QUIET_MS = 120_000;

const say = (line: string) => void process.stderr.write(`soak: ${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  let premises: Premises | undefined;
  try {
    const options = readSoakOptions(args);
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error('stopped')));
    premises = preparePremises();
    const reports = join(premises.temporary, 'reports');
    mkdirSync(reports);
    say('starting everything');
    const life = await startLife(premises, {
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--max-old-space-size=${options.heapMegabytes} ${reportingTo(reports)}`,
    });
    try {
      return await run(life, premises, reports, options, stop.signal);
    } finally {
      await life.stop();
    }
  } catch (error) {
    process.stderr.write(`soak: ${(error as Error).message}\n`);
    return 2;
  } finally {
    premises?.remove();
  }
}

async function run(
  life: Life,
  { data }: Premises,
  reports: string,
  { minutes, rate }: SoakOptions,
  signal: AbortSignal,
): Promise<number> {
  const { apiKey, issuerId } = life.run.demo;
  const tally: Tally = { documents: 0, requests: 0, failures: [] };
  const began = Date.now();
  const fallen = new AbortController();
  const alive = AbortSignal.any([signal, fallen.signal]);
  const api = new ApiClient(life.run.api, alive).as(apiKey, issuerId);
  say(`${rate} documents a second for ${minutes} minutes`);
  const load = soak({ api, issuerId, rate, seconds: minutes * 60, signal: alive }, tally);
  const looks = await watch(life.pid, reports, load, tally).catch((error: unknown) => {
    fallen.abort(new Error(`npm start has ended. Its last words:\n${life.lastWords()}`, { cause: error }));
    return [];
  });
  await load;

  alive.throwIfAborted();
  const lost = await lostIn(placesOfRun(join(data, 'run.json')), signal);
  return report(looks, tally, lost, Math.round((Date.now() - began) / 60_000));
}

/** What is lost, doubled or stuck, once the last mails and webhooks have had their time. */
async function lostIn(places: AuditPlaces, signal: AbortSignal): Promise<Finding[]> {
  const deadline = Date.now() + QUIET_MS;
  for (;;) {
    const found = await findingsIn(places, new Date());
    if (found.length === 0 || Date.now() > deadline) return found;
    await delay(QUIET_MS / 60, undefined, { signal });
  }
}

/** @returns the exit code */
function report(looks: Looks, { documents, requests, failures }: Tally, lost: readonly Finding[], minutes: number) {
  const { table, growing } = judge(looks);
  const faults = [
    ...growing,
    ...failures,
    ...lost.map(({ check, subject, detail }) => `${check}: ${subject} (${detail})`),
  ];
  const lines = [
    '',
    table,
    `${documents} documents, ${requests} requests in ${minutes} minutes; ${failures.length} failed, ${lost.length} lost, doubled or stuck`,
    ...faults.slice(0, 50),
    faults.length === 0 ? 'Everything is flat.' : `${faults.length} faults.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** Looks at everything as long as the load lasts. @throws when the service is not there any more */
async function watch(pid: number, reports: string, load: Promise<void>, tally: Tally): Promise<Looks> {
  const began = performance.now();
  const ended = load.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  const looks: Looks = [];
  for (let number = 1; ; number++) {
    const due = began + number * EVERY_S * 1_000 - performance.now();
    if ((await Promise.race([ended, delay(due, undefined, { ref: false })])) === 'ended') return looks;
    const at = (performance.now() - began) / 1_000;
    const parts = await lookAt(pid, reports);
    if (parts.API === undefined) throw new Error('the API is gone');
    looks.push({ at, parts });
    if (number % TOLD_EVERY !== 0) continue;
    const told = Object.entries(parts).map(
      ([name, { memory, handles }]) => `${name} ${memory.toFixed(0)} MB ${handles} handles`,
    );
    say(`${Math.round(at / 60)} min, ${tally.documents} documents: ${told.join('; ')}`);
  }
}
