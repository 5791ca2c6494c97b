import { parseArgs } from 'node:util';
import { ALLOWANCE, WARM_UP } from './trend.ts';

const percent = (what: keyof typeof ALLOWANCE) => `${ALLOWANCE[what].share * 100} %`;

export const USAGE = `npm run soak [-- OPTIONS]

Starts everything as npm start does, on a folder of its own, and lets it work: documents of all types at a steady rate,
each sent, authorized, printed, mailed and told by webhook, its files fetched, and the lists read. Every 15 seconds it
looks at the memory and the open file handles of every process. Linux only. Ends with 0 when everything is flat, every
request was answered and nothing is lost, with 1 and the reason when not.

  --minutes N   how long; 30 unless given, at least 15: less says little
  --rate N      documents a second, 0.1 to 20; 1 unless given
  --heap MB     what V8 may take for old objects, in each of our processes; 160 unless given. Left to itself it takes
                what the machine has, and growth says nothing
  --help        this text

The first ${WARM_UP * 100} % warm up and do not count. The rest is compared by thirds: a process is flat when the median of the last
third is at most ${percent('memory')} or ${ALLOWANCE.memory.amount} MB above the median of the middle one, whichever is more; of its JavaScript
heap the least of each third counts, since what else there is is garbage, with ${percent('heap')} or ${ALLOWANCE.heap.amount} MB; of its open handles the
median, with ${percent('handles')} or ${ALLOWANCE.handles.amount}.

Memory must be flat in the API, the worker and Chromium; handles must be everywhere. The memory of the others is told and
not judged: the simulator of SRI remembers each document and the development server of Temporal each history, by design,
the mailbox and the webhook receiver live in npm start's own process, and PostgreSQL fills its caches. Memory is what is
resident without mapped files and shared memory; of several processes the sum is told, of handles too.
`;

/** Of the plan, some are for the demonstration. */
const MOST_DOCUMENTS = 19_900;

export interface SoakOptions {
  minutes: number;
  /** Documents a second. */
  rate: number;
  heapMegabytes: number;
  help: boolean;
}

/** @throws Error with a sentence for anything but the options above. */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string', default: '1' },
      heap: { type: 'string', default: '160' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const number = (name: 'minutes' | 'rate' | 'heap', from: number, to: number): number => {
    const value = Number(values[name]);
    if (!(value >= from && value <= to)) throw new Error(`--${name} takes a number from ${from} to ${to}`);
    return value;
  };
  const [minutes, rate] = [number('minutes', 15, 1_440), number('rate', 0.1, 20)];
  if (minutes * 60 * rate > MOST_DOCUMENTS)
    throw new Error(
      `the plan of the demonstration's tenant allows ${MOST_DOCUMENTS} documents: --minutes or --rate is too large`,
    );
  return { minutes, rate, heapMegabytes: number('heap', 64, 4_096), help: values.help };
}
