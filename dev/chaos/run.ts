import { setTimeout as delay } from 'node:timers/promises';
import { Store } from '../../domain/store/store.ts';
import { findingsIn } from '../audit/audit.ts';
import { runClerk } from './clerk.ts';
import { letADayPass } from './day.ts';
import { LINES, nameOf, type Strike } from './kinds.ts';
import { planOf } from './plan.ts';
import { openProduct, type Product, type ServerKind } from './product.ts';
import { randomOf } from './random.ts';
import type { Outcome } from './report.ts';
import type { Sale, Shop } from './sales.ts';
import { type Unsettled, unsettled } from './settled.ts';
import { Site } from './site.ts';
import { carryOut, healSri, type Struck } from './strikes.ts';
import { openShops, runTills } from './tills.ts';
import { brokenOf, promisesBroken } from './verdict.ts';

export interface RunOptions {
  /** How long things go wrong. */
  seconds: number;
  seed: string;
  server: ServerKind;
  /** Sales a second. */
  rate: number;
  /** How long everything may take to settle afterwards. */
  settleSeconds: number;
  /** Empty folder, which PostgreSQL's user may pass. */
  dir: string;
  signal: AbortSignal;
  /** Gets a line now and then. */
  say: (line: string) => void;
}

const SHOPS = 6;
const SAY_EVERY_MS = 10_000;
const SETTLE_EVERY_MS = 1_000;

/** Starts everything, breaks it for a time, lets it heal, and compares. */
export async function runChaos(options: RunOptions): Promise<Outcome> {
  const site = new Site(options.dir);
  try {
    const product = await openProduct(options.server, site);
    const store = await Store.open({ databaseUrl: product.databaseUrl, poolSize: 2 });
    try {
      const shops = await openShops(product, store, SHOPS);
      options.say(`everything is up; the faults begin (seed ${options.seed})`);
      return await new Storm(options, site, product, store, shops).run();
    } finally {
      await store.close();
    }
  } finally {
    await site.close();
  }
}

/** One run, from the first sale to the verdict. */
class Storm {
  private readonly options: RunOptions;
  private readonly site: Site;
  private readonly product: Product;
  private readonly store: Store;
  private readonly shops: readonly Shop[];
  private readonly sales: Sale[] = [];
  private readonly struck: Struck[] = [];
  private readonly grumbles: string[] = [];
  /** What is on its way, while it settles. */
  private left: Unsettled | undefined;

  constructor(options: RunOptions, site: Site, product: Product, store: Store, shops: readonly Shop[]) {
    this.options = options;
    this.site = site;
    this.product = product;
    this.store = store;
    this.shops = shops;
  }

  async run(): Promise<Outcome> {
    const { options, site, product, store, shops } = this;
    const { seed, seconds, rate, settleSeconds } = options;
    const { disk } = site;
    const lines = LINES.filter((name) => site.lines.has(name));
    const plan = planOf({ seed, seconds, lines, disk: typeof disk !== 'string' });

    const [closing, patience, done] = [new AbortController(), new AbortController(), new AbortController()];
    const random = randomOf(`${seed} tills`);
    const { api } = product;
    const till = { api, shops, rate, random, closing: closing.signal, patience: patience.signal };
    const tills = runTills(till, this.sales);
    // Only then: what is still on its way to its first attempt would only be in its own way.
    const hurry = () => this.left?.documents === 0;
    const clerks = shops.map((shop) =>
      runClerk({ api, shop, hurry, signal: done.signal }, (what) => this.grumbles.push(what)),
    );
    const progress = this.tellProgress(done.signal);
    try {
      const sriIsAsked = async () => (await store.lookUp('select from sri_health where away', [])).length === 0;
      await carryOut(plan, { site, product, sriIsAsked, signal: options.signal }, (struck) => this.struck.push(struck));
      closing.abort();
      await healSri(product.sriControl);
      options.say('the faults are over; everything settles');
      const deadline = Date.now() + settleSeconds * 1000;
      const timer = setTimeout(() => patience.abort(), settleSeconds * 1000);
      await tills.finally(() => clearTimeout(timer));
      await this.settle(deadline);
    } finally {
      for (const one of [closing, patience, done]) one.abort();
      await Promise.all([tills, progress, ...clerks]);
    }
    return this.judge(disk);
  }

  private async tellProgress(signal: AbortSignal): Promise<void> {
    const began = Date.now();
    while (!signal.aborted) {
      await delay(SAY_EVERY_MS, undefined, { signal }).catch(() => undefined);
      const seconds = Math.round((Date.now() - began) / 1000);
      const answered = this.sales.filter(({ accessKeys }) => accessKeys.size > 0).length;
      const down = [...this.site.parts.values()].filter(({ pid }) => pid === undefined).map(({ name }) => name);
      const state = down.length === 0 ? '' : `, down: ${down.join(', ')}`;
      const left = await unsettled(this.store, this.product).then(leftOver, () => 'unknown');
      this.options.say(
        `${seconds} s: ${this.struck.length} faults, ${this.sales.length} sales, ${answered} answered, on their way: ${left}${state}`,
      );
    }
  }

  /** Waits until nothing is on its way, or patience is at its end. */
  private async settle(deadline: number): Promise<void> {
    const { options, product, store, shops } = this;
    while (Date.now() < deadline) {
      options.signal.throwIfAborted();
      await letADayPass(store, product.api, shops).catch(() => undefined);
      this.left = await unsettled(store, product).catch(() => undefined);
      if (this.left !== undefined && Object.values(this.left).every((count) => count === 0)) return;
      await delay(SETTLE_EVERY_MS);
    }
  }

  private async judge(disk: Site['disk']): Promise<Outcome> {
    const { site, product, store, sales, struck, grumbles } = this;
    const { databaseUrl, temporal, sriControl, mailboxDir, webhooksDir } = product;
    const soon = new Date(Date.now() + 60_000);
    const findings = await findingsIn({ databaseUrl, temporal, sriControl, mailboxDir, webhooksDir }, soon);
    const broken = await promisesBroken(store, sriControl, sales);
    const [documents] = await store.lookUp<{ count: number }>('select count(*)::int as count from documents', []);
    const full: Strike = { kind: 'disk', forMs: 0 };
    return {
      struck,
      untried: typeof disk === 'string' ? [{ name: nameOf(full), reason: disk }] : [],
      documents: documents!.count,
      requests: sales.reduce((sum, { requests }) => sum + requests, 0),
      broken: [...broken, ...findings.map((finding) => brokenOf(finding, sales))],
      deaths: [...site.parts.values()].flatMap(({ name, deaths }) => deaths.map((how) => `${name} (${how})`)),
      grumbles,
    };
  }
}

function leftOver(left: Unsettled): string {
  const some = Object.entries(left).filter(([, count]) => count > 0);
  return some.length === 0 ? 'nothing' : some.map(([what, count]) => `${count} ${what}`).join(', ');
}
