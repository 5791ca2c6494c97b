import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** A file system that can be full. */
export interface Disk {
  fill(): void;
  free(): void;
  /** What was on it is gone. */
  remove(): void;
}

const SIZE = 4 * 2 ** 30;
/** While it is being filled, somebody may still write. */
const TRIES = 20;

/** Mounts one in memory at a folder, made when it is missing. @returns why not, where that is not possible */
export function mountDisk(dir: string): Disk | string {
  if (process.platform !== 'linux') return 'mounts a file system of its own on Linux only';
  if (process.getuid?.() !== 0) return 'needs root, to mount a file system of its own';
  mkdirSync(dir, { recursive: true });
  const mount = (...options: string[]) => spawnSync('mount', options, { encoding: 'utf8' });
  const made = mount('-t', 'tmpfs', '-o', `size=${SIZE},mode=711`, 'comprobante-chaos', dir);
  if (made.status !== 0) return `could not mount: ${(made.stderr || made.error?.message || '').trim()}`;
  const resize = (bytes: number) => mount('-o', `remount,size=${bytes}`, dir).status === 0;
  return {
    fill() {
      for (let tries = 0; tries < TRIES; tries++) {
        const { blocks, bfree, bsize } = statfsSync(dir);
        if (resize((blocks - bfree + tries) * bsize)) return;
      }
      throw new Error(`${dir} could not be made smaller.`);
    },
    free() {
      if (!resize(SIZE)) throw new Error(`${dir} could not be made larger again.`);
    },
    remove: () => void spawnSync('umount', ['--lazy', dir]),
  };
}
