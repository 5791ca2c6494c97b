import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { missingKeys } from '../domain/admin/key-rotation.ts';
import { type Config, ConfigError, loadConfig } from '../domain/config.ts';
import { documentContextOf } from '../domain/documents/context.ts';
import { createLocator } from '../domain/documents/locate.ts';
import { guardedSri } from '../domain/outages/guarded-client.ts';
import { promiseAnew } from '../domain/documents/unfinished.ts';
import { createSignerCache } from '../domain/signing/signer-cache.ts';
import { createSriClient } from '../domain/sri/client.ts';
import { readSigningKey } from '../domain/store/signing-key.ts';
import { Sealer } from '../domain/store/sealing.ts';
import { Store } from '../domain/store/store.ts';
import { CHANNEL_ARGS, connectionOptions, endSilentConnections } from '../domain/temporal-connection.ts';
import type { ActivityDeps } from './deps.ts';
import { createMailTransport } from './mail-transport.ts';
import { prepareNamespace } from './namespace.ts';
import { createPdfPrinter, findChromium } from './pdf-printer.ts';
import { createWebhookSender } from './webhook-sender.ts';
import { createWorkers } from './worker.ts';

const MAX_SIGNERS = 500;

/** Everything the activities need, and how to let go of it. */
export async function openDeps(
  config: Config,
  client: Client,
  clock: () => Date = () => new Date(),
): Promise<{ deps: ActivityDeps; close: () => Promise<void> }> {
  const store = await Store.open({ databaseUrl: config.databaseUrl, poolSize: 20 });
  const sealer = new Sealer(config.encryptionKeys);
  const sri = {
    sandbox: guardedSri(store, createSriClient({ baseUrl: config.sri.testUrl })),
    production: guardedSri(store, createSriClient({ baseUrl: config.sri.productionUrl })),
  };
  const chromiumPath = config.chromiumPath ?? findChromium(process.env);
  if (chromiumPath === undefined && config.queues.includes('render')) {
    throw new ConfigError('No Chromium was found for the render queue: install one, or set CHROMIUM_PATH to it.');
  }
  const printer = createPdfPrinter({ chromiumPath: chromiumPath ?? '' });
  const mail = createMailTransport({ smtpUrl: config.smtpUrl, from: config.mailFrom });
  const webhooks = createWebhookSender({ allowLoopback: config.webhookAllowLoopback });
  const deps: ActivityDeps = {
    store,
    sealer,
    signers: createSignerCache({ load: (id) => readSigningKey(store, sealer, id), max: MAX_SIGNERS }),
    signatureAlgorithm: config.sri.signatureAlgorithm,
    sri,
    printer,
    mail,
    documents: documentContextOf(config, store, clock),
    webhooks,
    tenantOf: createLocator(store),
    client,
    clock,
  };
  return {
    deps,
    async close() {
      mail.close();
      await Promise.allSettled([printer.close(), webhooks.close(), sri.sandbox.close(), sri.production.close()]);
      await store.close();
    },
  };
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ level: config.logLevel, name: 'worker' });
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[levels[level]]({ ...meta }, message)),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  });
  endSilentConnections(config.temporal.address);
  const options = connectionOptions(config);
  const { namespace } = config.temporal;
  const client = new Client({
    connection: await Connection.connect({ ...options, channelArgs: CHANNEL_ARGS }),
    namespace,
  });
  const connection = await NativeConnection.connect(options);
  const { deps, close } = await openDeps(config, client);
  try {
    await deps.store.ping();
    await prepareNamespace(client, namespace, () => promiseAnew(deps.store));
    const missing = await missingKeys(deps.store, deps.sealer);
    if (missing.length > 0)
      log.error({ missing }, 'values are encrypted under keys that ENCRYPTION_KEYS does not name: they cannot be read');
    const workers = await createWorkers({ connection, namespace, queues: config.queues, deps });
    log.info({ queues: config.queues }, 'worker is ready');
    process.send?.('ready');
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await close();
    await connection.close();
    await client.connection.close();
  }
}

if (import.meta.main) {
  main().then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`${error instanceof ConfigError ? error.message : error.stack}\n`);
      process.exit(1);
    },
  );
}
