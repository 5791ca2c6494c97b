import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Lays out `dir`, where one start keeps everything. What only its owner may read is in folders and files that say so. */
export function layOutData(dir: string) {
  // PostgreSQL may run as another user: he may pass, but not look around.
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const folder = (name: string) => {
    const path = join(dir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    dir,
    lock: join(dir, 'start.lock'),
    state: join(dir, 'state.json'),
    run: join(dir, 'run.json'),
    /** Made by the server. */
    postgres: join(dir, 'postgres'),
    temporal: folder('temporal'),
    sri: folder('sri'),
    mailbox: folder('mailbox'),
    webhooks: folder('webhooks'),
    demo: folder('demo'),
    logs: folder('logs'),
  };
}

export type DataFolder = ReturnType<typeof layOutData>;
