import { spawnSync } from 'node:child_process';

/** poppler's programs come together. */
export const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined;

/** What a PDF says, as it lies on the page or in the order in which it was written; a form feed after each page. */
export function pdfText(pdf: Buffer, order: '-layout' | '-raw' = '-layout'): string {
  const { stdout, status } = spawnSync('pdftotext', [order, '-', '-'], {
    input: pdf,
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  if (status !== 0) throw new Error('pdftotext cannot read it');
  return stdout;
}

/** How many points of each page are light grey, at 40 to the inch. */
export function greyOfPages(pdf: Buffer): number[] {
  const { stdout, status } = spawnSync('pdftoppm', ['-r', '40', '-gray', '-'], { input: pdf, maxBuffer: 50_000_000 });
  if (status !== 0) throw new Error('pdftoppm cannot read it');
  return pages(stdout).map((points) => points.filter((point) => point > 200 && point < 240).length);
}

/** The pages of a row of PGM pictures: a head of three lines, then a byte a point. */
function pages(pictures: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < pictures.length;) {
    const head = /^P5\n(\d+) (\d+)\n255\n/.exec(pictures.subarray(at, at + 40).toString('latin1'))!;
    const begin = at + head[0].length;
    at = begin + Number(head[1]) * Number(head[2]);
    found.push(pictures.subarray(begin, at));
  }
  return found;
}
