import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PATCHES } from '../../workflows/patches.ts';

const folder = new URL('../../workflows/', import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && name !== 'patches.ts')
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

describe('changes of workflows', () => {
  it('are in the table, each of them, and nothing else is', () => {
    const used = sources.flatMap(({ text }) => [...text.matchAll(/\bchanged\(\s*'([^']*)'/g)].map(([, id]) => id!));
    expect(new Set(used)).toEqual(new Set(Object.keys(PATCHES)));
  });

  it('ask nobody but the table', () => {
    const asking = sources.filter(({ text }) => /\b(?:patched|deprecatePatch)\b/.test(text));
    expect(asking.map(({ name }) => name)).toEqual([]);
  });

  it('have a day and a plan of removal', () => {
    for (const [id, patch] of Object.entries<Record<string, string>>(PATCHES)) {
      expect(patch['since'], id).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(patch['release'], id).toMatch(/^\d+\.\d+\.\d+$/);
      expect(patch['before'], id).toMatch(/\w/);
      expect(patch['removal'], id).toMatch(/\w/);
    }
  });
});
