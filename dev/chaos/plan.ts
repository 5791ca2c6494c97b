import { type FaultName, KINDS } from '../sri-simulator/faults.ts';
import { CLOCKS, type LineName, nameOf, type SriOrder, type Strike, TROUBLES, VICTIMS } from './kinds.ts';
import { type Random, randomOf } from './random.ts';

export interface PlannedStrike {
  /** Milliseconds after the load has begun. */
  atMs: number;
  strike: Strike;
}

export interface PlanOptions {
  seed: string;
  seconds: number;
  /** The lines that there are. */
  lines: readonly LineName[];
  /** Whether PostgreSQL's disk can be filled. */
  disk: boolean;
}

/** On average; with it ten minutes have some 370 strikes. */
const EVERY_MS = 1_600;
const CLOCK_OFF_MS = 600_000;

/** Milliseconds in which what was struck is on its feet again, about; meanwhile others are preferred. */
const RECOVERY_MS: Record<Strike['kind'], number> = { kill: 12_000, line: 5_000, clock: 5_000, disk: 12_000, sri: 0 };

/** What reception may say of a document that it does not take: to be corrected, settled, sent again, or that it has it. */
const CODES = ['2', '10', '26', '35', '43', '45', '48', '50', '52', '56', '57', '58', '65', '67', '70'];

/** What goes wrong and when; the same for the same options. Strikes may overlap, also at one place. */
export function planOf(options: PlanOptions): PlannedStrike[] {
  const random = randomOf(options.seed);
  const plan: PlannedStrike[] = [];
  const busyUntil = new Map<string, number>();
  let bag: Strike[] = [];
  for (let atMs = EVERY_MS; atMs < options.seconds * 1000; atMs += random.between(EVERY_MS / 4, EVERY_MS * 1.75)) {
    if (bag.length === 0) bag = random.shuffle(drawAll(options, random));
    const free = bag.findIndex((strike) => (busyUntil.get(placeOf(strike)) ?? 0) <= atMs);
    const [strike] = bag.splice(Math.max(free, 0), 1);
    busyUntil.set(placeOf(strike!), atMs + lengthOf(strike!) + RECOVERY_MS[strike!.kind]);
    plan.push({ atMs, strike: strike! });
  }
  return plan;
}

/** What a strike strikes at; those at one place take turns. */
export function placeOf(strike: Strike): string {
  switch (strike.kind) {
    case 'kill':
      return strike.victim;
    case 'line':
      return strike.line;
    case 'clock':
      return strike.clock;
    case 'disk':
      return 'PostgreSQL';
    case 'sri':
      return nameOf(strike);
  }
}

function lengthOf(strike: Strike): number {
  if (strike.kind === 'sri') return 0;
  return strike.kind === 'kill' ? strike.downMs : strike.forMs;
}

/** A bag: each kind as often as its weight says. */
function drawAll({ lines, disk }: PlanOptions, random: Random): Strike[] {
  const kill = VICTIMS.map((victim) => () => ({ kind: 'kill', victim, downMs: random.between(0, 4_000) }) as const);
  const line = lines.flatMap((name) =>
    TROUBLES.map((trouble) => () => {
      const delayMs = trouble === 'slow' ? random.between(50, 400) : 0;
      return { kind: 'line', line: name, trouble, delayMs, forMs: random.between(1_000, 8_000) } as const;
    }),
  );
  const clock = CLOCKS.flatMap((name) =>
    [CLOCK_OFF_MS, -CLOCK_OFF_MS].map(
      (offsetMs) => () => ({ kind: 'clock', clock: name, offsetMs, forMs: random.between(5_000, 15_000) }) as const,
    ),
  );
  const full = disk ? [() => ({ kind: 'disk', forMs: random.between(3_000, 8_000) }) as const] : [];
  const sri = (Object.keys(KINDS) as FaultName[]).map(
    (fault) => () => ({ kind: 'sri', order: orderOf(fault, random) }) as const,
  );
  return [...kill, ...kill, ...line, ...clock, ...full, ...sri, ...sri].map((draw): Strike => draw());
}

function orderOf(fault: FaultName, random: Random): SriOrder {
  const { services, takes }: { services: readonly SriOrder['service'][]; takes?: string } = KINDS[fault];
  return {
    service: services.length > 1 ? random.pick([...services, 'any']) : services[0]!,
    fault,
    times: random.between(1, 4),
    ...(takes === 'ms' ? { ms: random.between(500, 6_000) } : {}),
    ...(fault === 'code' ? { code: random.pick(CODES) } : {}),
  };
}
