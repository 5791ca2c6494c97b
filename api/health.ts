import type { Store } from '../domain/store/store.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { DocumentProcess } from './document-process.ts';

export const VERSION = packageJson.version;

const PING_MS = 3_000;

export interface Readiness {
  database: boolean;
  /** The schema is the one that this code was written for. */
  migrations: boolean;
  temporal: boolean;
}

/** How the service is. */
export interface Health {
  /** Seconds since the process began. */
  uptime(): number;
  /** Whether the database answers. */
  database(): Promise<boolean>;
  /** What a load balancer asks before it sends requests here. */
  readiness(): Promise<Readiness>;
  /** No new requests, please: the process is about to end. */
  close(): void;
  closing(): boolean;
}

export function createHealth(store: Store, temporal: Pick<DocumentProcess, 'ready'>): Health {
  let migrated = false;
  let closing = false;

  let pinging: Promise<boolean> | undefined;

  /** However many ask, the database is asked once. */
  function database(): Promise<boolean> {
    pinging ??= settles(store.ping()).finally(() => (pinging = undefined));
    return pinging;
  }

  /** Once true it stays so: this process knows no newer migration. */
  async function migrations(): Promise<boolean> {
    migrated ||= await settles(
      store.orm.migrator.getPending().then((pending) => {
        if (pending.length > 0) throw new Error('the schema is not current');
      }),
    );
    return migrated;
  }

  return {
    uptime: () => Math.round(process.uptime()),
    database,
    async readiness() {
      const [reachable, heard] = await Promise.all([database(), temporal.ready()]);
      return { database: reachable, migrations: reachable && (await migrations()), temporal: heard };
    },
    close() {
      closing = true;
    },
    closing: () => closing,
  };
}

/** Whether it resolves, and in time. */
async function settles(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PING_MS, false);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
