import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { openDeps } from '../../activities/main.ts';
import { createWorkers } from '../../activities/worker.ts';
import type { ApiDeps } from '../../api/app.ts';
import { createDocumentProcess } from '../../api/document-process.ts';
import { type RunningApi, startApi } from '../../api/server.ts';
import { createTenantProcess } from '../../api/tenant-process.ts';
import { createDemoAuthority, type DemoAuthority } from '../../dev/demo-authority.ts';
import { type Mailbox, startMailbox } from '../../dev/mailbox.ts';
import { startSriSimulator } from '../../dev/sri-simulator/index.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { type Config, loadConfig } from '../../domain/config.ts';
import { Sealer } from '../../domain/store/sealing.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from './database.ts';
import { createSriControl, type SriControl } from './sri-control.ts';
import { freshNamespace, type TemporalPlace } from './temporal.ts';

/** The whole service with everything around it, in this process, on a database and a namespace of its own. */
export interface Stack {
  config: Config;
  apiUrl: string;
  /** What the API was started with, for another that differs. */
  apiDeps: ApiDeps;
  store: Store;
  temporal: TemporalPlace;
  authority: DemoAuthority;
  sri: SriControl;
  mailbox: Mailbox;
  receiver: WebhookReceiver;
  /** All that API and workers have logged. */
  logs(): string;
  /** Workers can go and come; they are there when the stack starts. */
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Settings that differ. */
  env?: Record<string, string>;
  /** Another Temporal than the shared one; stays the caller's to close. */
  temporal?: TemporalPlace;
  /** What time it is for API and workers; the machine's unless given. */
  clock?: () => Date;
  /** Milliseconds that the simulated SRI takes to decide. */
  decisionDelayMs?: number;
  /** What stands between the workers and the simulated SRI: given its address, the address that workers use. */
  wayToSri?: (url: string) => Promise<string>;
}

const written: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) });

// Once a process: Temporal's runtime takes its logger before its first connection.
Runtime.install({
  logger: new DefaultLogger('DEBUG', ({ level, message, meta }) =>
    written.push(JSON.stringify({ level, message, meta }, withErrors)),
  ),
});

/** All that an error says, for JSON alone would leave most of it out. */
function withErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return Object.assign({ name, message, stack, cause }, value);
}

export async function startStack({
  env = {},
  temporal: given,
  clock,
  decisionDelayMs,
  wayToSri = async (url) => url,
}: StackOptions = {}): Promise<Stack> {
  const { chromium, workflowBundle } = inject('servers');
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-stack-'));
  const authority = createDemoAuthority();
  const [database, temporal, simulator, mailbox, receiver] = await Promise.all([
    freshDatabase(),
    given ?? freshNamespace(),
    startSriSimulator({
      trusted: [authority.certificatePem],
      ...(decisionDelayMs === undefined ? {} : { decisionDelayMs }),
    }),
    startMailbox({ dir: join(folder, 'mails') }),
    startWebhookReceiver({ dir: join(folder, 'webhooks') }),
  ]);
  const sriUrl = await wayToSri(simulator.url);
  const config = loadConfig({
    PORT: '0',
    PUBLIC_URL: 'https://comprobante.example',
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SRI_TEST_URL: sriUrl,
    SRI_PRODUCTION_URL: sriUrl,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: 'Comprobante <no-reply@comprobante.example>',
    ADMIN_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('hex')}`,
    CHROMIUM_PATH: chromium,
    PROVIDER_RUC: '1793213150001',
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    RATE_LIMITS: 'off',
    ...env,
  });
  const store = await Store.open({ databaseUrl: config.databaseUrl });
  const apiDeps: ApiDeps = {
    config,
    store,
    sealer: new Sealer(config.encryptionKeys),
    process: createDocumentProcess({ client: temporal.client }),
    tenantProcess: createTenantProcess({ client: temporal.client }),
    log,
    ...(clock === undefined ? {} : { clock }),
  };
  const api: RunningApi = await startApi(apiDeps, { host: config.host, port: config.port });

  let workers: { stop(): Promise<void> } | undefined;
  async function startWorkers(): Promise<void> {
    const { deps, close } = await openDeps(config, temporal.client, clock);
    const running = await createWorkers({
      connection: temporal.connection,
      namespace: temporal.namespace,
      queues: config.queues,
      deps,
      workflowBundle: { codePath: workflowBundle },
    });
    const ended = Promise.all(running.map((worker) => worker.run()));
    workers = {
      async stop() {
        for (const worker of running) worker.shutdown();
        await ended;
        await close();
      },
    };
  }
  async function stopWorkers(): Promise<void> {
    await workers?.stop();
    workers = undefined;
  }
  await startWorkers();

  return {
    config,
    apiUrl: api.url,
    apiDeps,
    store,
    temporal,
    authority,
    sri: createSriControl(simulator.controlUrl),
    mailbox,
    receiver,
    logs: () => written.join('\n'),
    startWorkers,
    stopWorkers,
    async stop() {
      await api.close();
      await stopWorkers();
      await Promise.all([simulator.stop(), mailbox.stop(), receiver.stop(), store.close()]);
      if (given === undefined) await temporal.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
