import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../domain/store/migrate.ts';
import { createDemoAuthority, type DemoAuthority } from '../demo-authority.ts';
import { startPostgres } from '../embedded-postgres.ts';
import { setupFacts } from '../setup-facts.ts';
import { writePrivately } from '../start/private-file.ts';
import { startTemporal } from '../temporal-server.ts';
import type { Clock } from './kinds.ts';
import { lastingPorts } from './ports.ts';
import { startProductionTemporal } from './production-temporal.ts';
import type { Site } from './site.ts';

export type ServerKind = 'dev' | 'production';

/** The whole product as `npm start` runs it, but with a line between each two that speak with each other. */
export interface Product {
  /** Base address of the API, over the line that tills have. */
  api: string;
  /** Straight there, as are the others. */
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  sriControl: string;
  mailboxDir: string;
  webhooksDir: string;
  /** Where tenants' webhooks go, over the worker's line. */
  hooksUrl: string;
  authority: DemoAuthority;
  /** Sets a clock so many milliseconds off. */
  setClock(clock: Clock, offsetMs: number): void;
}

const NAMESPACE = 'default';

type Seven = [number, number, number, number, number, number, number];

/** Starts everything; it ends with the site. */
export async function openProduct(kind: ServerKind, site: Site): Promise<Product> {
  const { data, disk } = site;
  const ports = await lastingPorts(7);
  const [databasePort, temporalPort, sriPort, controlPort, mailPort, hooksPort, apiPort] = ports as Seven;
  const { url: databaseUrl } = await site.run('PostgreSQL', () =>
    startPostgres({
      dir: typeof disk === 'string' ? data.postgres : join(data.dir, 'disk', 'postgres'),
      port: databasePort,
      logFile: site.logFile('PostgreSQL'),
    }),
  );
  const databaseOver = (place: string) => Object.assign(new URL(databaseUrl), { host: place }).href;

  const authority = createDemoAuthority();
  const authorityFile = join(data.demo, 'authority.pem');
  writePrivately(authorityFile, authority.certificatePem);
  const simulated = ['--port', `${sriPort}`, '--control-port', `${controlPort}`, '--dir', data.sri];
  await Promise.all([
    migrate(databaseUrl),
    runTemporal(kind, site, { databaseUrl, port: temporalPort, databasePort }),
    site.runProgram('SRI simulator', '../sri-simulator/main.ts', [...simulated, '--trust', authorityFile]),
    site.runProgram('mailbox', '../mailbox.ts', ['--dir', data.mailbox, '--port', `${mailPort}`]),
    site.runProgram('webhook receiver', '../webhook-receiver.ts', ['--dir', data.webhooks, '--port', `${hooksPort}`]),
  ]);

  const sri = `http://${await site.line('worker to SRI', sriPort)}`;
  // What those that are killed leave lying about goes with the rest; of our own settings they get none.
  const temporary = join(data.dir, 'tmp');
  mkdirSync(temporary);
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    TMPDIR: temporary,
    NODE_OPTIONS: `--import=${new URL('./clock.ts', import.meta.url).href}`,
    LOG_LEVEL: 'info',
    TEMPORAL_NAMESPACE: NAMESPACE,
    SRI_TEST_URL: sri,
    SRI_PRODUCTION_URL: sri,
    SMTP_URL: `smtp://${await site.line('worker to mailbox', mailPort)}`,
    ADMIN_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEYS: `chaos:${randomBytes(32).toString('hex')}`,
    CHROMIUM_PATH: setupFacts().chromium,
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    RATE_LIMITS: 'off',
  };
  const clocks = { API: join(data.dir, 'clock-of-api'), worker: join(data.dir, 'clock-of-worker') };
  await Promise.all([
    site.runProgram('worker', '../../activities/main.ts', [], {
      ...env,
      CHAOS_CLOCK: clocks.worker,
      DATABASE_URL: databaseOver(await site.line('worker to PostgreSQL', databasePort)),
      TEMPORAL_ADDRESS: await site.line('worker to Temporal', temporalPort),
    }),
    site.runProgram('API', '../../api/main.ts', [], {
      ...env,
      CHAOS_CLOCK: clocks.API,
      PORT: `${apiPort}`,
      DATABASE_URL: databaseOver(await site.line('API to PostgreSQL', databasePort)),
      TEMPORAL_ADDRESS: await site.line('API to Temporal', temporalPort),
    }),
  ]);
  return {
    api: `http://${await site.line('till to API', apiPort)}`,
    databaseUrl,
    temporal: { address: `127.0.0.1:${temporalPort}`, namespace: NAMESPACE },
    sriControl: `http://127.0.0.1:${controlPort}`,
    mailboxDir: data.mailbox,
    webhooksDir: data.webhooks,
    hooksUrl: `http://${await site.line('worker to webhook receiver', hooksPort)}/hooks`,
    authority,
    setClock: (clock, offsetMs) => writeFileSync(clocks[clock], `${offsetMs}`),
  };
}

async function runTemporal(
  kind: ServerKind,
  site: Site,
  { port, databaseUrl, databasePort }: { port: number; databaseUrl: string; databasePort: number },
): Promise<void> {
  const { temporalCli: cli, productionServer: folder } = setupFacts();
  const options = { port, namespace: NAMESPACE, dir: site.data.temporal, logFile: site.logFile('Temporal') };
  if (kind === 'dev') {
    if (cli === undefined) throw new Error('There is no Temporal program: run `node dev/setup.mjs` once.');
    await site.run('Temporal', () => startTemporal({ ...options, cli }));
    return;
  }
  if (folder === undefined) throw new Error('Run `node dev/setup.mjs --production-server` once.');
  const line = await site.line('Temporal to PostgreSQL', databasePort);
  await startProductionTemporal(site, { ...options, folder, databaseUrl, line });
}
