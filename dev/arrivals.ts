import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps what arrives as files of one folder, in the order of their names; a reader never meets half a file. */
export function arrivalsIn(dir: string, extension: string) {
  mkdirSync(dir, { recursive: true });
  let count = 0;
  return {
    /** Such as `20261125T101500123Z-000007.eml`. */
    async keep(content: string | Uint8Array): Promise<void> {
      const time = new Date().toISOString().replaceAll(/[-:.]/g, '');
      const name = `${time}-${String(++count).padStart(6, '0')}.${extension}`;
      const unfinished = join(dir, `.${name}.part`);
      await writeFile(unfinished, content);
      await rename(unfinished, join(dir, name));
    },
  };
}
