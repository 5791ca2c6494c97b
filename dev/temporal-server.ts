import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../workflows/contract.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';

export interface TemporalOptions {
  /** Path of the `temporal` program. */
  cli: string;
  /** Folder of its store; without one it keeps everything in memory. */
  dir?: string;
  /** Preferred ports; others are taken when they are not free. */
  port?: number;
  /** Port of the web interface; without one there is none. */
  uiPort?: number;
  namespace: string;
  logFile: string;
}

export interface RunningTemporal {
  /** host:port for clients and workers. */
  address: string;
  /** Address of the web interface. */
  uiUrl?: string;
  namespace: string;
  child: Child;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
/** Tenants share a queue fairly, as docker-compose.yml has it too. */
const FAIRNESS = ['matching.useNewMatcher', 'matching.enableFairness'];

/**
 * Starts Temporal's development server on loopback with our namespace and search attributes.
 * @throws when it does not serve within a minute; the message ends with its last words.
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { cli, dir, namespace, logFile } = options;
  const port = await freePort(options.port);
  const uiPort = options.uiPort === undefined ? undefined : await freePort(options.uiPort);
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const basics = ['--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace, '--log-level', 'warn'];
  const child = await startChild({
    name: 'Temporal',
    program: cli,
    args: [
      'server',
      'start-dev',
      ...basics,
      ...FAIRNESS.flatMap((setting) => ['--dynamic-config-value', `${setting}=true`]),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(dir === undefined ? [] : ['--db-filename', join(dir, 'temporal.db')]),
      ...SEARCH_ATTRIBUTES.flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
    ],
    logFile,
  });
  const address = `127.0.0.1:${port}`;
  if (!(await serves(child, address, namespace))) {
    await child.stop();
    throw new Error(`Temporal did not start: ${child.lastWords()}`);
  }
  return {
    address,
    ...(uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` }),
    namespace,
    child,
    stop: () => child.stop('SIGTERM', 15_000),
  };
}

/** Up when the namespace is there and knows every search attribute; the program registers them after it listens. */
async function serves(child: Child, address: string, namespace: string): Promise<boolean> {
  const deadline = Date.now() + READY_MS;
  while (child.running && Date.now() < deadline) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
        if (SEARCH_ATTRIBUTES.every(({ name }) => name in (customAttributes ?? {}))) return true;
      } finally {
        await connection.close();
      }
    } catch {
      // Not yet.
    }
    await delay(100);
  }
  return false;
}
