import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { ServerKind } from './product.ts';

export const USAGE = `npm run chaos [-- OPTIONS]

Starts the whole product on a folder of its own, lets the tills of several tenants sell documents of all six types, and
meanwhile breaks things at random: it kills each process, cuts, slows and silences each line between two, sets clocks
wrong, fills PostgreSQL's disk, and has SRI answer wrongly in every way of the simulator's list. Then everything heals and
what was promised is compared with what there is. Prints a table of the faults, tried and survived; ends with 0 when
nothing is lost, doubled or stuck, with 1 and a list when something is.

  --minutes N     how long things go wrong; 10 unless given. Starting before and settling after take some minutes more
  --seed TEXT     repeats the plan of faults that a run has printed; what the faults meet is another matter
  --server KIND   dev (Temporal's development server, unless given) or production (the server of a deployment, on
                  PostgreSQL: run node dev/setup.mjs --production-server once)
  --rate N        sales a second; 4 unless given
  --keep          leave the folder with all logs, which is kept anyway when something is found
  --help          this text

The disk can be filled on Linux as root only; elsewhere the table says that it was not tried.
`;

export interface ChaosOptions {
  seconds: number;
  seed: string;
  server: ServerKind;
  /** Sales a second. */
  rate: number;
  keep: boolean;
}

/** @throws Error with a sentence for anything but the options above. */
export function readChaosOptions(args: readonly string[]): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
      server: { type: 'string', default: 'dev' },
      rate: { type: 'string', default: '4' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { seed, server, keep, help } = values;
  if (help) return 'help';
  const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
  if (!(minutes > 0 && minutes <= 600)) throw new Error('--minutes takes a number up to 600, such as 10');
  if (!(rate > 0 && rate <= 100)) throw new Error('--rate takes a number up to 100, such as 4');
  if (server !== 'dev' && server !== 'production') throw new Error('--server takes dev or production');
  return { seconds: minutes * 60, seed, server, rate, keep };
}
