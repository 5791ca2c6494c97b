interface Letter {
  width: number;
  /** Strokes on a body of height 10. */
  path: string;
}

const LETTERS: Readonly<Record<string, Letter>> = {
  A: { width: 7.4, path: 'M0 10L3.7 0L7.4 10M1.3 6.6H6.1' },
  B: { width: 5.6, path: 'M0 4.9H3A2.5 2.55 0 0 1 3 10H0V0H2.8A2.4 2.45 0 0 1 2.8 4.9' },
  D: { width: 6.6, path: 'M0 0H2A4.6 5 0 0 1 2 10H0Z' },
  E: { width: 4.8, path: 'M4.8 0H0V10H4.8M0 4.9H4.4' },
  I: { width: 0, path: 'M0 0V10' },
  L: { width: 4.6, path: 'M0 0V10H4.6' },
  N: { width: 6.4, path: 'M0 10V0L6.4 10V0' },
  R: { width: 5.8, path: 'M0 10V0H2.8A2.6 2.7 0 0 1 2.8 5.4H0M2.9 5.4L5.8 10' },
  S: {
    width: 5.6,
    path: 'M5.2 1.5C4.6 .5 3.8 0 2.8 0C1.2 0 .2 1 .2 2.4C.2 5.6 5.5 4.3 5.5 7.5C5.5 9 4.4 10 2.8 10C1.5 10 .5 9.4 0 8.3',
  },
  T: { width: 6.8, path: 'M0 0H6.8M3.4 0V10' },
  U: { width: 6.2, path: 'M0 0V6.8A3.1 3.2 0 0 0 6.2 6.8V0' },
  V: { width: 7, path: 'M0 0L3.5 10L7 0' },
  Z: { width: 6, path: 'M0 0H6L0 10H6' },
};
const GAP = 3;
const SPACE = 6;

/**
 * The words as strokes, no text: slanted text would come between the lines of those who copy or search them. A CSS image
 * of the size of a page inside its margins (`style.ts`), whose coordinates are millimetres.
 */
export function watermark(words: string): string {
  let x = 0;
  const strokes: string[] = [];
  for (const character of words) {
    const letter = LETTERS[character];
    if (letter !== undefined) strokes.push(`<path transform="translate(${x.toFixed(1)})" d="${letter.path}"/>`);
    x += letter === undefined ? SPACE - GAP : letter.width + GAP;
  }
  const center = `translate(${(-(x - GAP) / 2).toFixed(1)} -5)`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-92 -134 184 268" fill="none" stroke="#dcdcdc" stroke-width="1.7"><g transform="rotate(-55.5) scale(1.55) ${center}">${strokes.join('')}</g></svg>`;
  return `url(data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')})`;
}
