// `npm start`: everything on this machine, and one invoice to show that it works. `--help` tells the rest.
import { fileURLToPath } from 'node:url';
import { killChildren } from './child.ts';
import { releaseLock, takeLock } from './setup/lock.mjs';
import { layOutData } from './start/data-folder.ts';
import { explain } from './start/explain.ts';
import { House } from './start/house.ts';
import { readOptions, USAGE, UsageError } from './start/options.ts';
import { type DemoResult } from './start/run-file.ts';
import { run } from './start/run.ts';
import { say } from './start/say.ts';

/** Everything is to stop, and the person knows why. */
class Stop extends Error {
  override readonly name = 'Stop';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopping');
    this.exitCode = exitCode;
  }
}

/** npm passes Ctrl-C on to us although the terminal has sent it already: an echo is not a second one. */
const ECHO_MS = 500;

process.exit(await main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
  let demo: DemoResult | undefined;
  try {
    const { once, help, data: dir = fileURLToPath(new URL('../.data', import.meta.url)) } = readOptions(args);
    if (help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const data = layOutData(dir);
    const other = takeLock(data.lock);
    if (other !== undefined) {
      throw new Error(
        `Process ${other} is running npm start on ${data.dir} already: stop it first, or use its ${data.run}.`,
      );
    }
    const stop = new AbortController();
    const { signal } = stop;
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    watchSignals(stop, once ? 130 : 0);
    const house = new House((death) => {
      say(death.message);
      stop.abort(new Stop(1));
    });
    try {
      demo = await Promise.race([run({ once, data, house, signal }), stopped]);
      if (!once) await stopped;
    } finally {
      await house.stop();
      releaseLock(data.lock);
    }
    process.stdout.write(`${JSON.stringify(demo)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Stop) return error.exitCode;
    say(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The first asks to stop in order, a second kills. */
function watchSignals(stop: AbortController, exitCode: number): void {
  let first = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) {
        first = Date.now();
        say('stopping; the worker may need half a minute to end what it has begun. Once more to kill everything');
        stop.abort(new Stop(exitCode));
      } else if (Date.now() - first > ECHO_MS) {
        killChildren();
        process.exit(130);
      }
    });
  }
}
