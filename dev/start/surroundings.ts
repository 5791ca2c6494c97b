import { join } from 'node:path';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { startPostgres } from '../embedded-postgres.ts';
import { startMailbox } from '../mailbox.ts';
import type { SetupFacts } from '../setup-facts.ts';
import { startTemporal } from '../temporal-server.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import type { DataFolder } from './data-folder.ts';
import type { House } from './house.ts';
import { writePrivately } from './private-file.ts';
import { program, startReady } from './ready-child.ts';
import { say } from './say.ts';
import type { State } from './state.ts';

const DATABASE = 'comprobante';

export interface StartContext {
  env: NodeJS.ProcessEnv;
  facts: SetupFacts;
  data: DataFolder;
  state: State;
  house: House;
  /** Aborted when everything is to stop. */
  signal: AbortSignal;
}

/** What the service stands on: each is embedded unless the environment names one. */
export async function startSurroundings(context: StartContext) {
  const [databaseUrl, temporal, sri, mail, receiver] = await Promise.all([
    database(context),
    temporalServer(context),
    taxAuthority(context),
    mailServer(context),
    webhookReceiver(context),
  ]);
  return { databaseUrl, temporal, sri, mail, receiver };
}

export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>;

async function database({ env, data, state, house }: StartContext): Promise<string> {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const port = await state.port('postgres');
  const logFile = join(data.logs, 'postgres.log');
  const server = await house.start('PostgreSQL', () => startPostgres({ dir: data.postgres, port, logFile }));
  state.keepPort('postgres', server.port);
  await makeDatabase(server.url);
  say(`PostgreSQL is on 127.0.0.1:${server.port}`);
  return Object.assign(new URL(server.url), { pathname: `/${DATABASE}` }).href;
}

async function makeDatabase(serverUrl: string): Promise<void> {
  const options = {
    driver: PostgreSqlDriver,
    clientUrl: serverUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  };
  const orm = await MikroORM.init(options);
  try {
    const connection = orm.em.getConnection();
    const found = await connection.execute('select 1 from pg_database where datname = ?', [DATABASE]);
    if (found.length === 0) await connection.execute(`create database ${DATABASE}`);
  } finally {
    await orm.close(true);
  }
}

async function temporalServer({ env, facts, data, state, house }: StartContext) {
  const namespace = env.TEMPORAL_NAMESPACE || 'default';
  if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, namespace };
  const cli = facts.temporalCli;
  if (cli === undefined) throw new Error('There is no Temporal program: run `npm start`, which installs one.');
  const [port, uiPort] = [await state.port('temporal'), await state.port('temporalUi')];
  const server = await house.start('Temporal', () =>
    startTemporal({ cli, dir: data.temporal, port, uiPort, namespace, logFile: join(data.logs, 'temporal.log') }),
  );
  say(`Temporal is on ${server.address}, its UI on ${server.uiUrl}`);
  return { address: server.address, namespace, uiUrl: server.uiUrl };
}

async function taxAuthority({ env, data, state, house, signal }: StartContext) {
  const { SRI_TEST_URL, SRI_PRODUCTION_URL } = env;
  if (SRI_TEST_URL && SRI_PRODUCTION_URL) return { testUrl: SRI_TEST_URL, productionUrl: SRI_PRODUCTION_URL };
  const [port, controlPort] = [await state.port('sri'), await state.port('sriControl')];
  const authorityFile = join(data.demo, 'authority.pem');
  writePrivately(authorityFile, state.authority.certificatePem);
  const ports = ['--port', String(port), '--control-port', String(controlPort)];
  const args = [...ports, '--dir', data.sri, '--trust', authorityFile];
  await house.start('SRI simulator', () =>
    startReady({
      ...program('the SRI simulator', '../sri-simulator/main.ts', args),
      logFile: join(data.logs, 'sri-simulator.log'),
      ready: (child) => /ready/i.test(child.output()),
      signal,
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  say(`the SRI simulator is on ${url}`);
  return {
    testUrl: SRI_TEST_URL || url,
    productionUrl: SRI_PRODUCTION_URL || url,
    controlUrl: `http://127.0.0.1:${controlPort}`,
  };
}

async function mailServer({ env, data, state, house }: StartContext) {
  if (env.SMTP_URL) return { smtpUrl: env.SMTP_URL };
  const port = await state.port('mailbox');
  const { smtpUrl } = await house.start('mailbox', () => startMailbox({ dir: data.mailbox, port }));
  say(`the mailbox is on ${smtpUrl}`);
  return { smtpUrl, mailboxDir: data.mailbox };
}

async function webhookReceiver({ data, state, house }: StartContext) {
  const port = await state.port('webhooks');
  const secretOf = (tenantId: string) => (tenantId === state.tenant?.id ? state.tenant.webhookSecret : undefined);
  const receiver = await house.start('webhook receiver', () =>
    startWebhookReceiver({ dir: data.webhooks, port, secretOf }),
  );
  say(`the webhook receiver is on ${receiver.url}`);
  return receiver;
}
