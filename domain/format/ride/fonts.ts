import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const WEIGHTS = [400, 600] as const;
const RANGES = require('@fontsource/noto-sans/unicode.json') as Record<string, string>;

interface Subset {
  holds: (codePoint: number) => boolean;
  /** The faces as CSS, fonts inside; read once. */
  css: () => string;
}

const SUBSETS: readonly Subset[] = Object.entries(RANGES).map(([name, range]) => {
  const spans = range.split(',').map((span) => {
    const [from, to] = span.replace('U+', '').split('-');
    return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
  });
  let css: string | undefined;
  return {
    holds: (codePoint) => spans.some(([from, to]) => from <= codePoint && codePoint <= to),
    css: () => (css ??= WEIGHTS.map((weight) => fontFace(name, weight, range)).join('\n')),
  };
});

/**
 * Noto Sans as `@font-face` rules with `data:` URIs: the subsets that hold a character of `text`. Spanish needs one of 13 kB a weight;
 * all of them would make each page half a megabyte.
 */
export function fontFaces(text: string): string {
  const codePoints = new Set(Array.from(text, (character) => character.codePointAt(0)!));
  // The last face that holds a character is the one a browser takes, and the smallest: latin before its extension.
  const needed = new Set(Array.from(codePoints, (codePoint) => SUBSETS.findLast(({ holds }) => holds(codePoint))));
  return SUBSETS.filter((subset) => needed.has(subset))
    .map(({ css }) => css())
    .join('\n');
}

function fontFace(subset: string, weight: number, range: string): string {
  const file = require.resolve(`@fontsource/noto-sans/files/noto-sans-${subset}-${weight}-normal.woff2`);
  const data = readFileSync(file).toString('base64');
  return `@font-face{font-family:'Noto Sans';font-weight:${weight};src:url(data:font/woff2;base64,${data}) format('woff2');unicode-range:${range}}`;
}
