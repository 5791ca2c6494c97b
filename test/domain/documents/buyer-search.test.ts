import { describe, expect, it } from 'vitest';
import { searchable } from '../../../domain/documents/buyer-search.ts';

describe('a name as it is searched', () => {
  it.each([
    ['María José ÑAUTA', 'maria jose nauta'],
    ['Mari\u0301a', 'maria'],
    ['ÇELİK & Söhne', 'celik & sohne'],
    ['김민수', '김민수'],
    ['100 % Café', '100 % cafe'],
  ])('%s is %s', (name, expected) => {
    expect(searchable(name)).toBe(expected);
  });

  it('is found by any part of it', () => {
    expect(searchable('Íñiguez Peñafiel')).toContain(searchable('ÑAF'));
  });

  it('fits into an index, whatever the letters', () => {
    for (const letter of ['\u0958', '각', 'Ǖ', 'ﬃ', '\ufb4c'])
      expect(Buffer.byteLength(searchable(letter.repeat(300)))).toBeLessThan(2_000);
  });
});
