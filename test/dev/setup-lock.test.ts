import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releaseLock, takeLock } from '../../dev/setup/lock.mjs';
import { moduleUrl, startParent } from './parent.ts';

describe('the lock of set-up and start', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comprobante-lock-'));
    lock = join(folder, 'work.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const takeElsewhere = () =>
    startParent<{ pid: number; owner?: number }>(`
      import { takeLock } from '${moduleUrl('dev/setup/lock.mjs')}';
      console.log(JSON.stringify({ pid: process.pid, owner: takeLock(${JSON.stringify(lock)}) }));
    `);

  it('is respected while its owner lives, and taken over when it has died', async () => {
    const other = await takeElsewhere();
    expect(other.said.owner).toBeUndefined();
    expect(takeLock(lock)).toBe(other.said.pid);
    await other.kill();
    expect(takeLock(lock)).toBeUndefined();
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    releaseLock(lock);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is held by one of many that come at once', async () => {
    writeFileSync(lock, '4194305 1');
    const others = await Promise.all([takeElsewhere(), takeElsewhere(), takeElsewhere(), takeElsewhere()]);
    const holders = others.filter(({ said }) => said.owner === undefined);
    await Promise.all(others.map((other) => other.kill()));
    expect(holders).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')('is taken over when the number of its owner is another program’s now', () => {
    writeFileSync(lock, `${process.ppid} 1`);
    expect(takeLock(lock)).toBeUndefined();
  });

  it.each(['', 'nonsense', '0', '-1'])('is taken over when it says %j', (content) => {
    writeFileSync(lock, content);
    expect(takeLock(lock)).toBeUndefined();
  });
});
