/** Widths of bar, space, bar, space, bar, space of each Code 128 symbol, 0 to 105 (ISO/IEC 15417). */
const SYMBOLS =
  `212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221
223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113
132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113
312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232`.split(/\s+/);
const START_C = 105;
const CODE_B = 100;
const CODE_A = 101;
const STOP = '2331112';

/** Reads the bars of an SVG. @throws when they are no Code 128 of digits */
export function readCode128(svg: string): string {
  return digitsOf(barsAndSpaces(svg));
}

/**
 * Reads bars and spaces as a scanner would: digits of Code 128, sets A, B and C.
 * @param widths in modules, beginning with a bar @throws on anything else
 */
export function digitsOf(widths: string): string {
  const values = symbols(widths);
  const check = values.pop();
  if (values[0] !== START_C) throw new Error('does not start in set C');
  const sum = values.reduce((total, value, index) => total + value * Math.max(index, 1), 0);
  if (sum % 103 !== check) throw new Error('wrong check symbol');
  let inPairs = true;
  let digits = '';
  for (const value of values.slice(1)) {
    if (inPairs && (value === CODE_A || value === CODE_B)) inPairs = false;
    else digits += inPairs ? String(value).padStart(2, '0') : String.fromCharCode(value + 32);
  }
  return digits;
}

/** Widths in modules, beginning with a bar. */
function barsAndSpaces(svg: string): string {
  const bars = Array.from(svg.matchAll(/stroke-width="(\d+)" d="([^"]+)"/g)).flatMap(([, width, path]) =>
    Array.from(path!.matchAll(/M([\d.]+) /g), ([, center]) => ({
      from: Number(center) - Number(width) / 2,
      width: Number(width),
    })),
  );
  bars.sort((a, b) => a.from - b.from);
  const module = Math.min(...bars.map(({ width }) => width));
  return bars
    .flatMap(({ from, width }, index) => {
      const next = bars[index + 1];
      return next === undefined ? [width] : [width, next.from - from - width];
    })
    .map((width) => width / module)
    .join('');
}

function symbols(widths: string): number[] {
  if (!widths.endsWith(STOP)) throw new Error('no stop symbol');
  const values =
    widths
      .slice(0, -STOP.length)
      .match(/.{6}/g)
      ?.map((symbol) => SYMBOLS.indexOf(symbol)) ?? [];
  if (values.includes(-1)) throw new Error('unknown symbol');
  return values;
}
