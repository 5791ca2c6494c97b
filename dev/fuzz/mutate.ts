import type { Random } from './random.ts';

/** What a kind of bytes is made of, for whoever wants to break it. */
export interface Vocabulary {
  /** Put in anywhere. */
  words: readonly (string | Buffer)[];
  /** What opens and closes a level, to nest them thousands deep. */
  nests: readonly (readonly [open: string | Buffer, close: string | Buffer])[];
}

/** Longer inputs only take longer: what reads them counts bytes first. */
const MAX_BYTES = 128 * 1024;
const MOST_CHANGES = 6;
const DEPTHS = [10, 70, 300, 10_000];
const LENGTHS = [2, 10, 200, 5_000];

/** Bytes with which something begins, ends, overflows or is no UTF-8. */
const BYTES = [0x00, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x26, 0x2d, 0x3c, 0x3e, 0x7f, 0x80, 0xc0, 0xed, 0xf8, 0xff];
const NOT_UTF8 = ['c080', 'eda080', 'f4908080', 'fffe', 'e282', '80'].map((hex) => Buffer.from(hex, 'hex'));
const NUMBERS = [
  '0',
  '-1',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999',
  '1e400',
  '0x10',
  '9'.repeat(2_000),
];

type Change = (input: Buffer, random: Random, others: readonly Buffer[], vocabulary: Vocabulary) => Buffer;

const CHANGES: readonly Change[] = [
  function flip(input, random) {
    const flipped = Buffer.from(input);
    flipped[random.below(input.length)]! ^= 1 << random.below(8);
    return flipped;
  },
  function overwrite(input, random) {
    const from = random.below(input.length);
    return Buffer.from(input).fill(random.pick(BYTES), from, Math.min(input.length, from + 1 + random.below(4)));
  },
  function cutOff(input, random) {
    return input.subarray(0, random.below(input.length));
  },
  function leaveOut(input, random) {
    const [from, to] = range(input, random);
    return put(input, from, to);
  },
  function repeat(input, random) {
    const [from, to] = range(input, random);
    const times = Math.min(random.pick(LENGTHS), Math.ceil(MAX_BYTES / (to - from + 1)));
    return put(input, to, to, ...Array<Buffer>(times).fill(input.subarray(from, to)));
  },
  function splice(input, random, others) {
    const other = random.pick(others);
    return Buffer.concat([input.subarray(0, random.below(input.length)), other.subarray(random.below(other.length))]);
  },
  function say(input, random, _, { words }) {
    const [from, to] = range(input, random);
    return put(input, from, random.below(2) === 0 ? from : to, Buffer.from(random.pick(words)));
  },
  function notUtf8(input, random) {
    const at = random.below(input.length);
    return put(input, at, at, random.pick(NOT_UTF8));
  },
  function count(input, random) {
    const start = random.below(input.length);
    const found = /\d+/.exec(input.toString('latin1', start));
    const from = start + (found?.index ?? 0);
    return put(input, from, from + (found?.[0].length ?? 0), Buffer.from(random.pick(NUMBERS)));
  },
  function nest(input, random, _, { nests }) {
    const [open, close] = random.pick(nests);
    const [from, to] = range(input, random);
    const depth = random.pick(DEPTHS);
    const closed = random.below(4) === 0 ? 0 : depth;
    const level = (text: string | Buffer, times: number) => Buffer.concat(Array<Buffer>(times).fill(Buffer.from(text)));
    return put(input, from, to, level(open, depth), input.subarray(from, to), level(close, closed));
  },
];

/** One of the seeds, changed in a few ways. */
export function mutated(random: Random, seeds: readonly Buffer[], vocabulary: Vocabulary): Buffer {
  let input = random.pick(seeds);
  for (let changes = 1 + random.below(MOST_CHANGES); changes > 0 && input.length > 0; changes--) {
    input = random.pick(CHANGES)(input, random, seeds, vocabulary).subarray(0, MAX_BYTES);
  }
  return input;
}

/** A piece of the input, mostly a short one. */
function range(input: Buffer, random: Random): [from: number, to: number] {
  const from = random.below(input.length);
  return [from, Math.min(input.length, from + 1 + random.below(random.pick([4, 40, 4_000])))];
}

/** The input with something in the place of a piece of it. */
function put(input: Buffer, from: number, to: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([input.subarray(0, from), ...parts, input.subarray(to)]);
}
