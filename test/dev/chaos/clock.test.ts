import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comprobante-clock-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OFF_MS = 600_000;
const clock = new URL('../../../dev/chaos/clock.ts', import.meta.url).href;

function run(script: string, file: string): number[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', clock, '-e', script], {
    env: { ...process.env, CHAOS_CLOCK: file, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as number[];
}

it('a program whose clock is set wrong tells that time, and other times as they are', () => {
  const file = join(folder, 'ahead');
  writeFileSync(file, String(OFF_MS));
  const times = `[Date.now(), new Date().getTime(), Date.parse(Date()), new Date(7).getTime(), new Date() instanceof Date ? 1 : 0]`;
  const [now, made, told, given, is] = run(`console.log(JSON.stringify(${times}))`, file) as [
    number,
    ...[number, number, number, number],
  ];
  for (const time of [now, made, told]) expect(Math.abs(time - Date.now() - OFF_MS)).toBeLessThan(60_000);
  expect([given, is]).toEqual([7, 1]);
});

it('a clock is followed while a program runs', () => {
  const file = join(folder, 'later');
  const set = `require('node:fs').writeFileSync(${JSON.stringify(file)}, '${-OFF_MS}')`;
  const wait = `setInterval(() => { if (Date.now() < before) { console.log('[1]'); process.exit(); } }, 20)`;
  expect(run(`const before = Date.now(); ${set}; ${wait}`, file)).toEqual([1]);
});
