import type { Child } from '../child.ts';
import { death } from './death.ts';

/** In the order in which they stop: whoever uses something goes before it. */
const ORDER = ['API', 'worker', 'SRI simulator', 'webhook receiver', 'mailbox', 'Temporal', 'PostgreSQL'] as const;

export type Part = (typeof ORDER)[number];

/** Something that was started: a process or a listener of our own. */
export interface Started {
  child?: Child;
  stop(): Promise<void>;
}

/** Everything that runs for us, so that it can be stopped in order from any state. */
export class House {
  private readonly parts = new Map<Part, Promise<Started | undefined>>();
  private readonly onDeath: (error: Error) => void;
  private stopping = false;

  constructor(onDeath: (error: Error) => void) {
    this.onDeath = onDeath;
  }

  /** Starts a part and watches its process. */
  async start<T extends Started>(part: Part, begin: () => Promise<T>): Promise<T> {
    if (this.stopping) throw new Error(`no ${part} any more: we are stopping`);
    const started = begin();
    // A failed start is the caller's to report; for stopping it only means that there is nothing to stop.
    this.parts.set(
      part,
      started.catch(() => undefined),
    );
    const { child } = await started;
    void child?.ended.then((how) => {
      if (!this.stopping) this.onDeath(death(child, how));
    });
    return started;
  }

  /** Stops what runs, and what is still starting as soon as it has. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const part of ORDER) await (await this.parts.get(part))?.stop();
  }
}
