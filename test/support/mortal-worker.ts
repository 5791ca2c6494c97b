import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
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
  const line = await openLine(temporal.address);
  const child = fork(fileURLToPath(new URL('../../activities/main.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: config.databaseUrl,
      TEMPORAL_ADDRESS: line.address,
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
    cutOff: () => line.cut(),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      line.cut();
    },
  };
}

async function failing(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the worker ended with ${code} before it was ready`);
}

/** A way to a server that can be cut. */
async function openLine(address: string): Promise<{ address: string; cut(): void }> {
  const [host, port] = address.split(':') as [string, string];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
