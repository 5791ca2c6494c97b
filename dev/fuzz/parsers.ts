import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchHouse, openHouse } from '../../bench/house.ts';
import { faultsIn } from './faults.ts';
import { type ReaderName, READERS } from './functions.ts';
import type { Outcome } from './report.ts';
import { EDGES, type EdgeName } from './requests.ts';
import { fuzzEdge, type Target } from './run-edge.ts';
import { fuzzFunction } from './run-function.ts';

type Name = ReaderName | EdgeName;

const NAMES = [...Object.keys(READERS), ...Object.keys(EDGES)] as Name[];

const USAGE = `node dev/fuzz.ts parsers [OPTIONS]

Throws mutated bytes at every reader of outside bytes: functions in a process of their own, the HTTP edge over sockets.
Each input may be taken or refused as the reader says, within a second (a certificate file: six) and 200 MB above what
the process has when it is warm; the API answers nothing of 500 or more. Ends with 1 and a list when one did otherwise.

  --inputs N    how many each; 2000 unless given
  --seed N      another run; the same seed makes the same changes
  --only NAME   one reader: ${NAMES.join(', ')}
  --help        this text
`;

const isEdge = (name: Name): name is EdgeName => Object.hasOwn(EDGES, name);

/** V8 lets garbage lie while there is room; with this much API and worker have to tidy up. */
const HEAP = '--max-old-space-size=160 --max-semi-space-size=8';
const LIMIT_MS = 1_000;
/** The rounds of hashing that a file may ask for take some seconds; the product does that in a thread, which has 15. */
const P12_LIMIT_MS = 6_000;

/** @param args the options above @returns the exit code */
export async function fuzzParsers(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
  const names = NAMES.filter((name) => name === (values.only ?? name));
  if (values.help || names.length === 0 || !Number.isInteger(inputs) || !Number.isInteger(seed)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  let house: BenchHouse | undefined;
  async function target(): Promise<Target> {
    house ??= await openHouse({ NODE_OPTIONS: HEAP });
    const { apiUrl, shop, api } = house;
    return { apiUrl, apiKey: shop.apiKey, issuerId: shop.issuerId, pid: api.pid };
  }
  let count = 0;
  try {
    console.log(row(['reader', 'inputs', 'taken', 'slowest ms', 'memory MB', 'findings', 'seconds']));
    for (const name of names) {
      const began = performance.now();
      const run = { inputs, seed, limitMs: name === 'p12' ? P12_LIMIT_MS : LIMIT_MS };
      const outcome = isEdge(name) ? await fuzzEdge(name, await target(), run) : await fuzzFunction(name, run);
      count += outcome.findings.length;
      print(name, outcome, Math.round((performance.now() - began) / 1_000));
    }
    const faults = house === undefined ? [] : faultsIn(house.logs());
    if (house !== undefined) console.log(`faults in the log: ${faults.join('; ') || 'none'}`);
    return count + faults.length === 0 ? 0 : 1;
  } finally {
    await house?.close();
  }
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(11))).join('');
}

function print(name: string, { inputs, taken, slowestMs, memoryMb, findings }: Outcome, seconds: number): void {
  console.log(row([name, inputs, taken, slowestMs, memoryMb, findings.length, seconds]));
  const folder = join(tmpdir(), 'comprobante-fuzz-findings');
  for (const { what, index = 'unknown', input } of findings) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name}-${index}`);
    writeFileSync(file, Buffer.from(input, 'base64'));
    console.log(`  input ${index} ${what}\n  kept in ${file}`);
  }
}
