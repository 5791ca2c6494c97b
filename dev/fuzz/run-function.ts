import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ReaderName } from './functions.ts';
import type { Outcome, Run } from './report.ts';

/** An input that is read for so long is never finished. */
const HANG_MS = 30_000;
const LOOK_MS = 500;
/** V8 lets garbage lie while there is room; here it tidies up, and what does not fit ends the process. */
const HEAP = ['--max-old-space-size=128', '--max-semi-space-size=8'];

/** Throws that many inputs at a reader, in a process of its own. One that hangs or crashes it ends the run, as a finding. */
export async function fuzzFunction(name: ReaderName, run: Run): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-fuzz-'));
  const current = join(folder, 'input');
  const program = fileURLToPath(new URL('./function-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...HEAP, program, name, JSON.stringify(run), current], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let hangs = false;
  const watch = setInterval(() => {
    const since = statSync(current, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    hangs = Date.now() - since > HANG_MS;
    if (hangs) child.kill('SIGKILL');
  }, LOOK_MS);
  try {
    const [said, code] = await Promise.all([
      text(child.stdout),
      new Promise<number | null>((end, fail) => child.once('error', fail).once('exit', end)),
    ]);
    if (code === 0) return JSON.parse(said) as Outcome;
    const what = hangs ? 'hangs' : `ends the process (${code ?? child.signalCode})`;
    const input = readFileSync(current).toString('base64');
    return { inputs: 0, taken: 0, slowestMs: 0, memoryMb: 0, findings: [{ what, input }] };
  } finally {
    clearInterval(watch);
    rmSync(folder, { recursive: true });
  }
}
