import { describe, expect, it } from 'vitest';
import { type ReaderName, READERS } from '../../dev/fuzz/functions.ts';
import { mutated } from '../../dev/fuzz/mutate.ts';
import { mutatedJson } from '../../dev/fuzz/mutate-json.ts';
import { randomOf } from '../../dev/fuzz/random.ts';
import { fuzzFunction } from '../../dev/fuzz/run-function.ts';
import { XML } from '../../dev/fuzz/vocabularies.ts';

const INPUTS = 2_000;
/** A busy machine is slow; what hangs does so for ever. */
const RUN = { inputs: INPUTS, seed: 1, limitMs: 20_000 };

describe('the readers of outside bytes', () => {
  it.each(Object.keys(READERS) as ReaderName[])(
    'take or refuse whatever is made of a sample: %s',
    async (name) => {
      expect(await fuzzFunction(name, RUN)).toMatchObject({ inputs: INPUTS, findings: [] });
    },
    180_000,
  );
});

describe('the mutations', () => {
  const samples = [Buffer.from('<a>1</a>'), Buffer.from('<b>22</b>')];
  const value = { buyer: { name: 'Ana' }, items: [{ quantity: '1' }] };
  const first = <T>(make: (index: number) => T) => Array.from({ length: 300 }, (_, index) => make(index));

  it('are the same for the same seed, and others for another', () => {
    const bytes = (seed: number) => first((index) => mutated(randomOf(seed, index), samples, XML).toString('hex'));
    expect(bytes(1)).toEqual(bytes(1));
    expect(bytes(1)).not.toEqual(bytes(2));
    expect(new Set(bytes(1)).size).toBeGreaterThan(250);
    const json = (seed: number) => first((index) => JSON.stringify(mutatedJson(randomOf(seed, index), value)));
    expect(json(1)).toEqual(json(1));
    expect(json(1)).not.toEqual(json(2));
  });

  it('leave the samples as they were', () => {
    first((index) => [mutated(randomOf(1, index), samples, XML), mutatedJson(randomOf(1, index), value)]);
    expect(samples.map(String)).toEqual(['<a>1</a>', '<b>22</b>']);
    expect(value).toEqual({ buyer: { name: 'Ana' }, items: [{ quantity: '1' }] });
  });
});
