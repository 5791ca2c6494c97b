import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lookAt, reportingTo } from '../../../dev/soak/processes.ts';

it.skipIf(process.platform !== 'linux')('a look at a process tells memory, handles and its heap', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-soak-'));
  const script = `setInterval(() => {}, 1000); console.log('ready')`;
  // Known by its command, as the API is.
  const child = spawn(process.execPath, ['-e', script, '/api/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: reportingTo(folder) },
  });
  try {
    await once(child.stdout!, 'data');
    const { API: look } = await lookAt(process.pid, folder);
    expect(look!.memory).toBeGreaterThan(5);
    expect(look!.handles).toBeGreaterThan(3);
    expect(look!.heap).toBeGreaterThan(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
