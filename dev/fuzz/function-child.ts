// One reader in a process of its own, so that it can hang, crash and take memory as it likes. Arguments: its name, the run
// as JSON, and the file that holds the input that is being read. It writes the outcome as JSON.
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Reader, type ReaderName, READERS } from './functions.ts';
import { mutated } from './mutate.ts';
import { randomOf } from './random.ts';
import { LIMIT_BYTES, MOST_FINDINGS, type Outcome, type Run } from './report.ts';

/** A busy machine makes anything slow once. */
const TRIES = 3;

const [name = '', run = '', current = ''] = process.argv.slice(2);
const { inputs, seed, limitMs } = JSON.parse(run) as Run;
const reader: Reader = READERS[name as ReaderName];
const file = openSync(current, 'w');
const samples = reader.samples();
for (const sample of samples) faultOf(sample);
let before = memory();
const outcome: Outcome = { inputs: 0, taken: 0, slowestMs: 0, memoryMb: 0, findings: [] };

for (let index = 0; index < inputs && outcome.findings.length < MOST_FINDINGS; index++) {
  const input = mutated(randomOf(seed, index), samples, reader.vocabulary);
  ftruncateSync(file);
  writeSync(file, input, 0, input.length, 0);
  const what = examine(input);
  outcome.inputs++;
  if (what !== undefined) outcome.findings.push({ what, index, input: input.toString('base64') });
}
process.stdout.write(JSON.stringify(outcome));

/** What is wrong with how the input is read. */
function examine(input: Buffer): string | undefined {
  let fastest = Infinity;
  let fault: string | undefined;
  for (let tries = 0; tries < TRIES && fastest > limitMs; tries++) {
    const began = performance.now();
    fault = faultOf(input);
    fastest = Math.min(fastest, performance.now() - began);
  }
  outcome.slowestMs = Math.max(outcome.slowestMs, Math.round(fastest));
  const grown = memory() - before;
  outcome.memoryMb = Math.max(outcome.memoryMb, Math.round(grown / 2 ** 20));
  if (fault === '') outcome.taken++;
  else if (fault !== undefined) return fault;
  if (fastest > limitMs) return `takes ${Math.round(fastest)} ms`;
  if (grown <= LIMIT_BYTES) return undefined;
  before += grown;
  return `takes ${Math.round(grown / 2 ** 20)} MB`;
}

/** Nothing when the input is refused as it should be, '' when it is taken, else what was thrown. */
function faultOf(input: Buffer): string | undefined {
  let taken = false;
  for (const read of reader.read) {
    try {
      read(input);
      taken = true;
    } catch (error) {
      if (!reader.refusals.some((kind) => error instanceof kind)) {
        return `throws ${error instanceof Error ? (error.stack ?? error.name) : typeof error}`;
      }
    }
  }
  return taken ? '' : undefined;
}

/** The most that it has been, in bytes. */
function memory(): number {
  return process.resourceUsage().maxRSS * 1024;
}
