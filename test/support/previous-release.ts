import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The source of the release before the version in progress, as dev/release.ts keeps it. */
export interface PreviousRelease {
  version: string;
  root: string;
  remove(): void;
}

/** Unpacks it. It runs on the packages of this checkout: those of its own are not kept. */
export function unpackPreviousRelease(): PreviousRelease {
  const folder = new URL('../releases/', import.meta.url);
  const [name, ...others] = readdirSync(folder);
  if (name === undefined || others.length > 0) throw new Error('test/releases must hold one release');
  const root = mkdtempSync(join(tmpdir(), 'comprobante-release-'));
  execFileSync('tar', ['-xzf', fileURLToPath(new URL(name, folder)), '-C', root]);
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
  return {
    version: name.replace('.tar.gz', ''),
    root,
    remove: () => rmSync(root, { recursive: true }),
  };
}
