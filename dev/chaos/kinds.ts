import type { FaultName } from '../sri-simulator/faults.ts';
import type { LineTrouble } from './line.ts';

/** Processes that are killed; each is started again. */
export const VICTIMS = [
  'API',
  'worker',
  'Temporal',
  'PostgreSQL',
  'Chromium',
  'mailbox',
  'SRI simulator',
  'webhook receiver',
] as const;

export type Victim = (typeof VICTIMS)[number];

/** Who speaks with whom; the last one only where Temporal keeps its state in PostgreSQL. */
export const LINES = [
  'till to API',
  'API to PostgreSQL',
  'API to Temporal',
  'worker to PostgreSQL',
  'worker to Temporal',
  'worker to SRI',
  'worker to mailbox',
  'worker to webhook receiver',
  'Temporal to PostgreSQL',
] as const;

export type LineName = (typeof LINES)[number];

export const TROUBLES: readonly LineTrouble[] = ['cut', 'slow', 'half-open'];

/** Whose clock is set wrong. */
export const CLOCKS = ['API', 'worker'] as const;

export type Clock = (typeof CLOCKS)[number];

/** What the simulator of SRI is told to do, as its control address takes it. */
export interface SriOrder {
  service: 'reception' | 'authorization' | 'any';
  fault: FaultName;
  times: number;
  ms?: number;
  code?: string;
}

/** One thing that goes wrong. */
export type Strike =
  | { kind: 'kill'; victim: Victim; downMs: number }
  | { kind: 'line'; line: LineName; trouble: LineTrouble; forMs: number; delayMs: number }
  | { kind: 'clock'; clock: Clock; offsetMs: number; forMs: number }
  | { kind: 'disk'; forMs: number }
  | { kind: 'sri'; order: SriOrder };

/** Its row in the table. */
export function nameOf(strike: Strike): string {
  switch (strike.kind) {
    case 'kill':
      return `kill ${strike.victim}`;
    case 'line':
      return `${strike.line} ${strike.trouble}`;
    case 'clock':
      return `clock of ${strike.clock} 10 min ${strike.offsetMs > 0 ? 'ahead' : 'behind'}`;
    case 'disk':
      return 'disk full for PostgreSQL';
    case 'sri':
      return `SRI ${strike.order.fault}`;
  }
}
