import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read; whoever reads it meanwhile gets the old one or the new one, whole. */
export function writePrivately(file: string, content: string | Uint8Array): void {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, content, { mode: 0o600 });
  renameSync(part, file);
}
