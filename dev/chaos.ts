// `npm run chaos`: is anything lost, doubled or stuck when everything breaks? `--help` tells the rest.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChaosOptions, USAGE } from './chaos/options.ts';
import { report } from './chaos/report.ts';
import { runChaos } from './chaos/run.ts';
import { explain } from './start/explain.ts';

/** A machine with better things to do may need long for what was sold. */
const SETTLE_SECONDS = 3_600;

process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readChaosOptions(process.argv.slice(2));
    if (options === 'help') {
      process.stdout.write(USAGE);
      return 0;
    }
    const stop = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => stop.abort(new Error('stopped')));
    }
    const dir = mkdtempSync(join(tmpdir(), 'comprobante-chaos-'));
    // PostgreSQL may run as another user: he may pass, but not look around.
    chmodSync(dir, 0o711);
    let keep = options.keep;
    try {
      const run = { ...options, dir, settleSeconds: SETTLE_SECONDS, signal: stop.signal, say };
      const outcome = await runChaos(run);
      keep ||= outcome.broken.length > 0;
      process.stdout.write(report(outcome));
      process.stdout.write(`Seed ${options.seed}, server ${options.server}, ${options.seconds / 60} minutes.\n`);
      return outcome.broken.length === 0 ? 0 : 1;
    } catch (error) {
      keep ||= !stop.signal.aborted;
      throw error;
    } finally {
      if (keep) say(`the logs are in ${dir}`);
      else rmSync(dir, { recursive: true, force: true });
    }
  } catch (error) {
    say(explain(error));
    return 2;
  }
}

function say(line: string): void {
  process.stderr.write(`chaos: ${line}\n`);
}
