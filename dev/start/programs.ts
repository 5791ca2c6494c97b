import { join } from 'node:path';
import { program, startReady } from './ready-child.ts';
import { say } from './say.ts';
import type { StartContext } from './surroundings.ts';

/** The worker lets what has begun end: 25 s, and 5 s to be cancelled. */
const WORKER_GRACE_MS = 35_000;
/** A request may be held for a minute, and is answered. */
const API_GRACE_MS = 75_000;

/** Starts our two programs, which read their settings from `env`. */
export async function startPrograms(context: StartContext, env: NodeJS.ProcessEnv, api: string): Promise<void> {
  await Promise.all([startWorker(context, env), startApi(context, env, api)]);
}

async function startWorker({ data, house, signal }: StartContext, env: NodeJS.ProcessEnv): Promise<void> {
  let announced = false;
  await house.start('worker', () =>
    startReady({
      ...program('the worker', '../../activities/main.ts'),
      logFile: join(data.logs, 'worker.log'),
      env,
      onAnnounced: () => (announced = true),
      ready: () => announced,
      graceMs: WORKER_GRACE_MS,
      signal,
    }),
  );
  say('the worker is ready');
}

async function startApi({ data, house, signal }: StartContext, env: NodeJS.ProcessEnv, api: string): Promise<void> {
  await house.start('API', () =>
    startReady({
      ...program('the API', '../../api/main.ts'),
      logFile: join(data.logs, 'api.log'),
      env,
      ready: () =>
        fetch(`${api}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      graceMs: API_GRACE_MS,
      signal,
    }),
  );
  say(`the API is on ${api}`);
}
