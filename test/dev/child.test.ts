import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../../dev/child.ts';
import { isGone, moduleUrl, startParent } from './parent.ts';

const canTie = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;

describe('a child process', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'comprobante-child-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shell = (script: string, logFile = join(folder, 'child.log')) => ({
    name: 'a shell',
    program: '/bin/sh',
    args: ['-c', script],
    logFile,
  });

  it.skipIf(!canTie)('does not outlive a parent that is killed', async () => {
    const options = JSON.stringify(shell('exec sleep 600'));
    const parent = await startParent<number>(`
      import { startChild } from '${moduleUrl('dev/child.ts')}';
      console.log((await startChild(${options})).pid);
    `);
    process.kill(parent.said, 0);
    await parent.kill();
    expect(await isGone(parent.said)).toBe(true);
  });

  it('is killed when it does not stop in time', async () => {
    const child = await startChild(shell(`trap '' TERM; echo up; while :; do sleep 0.1; done`));
    await expect.poll(() => child.output()).toBe('up\n');
    await child.stop('SIGTERM', 200);
    expect(child.running).toBe(false);
    expect(await child.ended).toBe('SIGKILL');
  });

  it('tells how it ended, and only what it said itself', async () => {
    const logFile = join(folder, 'earlier.log');
    appendFileSync(logFile, 'años de otra ejecución\n');
    const child = await startChild(shell('echo primero; echo último >&2; exit 3', logFile));
    expect(await child.ended).toBe('exit code 3');
    expect(child.output()).toBe('primero\núltimo\n');
    expect(child.lastWords()).toBe('primero\núltimo');
  });

  it('is told apart from a program that is missing', async () => {
    const missing = startChild({ ...shell(''), program: join(folder, 'missing') });
    const outcome = await missing.then(
      (child) => child.ended,
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/exit code 127|ENOENT/);
  });

  it('announces itself', async () => {
    const announced = await new Promise<string>((resolve) => {
      void startChild({
        ...shell(''),
        program: process.execPath,
        args: ['-e', `process.send('ready')`],
        onAnnounced: () => resolve('heard'),
      });
    });
    expect(announced).toBe('heard');
  });
});
