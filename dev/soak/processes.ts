import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, type Process } from '../../test/support/process-tree.ts';

/** What runs, by what people call it, in the order in which it is told. */
export const PARTS = [
  'API',
  'worker',
  'Chromium',
  'PostgreSQL',
  'Temporal',
  'SRI simulator',
  'npm start, mailbox, webhook receiver',
] as const;

export type Part = (typeof PARTS)[number];

/** One look at a part; of several processes it is the sum. */
export interface Look {
  /** Megabytes that are resident and belong to it alone: no mapped files, no shared memory. */
  memory: number;
  /** Open file handles. */
  handles: number;
  /** Megabytes of live and dead JavaScript objects, all threads; of our own programs only. */
  heap?: number;
}

/** One that our programs do not take for a wish to end. */
const REPORT_SIGNAL = 'SIGPWR';

/** Options of Node that have it write down its heap when it is asked to, and nothing of its environment. */
export function reportingTo(dir: string): string {
  return `--report-on-signal --report-signal=${REPORT_SIGNAL} --report-exclude-env --report-exclude-network --report-compact --report-directory=${dir}`;
}

const REPORT_MS = 5_000;

/** Looks at everything that runs below a process, and at itself. @param reports folder that was given to `reportingTo` */
export async function lookAt(rootPid: number, reports: string): Promise<Partial<Record<Part, Look>>> {
  const all = descendantsOf(rootPid);
  const named = (pattern: RegExp) => all.filter(({ command }) => pattern.test(command)).slice(0, 1);
  const withChildren = ([top]: Process[]) => (top === undefined ? [] : [top, ...descendantsOf(top.pid)]);
  const [api, worker] = [named(/\/api\/main\.ts/), named(/\/activities\/main\.ts/)];
  const parts: Record<Part, Pick<Process, 'pid'>[]> = {
    API: api,
    worker,
    Chromium: withChildren(worker).slice(1),
    PostgreSQL: withChildren(named(/\bpostgres\b.* -D /)),
    Temporal: named(/\btemporal\b.* server start-dev/),
    'SRI simulator': named(/\/sri-simulator\/main\.ts/),
    'npm start, mailbox, webhook receiver': [{ pid: rootPid }],
  };
  const looks: Partial<Record<Part, Look>> = {};
  for (const part of PARTS) {
    const seen = parts[part].flatMap(({ pid }) => see(pid) ?? []);
    if (seen.length === 0) continue;
    const sum = (of: (one: Look) => number) => seen.reduce((total, one) => total + of(one), 0);
    looks[part] = { memory: sum(({ memory }) => memory), handles: sum(({ handles }) => handles) };
  }
  for (const [part, [program]] of [
    ['API', api],
    ['worker', worker],
  ] as const) {
    const heap = program && (await heapOf(program.pid, reports));
    if (heap !== undefined) Object.assign(looks[part] ?? {}, { heap });
  }
  return looks;
}

/** A process that has just ended is not seen. */
function see(pid: number): Look | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_024;
    return { memory: megabytes('RssAnon'), handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

interface Report {
  javascriptHeap: { usedMemory: number };
  workers?: Report[];
}

async function heapOf(pid: number, dir: string): Promise<number | undefined> {
  process.kill(pid, REPORT_SIGNAL);
  for (let waited = 0; waited < REPORT_MS; waited += 100) {
    await delay(100);
    const name = readdirSync(dir).find((file) => file.includes(`.${pid}.`));
    const report = name === undefined ? undefined : read(join(dir, name));
    if (name === undefined || report === undefined) continue;
    rmSync(join(dir, name));
    return used(report) / 2 ** 20;
  }
  return undefined;
}

/** It may be half written yet. */
function read(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

function used({ javascriptHeap, workers = [] }: Report): number {
  return workers.reduce((sum, worker) => sum + used(worker), javascriptHeap.usedMemory);
}
