import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINES, nameOf } from '../../dev/chaos/kinds.ts';
import { planOf } from '../../dev/chaos/plan.ts';
import { report } from '../../dev/chaos/report.ts';
import { runChaos } from '../../dev/chaos/run.ts';

/** What kills the processes of `npm start` with it, whatever group they are in. */
const canTie = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
/** Within a minute it kills every process, troubles most lines, and fills the disk. */
const SEED = 'npm test 1194';
const SECONDS = 60;

let dir: string;

describe.skipIf(!canTie)('npm run chaos, for a minute', () => {
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'comprobante-chaos-'));
    // PostgreSQL may run as another user: he may pass.
    chmodSync(dir, 0o711);
  });

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('loses nothing, doubles nothing, and leaves nothing stuck', { timeout: 600_000 }, async () => {
    const said: string[] = [];
    const outcome = await runChaos({
      seed: SEED,
      seconds: SECONDS,
      server: 'dev',
      rate: 1,
      settleSeconds: 400,
      dir,
      signal: new AbortController().signal,
      say: (line) => said.push(line),
    });
    expect(outcome.broken, [...said, report(outcome)].join('\n')).toEqual([]);
    expect(outcome.documents).toBeGreaterThan(SECONDS / 2);
    const disk = outcome.untried.length === 0;
    const plan = planOf({ seed: SEED, seconds: SECONDS, lines: LINES.slice(0, -1), disk });
    const planned = plan.map(({ strike }) => nameOf(strike)).toSorted();
    const met = outcome.struck.filter((one) => one.met).map(({ name }) => name);
    expect(met.toSorted()).toEqual(planned);
  });
});
