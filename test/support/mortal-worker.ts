import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openLine } from '../../dev/chaos/line.ts';
import type { Queue } from '../../domain/model/queues.ts';
import type { Stack } from './stack.ts';

/** A worker in a process of its own, which can be cut off from Temporal, and killed. */
export interface MortalWorker {
  /** Nothing that it does from now on is heard of; the database it still has. */
  cutOff(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** The worker of the product for some queues, on the servers of a stack. */
export async function startMortalWorker(
  { config, temporal }: Stack,
  queues: readonly Queue[] = ['documents'],
): Promise<MortalWorker> {
  const line = await openLine(Number(temporal.address.split(':')[1]));
  const child = fork(fileURLToPath(new URL('../../activities/main.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: config.databaseUrl,
      TEMPORAL_ADDRESS: `127.0.0.1:${line.port}`,
      TEMPORAL_NAMESPACE: temporal.namespace,
      SMTP_URL: config.smtpUrl,
      ADMIN_SECRET: config.adminSecret,
      ENCRYPTION_KEYS: config.encryptionKeys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(),
      WORKER_QUEUES: queues.join(),
      LOG_LEVEL: 'silent',
    },
  });
  await Promise.race([once(child, 'message'), failing(child)]);
  return {
    cutOff: () => line.close(),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      line.close();
    },
  };
}

async function failing(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the worker ended with ${code} before it was ready`);
}
