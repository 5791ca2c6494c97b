import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { ConfigError, loadConfig } from '../domain/config.ts';
import { Sealer } from '../domain/store/sealing.ts';
import { Store } from '../domain/store/store.ts';
import { CHANNEL_ARGS, connectionOptions, endSilentConnections } from '../domain/temporal-connection.ts';
import { createDocumentProcess } from './document-process.ts';
import { errorFacts } from './middleware/problem-answers.ts';
import { startApi } from './server.ts';
import { createTenantProcess } from './tenant-process.ts';

/** A request may be held for a minute. */
const CLOSE_MS = 70_000;
/** For administration and health, however long the others are held. */
const RESERVED_CONNECTIONS = 2;

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ level: config.logLevel, name: 'api' });
  const { databaseUrl } = config;
  const [store, reserve] = await Promise.all([
    Store.open({ databaseUrl }),
    Store.open({ databaseUrl, poolSize: RESERVED_CONNECTIONS }),
  ]);
  endSilentConnections(config.temporal.address);
  // Connects when it is first used, and again whenever it must: the API starts, and answers 503, while Temporal is away.
  const connection = Connection.lazy({
    ...connectionOptions(config),
    channelArgs: CHANNEL_ARGS,
  });
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const api = await startApi(
    {
      config,
      store,
      reserve,
      sealer: new Sealer(config.encryptionKeys),
      process: createDocumentProcess({ client }),
      tenantProcess: createTenantProcess({ client }),
      log,
    },
    { host: config.host, port: config.port },
  );
  closeWithGrace({ delay: config.drainMs + CLOSE_MS, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) log.fatal({ error: errorFacts(err) }, 'api fails');
    else log.info({ signal }, 'api is closing');
    api.drain();
    if (err === undefined) await sleep(config.drainMs);
    await api.close();
    await Promise.all([store.close(), reserve.close()]);
    // The connection to Temporal ends with the process: a call that is being retried would throw on a closed one.
  });
  log.info(`api is ready on ${api.url}`);
  process.send?.('ready');
}

if (import.meta.main) {
  main().catch((error) => {
    process.stderr.write(`${error instanceof ConfigError ? error.message : error.stack}\n`);
    process.exit(1);
  });
}
