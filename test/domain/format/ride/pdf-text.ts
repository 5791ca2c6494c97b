import { spawnSync } from 'node:child_process';

/** poppler's programs come together. */
export const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined;

/** What a PDF says, as it lies on the page or in the order in which it was written; a form feed after each page. */
export function pdfText(pdf: Buffer, order: '-layout' | '-raw' = '-layout'): string {
  return output('pdftotext', [order, '-', '-'], pdf).toString();
}

/** How many points of each page are light grey, at 40 to the inch. */
export function greyOfPages(pdf: Buffer): number[] {
  return picturesOf(pdf, ['-r', '40', '-gray']).map(
    ({ points }) => points.filter((point) => point > 200 && point < 240).length,
  );
}

/** How many points of the first page have a colour, at 40 to the inch. */
export function coloredPoints(pdf: Buffer): number {
  const { points } = picturesOf(pdf, ['-r', '40'])[0]!;
  let count = 0;
  for (let at = 0; at < points.length; at += 3) {
    const channels = points.subarray(at, at + 3);
    if (Math.max(...channels) - Math.min(...channels) > 60) count++;
  }
  return count;
}

/**
 * The column of the first page at `mm` from its left edge, as a thermal printer of 8 dots a millimetre prints it: lengths in
 * dots, black and white in turn.
 */
export function runsOfColumn(pdf: Buffer, mm: number): { black: boolean; length: number }[] {
  const { width, points } = picturesOf(pdf, ['-r', '203.2', '-gray', '-aa', 'no', '-aaVector', 'no'])[0]!;
  const runs: { black: boolean; length: number }[] = [];
  for (let at = mm * 8; at < points.length; at += width) {
    const black = points[at]! < 128;
    if (runs.at(-1)?.black === black) runs.at(-1)!.length++;
    else runs.push({ black, length: 1 });
  }
  return runs;
}

/** The pictures in a PDF, in millimetres as they lie on the paper. */
export function imagesOf(pdf: Buffer): { width: number; height: number }[] {
  const lines = output('pdfimages', ['-list', '-'], pdf).toString().trim().split('\n').slice(2);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , type]) => type === 'image')
    .map(([, , , width, height, , , , , , , , xPpi, yPpi]) => ({
      width: (Number(width) / Number(xPpi)) * 25.4,
      height: (Number(height) / Number(yPpi)) * 25.4,
    }));
}

/** In millimetres. */
export function pageSizes(pdf: Buffer): { width: number; height: number }[] {
  const info = output('pdfinfo', ['-f', '1', '-l', '1000', '-'], pdf).toString();
  return Array.from(info.matchAll(/^Page +\d+ size: +([\d.]+) x ([\d.]+) pts/gm), ([, width, height]) => ({
    width: (Number(width) / 72) * 25.4,
    height: (Number(height) / 72) * 25.4,
  }));
}

interface Picture {
  width: number;
  /** A byte a point; red, green and blue when it is not grey. */
  points: Buffer;
}

function picturesOf(pdf: Buffer, options: readonly string[]): Picture[] {
  const pictures = output('pdftoppm', [...options, '-'], pdf);
  const found: Picture[] = [];
  for (let at = 0; at < pictures.length;) {
    const head = /^P([56])\n(\d+) (\d+)\n255\n/.exec(pictures.subarray(at, at + 40).toString('latin1'))!;
    const begin = at + head[0].length;
    const width = Number(head[2]);
    at = begin + width * Number(head[3]) * (head[1] === '5' ? 1 : 3);
    found.push({ width, points: pictures.subarray(begin, at) });
  }
  return found;
}

function output(program: string, options: readonly string[], pdf: Buffer): Buffer {
  const { stdout, status } = spawnSync(program, options, { input: pdf, maxBuffer: 50_000_000 });
  if (status !== 0) throw new Error(`${program} cannot read it`);
  return stdout;
}
