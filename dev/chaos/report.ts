import type { Struck } from './strikes.ts';
import type { Broken } from './verdict.ts';

/** What came of a run. */
export interface Outcome {
  struck: readonly Struck[];
  /** Kinds that cannot be tried here, with the reason. */
  untried: readonly { name: string; reason: string }[];
  documents: number;
  /** Requests that tills have made, repeats included. */
  requests: number;
  broken: readonly Broken[];
  /** What ended by itself, and how. */
  deaths: readonly string[];
  /** What was not to be had of the service by whoever mends documents. */
  grumbles: readonly string[];
}

const MOST_LISTED = 40;

/** The table of faults, what it cost, and what it was about. */
export function report({ struck, untried, documents, requests, broken, deaths, grumbles }: Outcome): string {
  const met = struck.filter((one) => one.met);
  const missed = struck.filter((one) => !one.met);
  const rows = kindRows(met, broken).map(({ name, tried, survived, lost }) => [name, tried, survived, lost]);
  const total = ['all', met.length, rows.reduce((sum, row) => sum + Number(row[2]), 0), subjects(broken).size];
  const count = (how: Broken['how']) => subjects(broken.filter((one) => one.how === how)).size;
  return [
    table([['fault', 'tried', 'survived', 'lost'], ...rows, ...untried.map(({ name }) => [name, 0, 0, 0]), total]),
    ...untried.map(({ name, reason }) => `Not tried: ${name} (${reason}).\n`),
    missed.length === 0 ? '' : `Found nothing to strike at: ${tally(missed.map(({ name }) => name))}.\n`,
    deaths.length === 0 ? '' : `Ended by themselves, and were started again: ${tally(deaths)}.\n`,
    grumbles.length === 0 ? '' : `Refused to whoever mends documents: ${tally(grumbles)}.\n`,
    `${documents} documents, ${requests} requests: lost ${count('lost')}, doubled ${count('doubled')}, stuck ${count('stuck')}.\n`,
    ...broken.slice(0, MOST_LISTED).map(({ how, subject, detail }) => `${how}: ${subject} (${detail})\n`),
    broken.length > MOST_LISTED ? `and ${broken.length - MOST_LISTED} more.\n` : '',
  ].join('');
}

interface KindRow {
  name: string;
  tried: number;
  survived: number;
  /** Documents that were lost, doubled or stuck, and whose life it fell into. */
  lost: number;
}

/** What each kind has cost: what is broken counts for every fault that came after it was asked for. */
function kindRows(struck: readonly Struck[], broken: readonly Broken[]): KindRow[] {
  const rows = new Map<string, KindRow>();
  for (const { name, to } of struck.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const row = rows.get(name) ?? { name, tried: 0, survived: 0, lost: 0 };
    rows.set(name, row);
    const hurt = subjects(broken.filter(({ sale }) => sale === undefined || sale.askedAt <= to)).size;
    row.tried++;
    if (hurt === 0) row.survived++;
    row.lost = Math.max(row.lost, hurt);
  }
  return [...rows.values()];
}

function subjects(broken: readonly Broken[]): Set<string> {
  return new Set(broken.map(({ subject }) => subject));
}

/** `a, 3 times b`, the most frequent first. */
function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => (count === 1 ? name : `${count} times ${name}`))
    .join(', ');
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row: readonly (string | number)[]) =>
    row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[0]!) : String(cell).padStart(widths[column]!),
    );
  return rows.map((row) => `${line(row).join('  ')}\n`).join('');
}
