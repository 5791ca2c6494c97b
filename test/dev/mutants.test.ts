import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAFEGUARDS } from '../../dev/mutants/safeguards.ts';
import { switchedOff } from '../../dev/mutants/trial.ts';

describe('the table of safeguards', () => {
  it('has ten at least, each once', () => {
    const names = new Set(SAFEGUARDS.map(({ name }) => name));
    expect(names.size).toBe(SAFEGUARDS.length);
    expect(names.size).toBeGreaterThanOrEqual(10);
  });

  it.each(SAFEGUARDS)('finds $name in the source, and its test', (safeguard) => {
    const { file, test } = safeguard;
    const source = readFileSync(file, 'utf8');
    expect(switchedOff(source, safeguard)).not.toBe(source);
    expect(readFileSync(test.file, 'utf8').split(`('${test.title}`)).toHaveLength(2);
    expect(test.file.startsWith('test/system/')).toBe(test.project === 'system');
  });

  it('switches off nothing that stands twice, or no longer', () => {
    const one = { ...SAFEGUARDS[0]!, text: 'lock()', instead: '' };
    expect(switchedOff('a; lock(); b', one)).toBe('a; ; b');
    for (const source of ['a; b', 'lock(); lock()']) expect(() => switchedOff(source, one)).toThrow(one.name);
  });
});
