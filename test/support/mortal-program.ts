import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stack } from './stack.ts';

/** One of our programs in a process of its own, on the servers of a stack. */
export interface MortalProgram {
  /** What it has logged, a line each. */
  log(): string[];
  /** SIGTERM. @returns how it ended: exit code or signal */
  terminate(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Where it works. */
interface Place {
  config: Stack['config'];
  temporal: Pick<Stack['temporal'], 'address' | 'namespace'>;
}

/** Our own. */
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts it, and waits until it says that it is ready.
 * @param settings that differ from the stack's
 * @param root the checkout that it is of
 */
export async function startMortalProgram(
  { config, temporal }: Place,
  main: 'api' | 'activities',
  settings: Readonly<Record<string, string>>,
  root = CHECKOUT,
): Promise<MortalProgram> {
  const { databaseUrl, smtpUrl, adminSecret, encryptionKeys, sri, chromiumPath = '' } = config;
  const child = fork(join(root, main, 'main.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      SRI_TEST_URL: sri.testUrl,
      SRI_PRODUCTION_URL: sri.productionUrl,
      SMTP_URL: smtpUrl,
      ADMIN_SECRET: adminSecret,
      ENCRYPTION_KEYS: encryptionKeys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(),
      CHROMIUM_PATH: chromiumPath,
      WEBHOOK_ALLOW_LOOPBACK: 'true',
      RATE_LIMITS: 'off',
      ...settings,
    },
  });
  let written = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (written += text));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  await Promise.race([once(child, 'message'), failing(child)]);

  async function end(signal: NodeJS.Signals): Promise<number | string> {
    child.kill(signal);
    return ended;
  }
  return {
    log: () => written.split('\n').filter((line) => line !== ''),
    terminate: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
}

async function failing(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the program ended with ${code} before it was ready`);
}
