import { randomInt } from 'node:crypto';
import { Problem } from './problems.ts';

/** How much of one kind of request a process takes on at once. */
export interface Bounds {
  /** Requests that are worked on: they take turns at the processor and the database. */
  working: number;
  /** Requests in all, those included that are held for something outside, or whose answer is on its way. */
  admitted: number;
  /** Bytes of their bodies. */
  bodyBytes: number;
}

/** A whole queue for a connection to the database, ten at a time, is through within the time that it is waited for one. */
export const TENANT_BOUNDS: Bounds = { working: 100, admitted: 1_000, bodyBytes: 64 * 2 ** 20 };
/** Apart, so that whoever runs the service gets in when nobody else does. */
export const ADMIN_BOUNDS: Bounds = { working: 10, admitted: 50, bodyBytes: 16 * 2 ** 20 };

/** Seconds after which a request may be repeated; not the same for all, who would come back together. */
const RETRY_AFTER = { from: 1, to: 5 };

/** Takes on as many requests as there is room for, and refuses others at once, so that nothing grows. */
export class Admission {
  readonly #bounds: Bounds;
  #working = 0;
  #admitted = 0;
  #bodyBytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /**
   * Does the work of a request if there is room for it.
   * @param bodyBytes how large its body may be
   * @param closed settles when its answer has gone, or nobody waits for it any more
   * @throws Problem SERVER_BUSY when there is no room; then nothing has been done
   */
  async admit<T>(bodyBytes: number, closed: Promise<unknown>, work: () => Promise<T>): Promise<T> {
    const { working, admitted, bodyBytes: most } = this.#bounds;
    if (this.#working >= working || this.#admitted >= admitted || this.#bodyBytes + bodyBytes > most) throw busy();
    this.#admitted++;
    this.#bodyBytes += bodyBytes;
    const done = this.#work(work);
    void Promise.allSettled([done, closed]).then(() => {
      this.#admitted--;
      this.#bodyBytes -= bodyBytes;
    });
    return done;
  }

  /** Lets others be worked on while an admitted request waits for something that is neither processor nor database. */
  async aside<T>(wait: () => Promise<T>): Promise<T> {
    this.#working--;
    try {
      return await wait();
    } finally {
      // Whoever was admitted is not turned away any more.
      this.#working++;
    }
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work();
    } finally {
      this.#working--;
    }
  }
}

function busy(): Problem {
  return new Problem('SERVER_BUSY', {
    detail:
      'More requests are being answered than there is room for. Nothing of this one was done: repeat it in a moment.',
    headers: { 'Retry-After': String(randomInt(RETRY_AFTER.from, RETRY_AFTER.to)) },
  });
}
