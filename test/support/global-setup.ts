import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { startTemporaryPostgres } from '../../dev/embedded-postgres.ts';
import { setupFacts } from '../../dev/setup-facts.ts';
import { startTemporal } from '../../dev/temporal-server.ts';
import { migrate } from '../../domain/store/migrate.ts';
import { createDatabase, databaseUrl, TEMPLATE } from './database.ts';

/** What one run of the system tests shares; each test file takes a database and a namespace of its own from it. */
export interface SharedServers {
  /** URL of the server's maintenance database, with the superuser. */
  postgresUrl: string;
  temporalAddress: string;
  /** Paths of programs. */
  temporalCli: string;
  timeSkippingServer: string;
  chromium: string;
  /** File of the bundled workflows. */
  workflowBundle: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: SharedServers;
  }
}

/** Starts PostgreSQL and Temporal once for all system tests, on a folder of this run that goes with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { temporalCli, timeSkippingServer, chromium } = setupFacts();
  if (temporalCli === undefined || timeSkippingServer === undefined) {
    throw new Error('The tests need more than npm start does: run `node dev/setup.mjs --test` once.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-test-'));
  const [postgres, temporal, workflowBundle] = await Promise.all([
    startTemporaryPostgres(),
    startTemporal({ cli: temporalCli, namespace: 'default', logFile: join(folder, 'temporal.log') }),
    bundleWorkflows(folder),
  ]);
  await createDatabase(postgres.url, TEMPLATE);
  await migrate(databaseUrl(postgres.url, TEMPLATE));
  const { address: temporalAddress } = temporal;
  project.provide('servers', {
    postgresUrl: postgres.url,
    temporalAddress,
    temporalCli,
    timeSkippingServer,
    chromium,
    workflowBundle,
  });
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function bundleWorkflows(folder: string): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: { ...quiet } });
  const file = join(folder, 'workflows.js');
  writeFileSync(file, code);
  return file;
}

const nothing = () => {};
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
