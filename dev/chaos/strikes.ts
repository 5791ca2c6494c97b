import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf } from '../../test/support/process-tree.ts';
import { nameOf, type SriOrder, type Strike } from './kinds.ts';
import { placeOf, type PlannedStrike } from './plan.ts';
import type { Product } from './product.ts';
import type { Site } from './site.ts';

/** A strike as it went. */
export interface Struck {
  name: string;
  from: number;
  to: number;
  /** Whether it met anything: a process that ran, a connection, a call. */
  met: boolean;
}

/** Where it all happens. */
export interface Scene {
  site: Site;
  product: Product;
  /** Whether the product takes SRI to be there, and so asks it. */
  sriIsAsked: () => Promise<boolean>;
}

/** How long a strike may wait for something to strike at. */
const PATIENCE_MS = 30_000;
/** Of an order to SRI, which is given only where SRI is asked, and is not by many during an outage. */
const SRI_PATIENCE_MS = 240_000;
/** Then an order that has met nothing is over: if they gathered, the few questions of an outage would never find its end. */
const SRI_ORDER_MS = 10_000;
const LOOK_MS = 200;

/** Carries out a plan, and tells of each strike when it is over. Resolves when all are. */
export async function carryOut(
  plan: readonly PlannedStrike[],
  { signal, ...scene }: Scene & { signal: AbortSignal },
  tell: (struck: Struck) => void,
): Promise<void> {
  const began = Date.now();
  const turns = new Map<string, Promise<void>>();
  const strikes: Promise<void>[] = [];
  const failed = Promise.withResolvers<never>();
  async function all(): Promise<void> {
    for (const { atMs, strike } of plan) {
      await delay(Math.max(0, began + atMs - Date.now()), undefined, { signal });
      const place = placeOf(strike);
      // Orders to SRI wait at the simulator, all at once.
      const before = strike.kind === 'sri' ? undefined : turns.get(place);
      const mine = (before ?? Promise.resolve()).then(async () => {
        const from = Date.now();
        const met = await strikeOnce(strike, scene);
        tell({ name: nameOf(strike), from, to: Date.now(), met });
      });
      mine.catch(failed.reject);
      turns.set(place, mine);
      strikes.push(mine);
    }
    await Promise.all(strikes);
  }
  await Promise.race([all(), failed.promise]);
}

function strikeOnce(strike: Strike, scene: Scene): Promise<boolean> {
  const { site, product } = scene;
  switch (strike.kind) {
    case 'kill':
      return strike.victim === 'Chromium' ? killBrowser(site) : kill(site.part(strike.victim), strike.downMs);
    case 'line':
      return troubleLine(site, strike);
    case 'clock':
      return setClock(site, product, strike);
    case 'disk':
      return fillDisk(site, strike.forMs);
    case 'sri':
      return orderFromSri(scene, strike.order);
  }
}

async function kill(part: ReturnType<Site['part']>, downMs: number): Promise<boolean> {
  await part.up();
  return part.kill(downMs);
}

function killBrowser(site: Site): Promise<boolean> {
  return eventually(() => {
    const { pid } = site.part('worker');
    const browser = (pid === undefined ? [] : descendantsOf(pid)).find(
      ({ command }) => /--remote-debugging-pipe/.test(command) && !/--type=/.test(command),
    );
    if (browser === undefined) return false;
    process.kill(browser.pid, 'SIGKILL');
    return true;
  });
}

async function troubleLine(
  site: Site,
  { line: name, trouble, forMs, delayMs }: Extract<Strike, { kind: 'line' }>,
): Promise<boolean> {
  const line = site.lines.get(name)!;
  line.trouble(trouble, delayMs);
  try {
    await delay(forMs);
    return await eventually(() => line.met() > 0);
  } finally {
    line.heal();
  }
}

async function setClock(
  site: Site,
  product: Product,
  { clock, offsetMs, forMs }: Extract<Strike, { kind: 'clock' }>,
): Promise<boolean> {
  const part = site.part(clock);
  await part.up();
  product.setClock(clock, offsetMs);
  try {
    await delay(forMs);
    return true;
  } finally {
    product.setClock(clock, 0);
  }
}

async function fillDisk(site: Site, forMs: number): Promise<boolean> {
  const { disk } = site;
  if (typeof disk === 'string') return false;
  const complaints = () =>
    readFileSync(site.logFile('PostgreSQL'), 'latin1').match(/No space left on device/g)?.length ?? 0;
  const before = complaints();
  disk.fill();
  try {
    await delay(forMs);
    return await eventually(() => complaints() > before);
  } finally {
    disk.free();
    await site.part('PostgreSQL').up();
  }
}

/** The order is given again when it is over, or lost with the simulator that has taken it, before it has met a call. */
async function orderFromSri({ site, product, sriIsAsked }: Scene, order: SriOrder): Promise<boolean> {
  const { sriControl } = product;
  const simulator = site.part('SRI simulator');
  let given: { pid: number; id: number; until: number } | undefined;
  return eventually(async () => {
    const { pid } = simulator;
    if (pid === undefined) return false;
    try {
      if (given?.pid !== pid || given.until < Date.now()) {
        if (!(await sriIsAsked())) return false;
        const { id } = await ask<{ id: number }>(`${sriControl}/faults`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...order, forMs: SRI_ORDER_MS }),
        });
        given = { pid, id, until: Date.now() + SRI_ORDER_MS - 5 * LOOK_MS };
        return false;
      }
      const { faults } = await ask<{ faults: { id: number; times: number }[] }>(`${sriControl}/faults`);
      const left = faults.find(({ id }) => id === given!.id)?.times ?? 0;
      return simulator.pid === pid && left < order.times && Date.now() < given.until;
    } catch {
      return false;
    }
  }, SRI_PATIENCE_MS);
}

/** Takes back whatever order has met nothing. */
export async function healSri(control: string): Promise<void> {
  const healed = async () => {
    const { ok } = await fetch(`${control}/faults`, { method: 'DELETE', signal: AbortSignal.timeout(5_000) });
    return ok;
  };
  await eventually(() => healed().catch(() => false));
}

async function ask<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Whether it comes to that in time. */
async function eventually(ask: () => boolean | Promise<boolean>, patienceMs = PATIENCE_MS): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(LOOK_MS)) {
    if (await ask()) return true;
  }
  return false;
}
