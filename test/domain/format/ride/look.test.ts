import { describe, expect, it } from 'vitest';
import { accentsOf } from '../../../../domain/format/ride/look.ts';

describe("an issuer's colour", () => {
  it.each([
    ['dark enough for text', '#0B4F9C', { ink: '#0B4F9C', rule: '#0B4F9C', fill: '#0B4F9C', onFill: '#fff' }],
    ['black', '#000000', { ink: '#000000', rule: '#000000', fill: '#000000', onFill: '#fff' }],
    ['just readable', '#767676', { ink: '#767676', rule: '#767676', fill: '#767676', onFill: '#000' }],
    ['good for lines, not for text', '#FF5722', { ink: '#111', rule: '#FF5722', fill: '#FF5722', onFill: '#000' }],
    ['too light for lines', '#FFD54F', { ink: '#111', rule: '#111', fill: '#FFD54F', onFill: '#000' }],
    ['white', '#ffffff', { ink: '#111', rule: '#111', fill: '#ffffff', onFill: '#000' }],
  ])('%s', (_, color, accents) => {
    expect(accentsOf(color)).toEqual(accents);
  });

  it('leaves the page black and its table heads unfilled where there is none', () => {
    expect(accentsOf(undefined)).toMatchObject({ ink: '#111', rule: '#111', fill: 'none' });
  });
});
