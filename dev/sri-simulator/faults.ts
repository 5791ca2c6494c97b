import type { Service } from './soap.ts';

/** Where in a call a fault strikes: before or after the request is read, in place of the decision. */
type Moment = 'connection' | 'answer' | 'decision';

interface Kind {
  moment: Moment;
  services: readonly Service[];
  /** Options it takes besides the common ones. */
  takes?: 'ms' | 'code';
}

const BOTH: readonly Service[] = ['reception', 'authorization'];
const RECEPTION: readonly Service[] = ['reception'];
const AUTHORIZATION: readonly Service[] = ['authorization'];

/** Everything this SRI can be told to do wrong. */
export const KINDS = {
  down: { moment: 'connection', services: BOTH },
  'drop-before': { moment: 'connection', services: BOTH },
  slow: { moment: 'answer', services: BOTH, takes: 'ms' },
  hang: { moment: 'answer', services: BOTH },
  'drop-after-accepting': { moment: 'answer', services: BOTH },
  'cut-mid-answer': { moment: 'answer', services: BOTH },
  'http-500-html': { moment: 'answer', services: BOTH },
  'http-503': { moment: 'answer', services: BOTH },
  'soap-fault': { moment: 'answer', services: BOTH },
  'empty-answer': { moment: 'answer', services: BOTH },
  garbage: { moment: 'answer', services: BOTH },
  'iso-8859-1': { moment: 'answer', services: BOTH },
  code: { moment: 'answer', services: RECEPTION, takes: 'code' },
  escaped: { moment: 'answer', services: AUTHORIZATION },
  several: { moment: 'answer', services: AUTHORIZATION },
  'never-decides': { moment: 'answer', services: AUTHORIZATION },
  'not-authorized': { moment: 'decision', services: AUTHORIZATION, takes: 'code' },
  rechazado: { moment: 'decision', services: AUTHORIZATION, takes: 'code' },
} as const satisfies Record<string, Kind>;

export type FaultName = keyof typeof KINDS;

interface Fault {
  service: Service | 'any';
  fault: FaultName;
  /** How many more calls it strikes; without it, and without `forMs`, until it is deleted. */
  times?: number | undefined;
  forMs?: number | undefined;
  /** Strikes calls about this key alone. */
  accessKey?: string | undefined;
  /** `slow`: how late the answer is. */
  ms?: number | undefined;
  /** `code`, `not-authorized`, `rechazado`: SRI's message number. */
  code?: string | undefined;
}

export interface ActiveFault extends Fault {
  id: number;
}

/** A call as far as it is known; before it is read, neither service nor key need be. */
interface Call {
  service?: Service;
  accessKey?: string;
}

export interface Faults {
  add(fault: Fault): ActiveFault;
  list(): ActiveFault[];
  clear(): void;
  /** The oldest fault that strikes this call at one of these moments; uses one of its times. */
  take(call: Call, ...moments: Moment[]): ActiveFault | undefined;
}

/** The faults in force. They are kept in memory: a simulator that is started again behaves. */
export function createFaults(): Faults {
  let active: { fault: ActiveFault; until: number }[] = [];
  let lastId = 0;
  const current = () => {
    active = active.filter(({ fault, until }) => fault.times !== 0 && until > Date.now());
    return active.map(({ fault }) => fault);
  };
  return {
    add(fault) {
      const added = { ...fault, id: ++lastId };
      active.push({ fault: added, until: Date.now() + (fault.forMs ?? Number.POSITIVE_INFINITY) });
      return added;
    },
    list: current,
    clear() {
      active = [];
    },
    take(call, ...moments) {
      const found = current().find((fault) => strikes(fault, call, moments));
      if (found?.times !== undefined) found.times -= 1;
      return found;
    },
  };
}

function strikes({ fault, service, accessKey }: Fault, call: Call, moments: readonly Moment[]): boolean {
  const kind: Kind = KINDS[fault];
  if (!moments.includes(kind.moment) || (accessKey !== undefined && accessKey !== call.accessKey)) return false;
  // A connection belongs to no service yet: only a fault of both can end it.
  if (call.service === undefined) return service === 'any' && fault === 'down';
  return kind.services.includes(call.service) && (service === 'any' || service === call.service);
}
