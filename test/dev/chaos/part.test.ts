import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startChild } from '../../../dev/child.ts';
import { Part } from '../../../dev/chaos/part.ts';

let folder: string;
let part: Part;
let starts: number;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comprobante-part-'));
});
afterEach(() => part.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function partThat(script: string): Part {
  starts = 0;
  return new Part('sleeper', async () => {
    starts++;
    const logFile = join(folder, 'sleeper.log');
    const child = await startChild({ name: 'sleeper', program: '/bin/sh', args: ['-c', script], logFile });
    return { child, stop: () => child.stop() };
  });
}

it('is up again after it was killed, as another process', async () => {
  part = partThat('exec sleep 600');
  await part.start();
  const before = part.pid;
  expect(await part.kill(0)).toBe(true);
  expect(part.pid).toBeTypeOf('number');
  expect(part.pid).not.toBe(before);
  expect(part.deaths).toEqual([]);
});

it('is started again when it ends by itself, which is told', async () => {
  part = partThat('sleep 0.2; exit 3');
  await part.start();
  await expect.poll(() => starts, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(part.deaths[0]).toBe('exit code 3');
});

it('is down for good when it is closed', async () => {
  part = partThat('exec sleep 600');
  await part.start();
  const { pid } = part;
  await part.close();
  expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  expect(starts).toBe(1);
});
