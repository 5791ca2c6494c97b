import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { startReady } from '../start/ready-child.ts';
import { lastingPorts } from './ports.ts';
import type { Site } from './site.ts';

export interface ProductionTemporalOptions {
  /** Of the programs `server` and `sql`. */
  folder: string;
  dir: string;
  port: number;
  namespace: string;
  logFile: string;
  /** Straight to PostgreSQL, to make the tables. */
  databaseUrl: string;
  /** Host and port that the server has of it. */
  line: string;
}

const STORES = { temporal: 'temporal', temporal_visibility: 'visibility' };
const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;

/** Starts, on a site, the Temporal server that deployments run, with its state in two databases of PostgreSQL. */
export async function startProductionTemporal(site: Site, options: ProductionTemporalOptions): Promise<void> {
  const { folder, dir, port, namespace, logFile } = options;
  makeStores(options);
  mkdirSync(join(dir, 'config'), { recursive: true });
  writeFileSync(join(dir, 'config', 'development.yaml'), await settings(options), { mode: 0o600 });
  writeFileSync(join(dir, 'dynamic.yaml'), DYNAMIC);
  await site.run('Temporal', () =>
    startReady({
      name: 'Temporal',
      program: join(folder, 'server'),
      args: ['--root', dir, '--config', 'config', '--env', 'development', 'start'],
      logFile,
      ready: () => knows(`127.0.0.1:${port}`, namespace),
      signal: new AbortController().signal,
    }),
  );
}

/** As docker-compose.yml has it. */
const DYNAMIC = `matching.useNewMatcher:
  - value: true
matching.enableFairness:
  - value: true
`;

function makeStores({ folder, databaseUrl }: ProductionTemporalOptions): void {
  const { hostname, port, username, password } = new URL(databaseUrl);
  for (const [name, schema] of Object.entries(STORES)) {
    const basics = ['--plugin', 'postgres12', '--ep', hostname, '-p', port, '-u', username, '--db', name];
    const run = (...args: string[]) => {
      const env = { ...process.env, SQL_PASSWORD: password };
      const { status, stderr, stdout } = spawnSync(join(folder, 'sql'), [...basics, ...args], {
        env,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`Temporal's tables could not be made: ${stderr}${stdout}`);
    };
    run('create-database');
    run('setup-schema', '-v', '0.0');
    run('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

async function settings({ databaseUrl, line, port, dir }: ProductionTemporalOptions): Promise<string> {
  const { username, password } = new URL(databaseUrl);
  const store = (name: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName: name,
      connectAddr: line,
      connectProtocol: 'tcp',
      user: username,
      password,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  const ports = await lastingPorts(2 * SERVICES.length);
  const services = SERVICES.map((name) => {
    const [grpcPort, membershipPort] = ports.splice(0, 2);
    return [name, { rpc: { grpcPort: name === 'frontend' ? port : grpcPort, membershipPort, bindOnLocalHost: true } }];
  });
  // JSON is YAML.
  return JSON.stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal'), visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${port}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(dir, 'dynamic.yaml'), pollInterval: '60s' },
  });
}

/** Whether it serves, and the namespace is there; it is made when it is not. */
async function knows(address: string, namespace: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      const { namespaces } = await connection.workflowService.listNamespaces({});
      if (namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === namespace)) {
        await connection.operatorService.listSearchAttributes({ namespace });
        return true;
      }
      await connection.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: msToTs('1 day'),
      });
      return false;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
