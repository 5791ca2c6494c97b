import { spawnSync } from 'node:child_process';

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
