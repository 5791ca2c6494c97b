import { setTimeout as delay } from 'node:timers/promises';
import type { Started } from '../start/house.ts';

/** After a death of its own, or a start that failed. */
const AGAIN_MS = 1_000;
const MAX_STARTS = 500;

/** A process that is started again whenever it ends, as whoever runs a service has it. */
export class Part<T extends Required<Started> = Required<Started>> {
  readonly name: string;
  /** How it ended when nobody had killed it, or why it did not start. */
  readonly deaths: string[] = [];
  private readonly begin: () => Promise<T>;
  private current: T | undefined;
  private closing = false;
  private killed = false;
  private downMs = 0;
  private keeping: Promise<void> | undefined;

  /** @param begin starts it anew, on what the last one left */
  constructor(name: string, begin: () => Promise<T>) {
    this.name = name;
    this.begin = begin;
  }

  /** Its process, while it serves. */
  get pid(): number | undefined {
    return this.current?.child.pid;
  }

  /** @throws when it does not come up at all. */
  async start(): Promise<T> {
    const first = await this.begin();
    this.current = first;
    this.keeping = this.keep();
    return first;
  }

  /** SIGKILL; it stays down for so long. Resolves when it is up again. @returns whether it was up */
  async kill(downMs: number): Promise<boolean> {
    const { current } = this;
    if (current === undefined) return false;
    this.killed = true;
    this.downMs = downMs;
    process.kill(current.child.pid, 'SIGKILL');
    await current.child.ended;
    await this.up(current);
    return true;
  }

  /** Resolves when it serves, and is not `old`, or when it is to serve no more. */
  async up(old?: T): Promise<void> {
    while (!this.closing && (this.current === undefined || this.current === old)) await delay(100);
  }

  /** Ends it for good, without asking. */
  async close(): Promise<void> {
    this.closing = true;
    this.end();
    await this.keeping;
  }

  private end(): void {
    if (this.current?.child.running) process.kill(this.current.child.pid, 'SIGKILL');
  }

  private async keep(): Promise<void> {
    for (let starts = 0; starts < MAX_STARTS && this.current !== undefined; starts++) {
      const how = await this.current.child.ended;
      this.current = undefined;
      if (this.closing) return;
      if (!this.killed) this.deaths.push(how);
      await delay(this.killed ? this.downMs : AGAIN_MS);
      this.killed = false;
      this.current = await this.again();
      if (this.closing) this.end();
    }
  }

  private async again(): Promise<T | undefined> {
    for (let tries = 0; tries < MAX_STARTS && !this.closing; tries++) {
      try {
        return await this.begin();
      } catch (error) {
        this.deaths.push(`did not start: ${(error as Error).message.split('\n')[0]}`);
        await delay(AGAIN_MS);
      }
    }
    return undefined;
  }
}
