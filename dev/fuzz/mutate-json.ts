import type { Random } from './random.ts';

/** What a field may hold that it should not. */
const VALUES: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  '-0.00',
  '1e999',
  '0x10',
  '١٢٣',
  '9'.repeat(400),
  '0.'.padEnd(400, '9'),
  'x'.repeat(20_000),
  'a\u0000b',
  'a\r\nb',
  '\ud800',
  '\u202eabc',
  '😀'.repeat(200),
  '<script>&"\'',
  ']]>',
  "'; drop table documents; --",
  '__proto__',
  '31/02/2026',
  '00/00/0000',
  '9999999999999',
  [],
  {},
  [[]],
  Array.from({ length: 2_000 }, () => ({})),
  Array.from({ length: 300 }, (_, index) => String(index)),
  { length: 1e9 },
  { toString: 1, toJSON: 1 },
  Array.from({ length: 500 }).reduce<unknown>((inside) => [inside], []),
];

/** The value with one or two places of it changed; it stays JSON. */
export function mutatedJson(random: Random, value: object): object {
  const copy = structuredClone(value);
  for (let changes = 1 + random.below(2); changes > 0; changes--) {
    const places = placesIn(copy);
    if (places.length > 0) change(random, ...random.pick(places));
  }
  return copy;
}

type Place = [holder: Record<string, unknown>, name: string];

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [[holder, name] as Place, ...placesIn(holder[name])]);
}

function change(random: Random, holder: Record<string, unknown>, name: string): void {
  const value = holder[name];
  switch (random.below(6)) {
    case 0:
      delete holder[name];
      break;
    case 1:
      holder[`${name}x`] = value;
      break;
    case 2:
      holder[name] = [value];
      break;
    case 3:
      holder[name] =
        `${typeof value === 'string' ? value : JSON.stringify(value)}${random.pick(['0', 'x', ' ', '\n'])}`;
      break;
    default:
      holder[name] = structuredClone(random.pick(VALUES));
  }
}
