import { rmSync } from 'node:fs';
import { loadConfig } from '../../domain/config.ts';
import { migrate } from '../../domain/store/migrate.ts';
import { Store } from '../../domain/store/store.ts';
import { freePort, isFree } from '../free-port.ts';
import { setupFacts } from '../setup-facts.ts';
import { ApiClient } from './api-client.ts';
import type { DataFolder } from './data-folder.ts';
import { issueDocument } from './demo-document.ts';
import { demoTenant } from './demo-tenant.ts';
import { explain } from './explain.ts';
import type { House } from './house.ts';
import { startPrograms } from './programs.ts';
import { describeRun, type DemoResult, type RunFile, writeRunFile } from './run-file.ts';
import { say } from './say.ts';
import { State } from './state.ts';
import { type StartContext, startSurroundings, type Surroundings } from './surroundings.ts';

export interface RunOptions {
  once: boolean;
  data: DataFolder;
  house: House;
  signal: AbortSignal;
}

/** Brings everything up and shows that it works. Without `once`, a demonstration that fails leaves it up. */
export async function run({ once, data, house, signal }: RunOptions): Promise<DemoResult | undefined> {
  const began = Date.now();
  rmSync(data.run, { force: true });
  const state = new State(data.state);
  const facts = setupFacts();
  const env = {
    ...process.env,
    ADMIN_SECRET: process.env.ADMIN_SECRET || state.secrets.adminSecret,
    ENCRYPTION_KEYS: process.env.ENCRYPTION_KEYS || state.secrets.encryptionKeys,
    CHROMIUM_PATH: process.env.CHROMIUM_PATH || facts.chromium,
    // The demonstration's receiver is on this machine. Nowhere else may webhooks go to it.
    WEBHOOK_ALLOW_LOOPBACK: 'true',
  };
  const api = await apiAddress(env);
  const context: StartContext = { env, facts, data, state, house, signal };
  const around = await startSurroundings(context);
  signal.throwIfAborted();
  for (const name of await migrate(around.databaseUrl)) say(`migrated the database: ${name}`);

  await startPrograms(context, { ...env, ...settings(around), PORT: new URL(api).port }, api);
  signal.throwIfAborted();
  const summary: RunFile = {
    api,
    docs: `${api}/docs`,
    temporalUi: around.temporal.uiUrl,
    temporalAddress: around.temporal.address,
    temporalNamespace: around.temporal.namespace,
    temporalCli: facts.temporalCli,
    databaseUrl: around.databaseUrl,
    sriControl: around.sri.controlUrl,
    mailboxDir: around.mail.mailboxDir,
    adminSecret: env.ADMIN_SECRET,
  };
  writeRunFile(data.run, summary);

  const demo = await demonstrate(context, around, api).catch((error: unknown) => {
    if (once || signal.aborted) throw error;
    say(`the demonstration failed: ${explain(error)}`);
    return undefined;
  });
  const result = demo === undefined ? summary : { ...summary, demo };
  writeRunFile(data.run, result);
  process.stdout.write(`${describeRun(result, data, process.cwd())}\n`);
  say(`that took ${Math.round((Date.now() - began) / 1000)} s`);
  if (!once) say('Ctrl-C stops everything; the next npm start goes on from there');
  return demo;
}

async function demonstrate(
  { data, state, signal }: StartContext,
  around: Surroundings,
  address: string,
): Promise<DemoResult> {
  const store = await Store.open({ databaseUrl: around.databaseUrl, poolSize: 2 });
  try {
    const api = new ApiClient(address, signal);
    const { mailboxDir } = around.mail;
    const demo = { api, store, state, data, mailboxDir, hooksUrl: around.receiver.url, signal };
    const { apiKey, issuerId } = await demoTenant(demo);
    return { apiKey, issuerId, ...(await issueDocument(demo, api.as(apiKey, issuerId), around.receiver)) };
  } finally {
    await store.close();
  }
}

function settings({ databaseUrl, temporal, sri, mail }: Surroundings): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SRI_TEST_URL: sri.testUrl,
    SRI_PRODUCTION_URL: sri.productionUrl,
    SMTP_URL: mail.smtpUrl,
  };
}

/**
 * Where the API will be. Reads the settings before anything is started, as far as they are known by then.
 * @throws ConfigError; an error that says so when the port is taken.
 */
async function apiAddress(env: NodeJS.ProcessEnv): Promise<string> {
  const { host, port } = loadConfig({
    ...env,
    DATABASE_URL: env.DATABASE_URL || 'postgresql://embedded',
    SMTP_URL: env.SMTP_URL || 'smtp://embedded',
  });
  if (port !== 0 && !(await isFree(port))) {
    throw new Error(`Port ${port} is taken by another program. Give the API another one: PORT=${port + 1} npm start`);
  }
  const reachable = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${reachable}:${port === 0 ? await freePort() : port}`;
}
