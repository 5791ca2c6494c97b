import { type Look, type Part, PARTS } from './processes.ts';
import { ALLOWANCE, isFlat, leastOf, medianOf, type Reading, type Trend, trendOf } from './trend.ts';

/** Every look at every part, in order. */
export type Looks = { at: number; parts: Partial<Record<Part, Look>> }[];

/** Whose memory has to be flat; the others keep what they hold by design. */
const OURS: readonly Part[] = ['API', 'worker', 'Chromium'];

export interface Verdicts {
  /** For people, a line a part. */
  table: string;
  /** What grows, or was not there at the end. */
  growing: string[];
}

export function judge(looks: Looks): Verdicts {
  const rows = [['process', 'what', 'first third', 'middle', 'last third', 'per hour', 'verdict']];
  const growing: string[] = [];
  for (const part of PARTS) {
    for (const [what, unit] of [
      ['memory', 'MB'],
      ['heap', 'MB'],
      ['handles', ''],
    ] as const) {
      const readings = readingsOf(looks, part, what);
      if (readings.length === 0 && what === 'heap') continue;
      if (readings.at(-1)?.at !== looks.at(-1)?.at) {
        growing.push(`${part}: not there at the end`);
        break;
      }
      const trend = trendOf(readings, what === 'heap' ? leastOf : medianOf);
      const judged = what === 'handles' || OURS.includes(part);
      const flat = isFlat(trend, ALLOWANCE[what]);
      if (judged && !flat) growing.push(`${part}: ${what} grows`);
      rows.push([part, what, ...inWords(trend, unit), judged ? (flat ? 'flat' : 'GROWS') : 'not judged']);
    }
  }
  return { table: layOut(rows), growing };
}

function readingsOf(looks: Looks, part: Part, what: keyof Look): Reading[] {
  return looks.flatMap(({ at, parts }) => {
    const value = parts[part]?.[what];
    return value === undefined ? [] : [{ at, value }];
  });
}

function inWords({ first, middle, last, perHour }: Trend, unit: string): string[] {
  const words = (value: number) => `${value.toFixed(0)} ${unit}`.trim();
  return [words(first), words(middle), words(last), `${perHour >= 0 ? '+' : ''}${words(perHour)}`];
}

function layOut(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isText = (column: number) => column < 2 || column === widths.length - 1;
  return rows
    .map((row) =>
      row
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
