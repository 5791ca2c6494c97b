import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startChild } from '../dev/child.ts';
import { createDemoAuthority } from '../dev/demo-authority.ts';
import { startTemporaryPostgres } from '../dev/embedded-postgres.ts';
import { freePort } from '../dev/free-port.ts';
import { startMailbox } from '../dev/mailbox.ts';
import { setupFacts } from '../dev/setup-facts.ts';
import { startSriSimulator } from '../dev/sri-simulator/index.ts';
import { startTemporal } from '../dev/temporal-server.ts';
import { migrate } from '../domain/store/migrate.ts';
import { Store } from '../domain/store/store.ts';
import { openShop, type Shop } from '../test/support/shop.ts';

/** The service as it is deployed, each part a process of its own, and a shop that is registered with it. */
export interface BenchHouse {
  apiUrl: string;
  adminSecret: string;
  shop: Shop;
  /** What API and worker have written. */
  logs(): string;
  api: Child;
  worker: Child;
  temporalAddress: string;
  namespace: string;
  close(): Promise<void>;
}

/** @param settings that differ for API and worker */
export async function openHouse(settings: Record<string, string> = {}): Promise<BenchHouse> {
  const { temporalCli, chromium } = setupFacts();
  if (temporalCli === undefined) throw new Error('Run `node dev/setup.mjs` once.');
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-bench-'));
  const authority = createDemoAuthority();
  const namespace = 'default';
  const [postgres, temporal, sri, mailbox, apiPort] = await Promise.all([
    startTemporaryPostgres({ fast: false }),
    startTemporal({ cli: temporalCli, namespace, logFile: join(folder, 'temporal.log') }),
    startSriSimulator({ trusted: [authority.certificatePem] }),
    startMailbox({ dir: join(folder, 'mails') }),
    freePort(),
  ]);
  await migrate(postgres.url);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const adminSecret = randomBytes(32).toString('hex');
  const env = {
    ...process.env,
    PORT: String(apiPort),
    PUBLIC_URL: apiUrl,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: namespace,
    SRI_TEST_URL: sri.url,
    SRI_PRODUCTION_URL: sri.url,
    SMTP_URL: mailbox.smtpUrl,
    ADMIN_SECRET: adminSecret,
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('hex')}`,
    CHROMIUM_PATH: chromium,
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
    ...settings,
  };
  const start = (name: string, main: string) =>
    startChild({
      name,
      program: process.execPath,
      args: [fileURLToPath(new URL(main, import.meta.url))],
      logFile: join(folder, `${name}.log`),
      env,
    });
  const [worker, api] = await Promise.all([start('worker', '../activities/main.ts'), start('api', '../api/main.ts')]);
  await until(async () => (await fetch(`${apiUrl}/readyz`)).ok);
  const store = await Store.open({ databaseUrl: postgres.url, poolSize: 2 });
  const shop = await openShop({ apiUrl, authority, store, mailbox });
  return {
    apiUrl,
    adminSecret,
    shop,
    logs: () => ['worker', 'api'].map((name) => readFileSync(join(folder, `${name}.log`), 'utf8')).join('\n'),
    api,
    worker,
    temporalAddress: temporal.address,
    namespace,
    async close() {
      await Promise.all([api.stop(), worker.stop('SIGTERM', 40_000)]);
      await store.close();
      await Promise.all([postgres.stop(), temporal.stop(), sri.stop(), mailbox.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(ask: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await ask().catch(() => false)) return;
    await delay(100);
  }
  throw new Error('The service did not get ready within a minute.');
}
