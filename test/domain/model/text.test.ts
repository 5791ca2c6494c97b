import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textProblem } from '../../../domain/model/text.ts';
import { anyText } from '../../support/sales.ts';

describe('a text of a document', () => {
  it('may have whatever people write', () => {
    fc.assert(
      fc.property(anyText(300), (text) => {
        expect(textProblem(text, 300)).toBeUndefined();
      }),
    );
  });

  it.each(['a\nb', 'a\rb', 'a\tb', 'a\u0000', 'a\u0085b', 'a\u2028b', '\ufffe', 'a\ud800'])(
    '%j has a line break or a control character',
    (text) => expect(textProblem(text, 300)).toBe('must not contain line breaks or control characters'),
  );

  it.each([' a', 'a ', '\u00a0a', ' '])('%j has a space at its end', (text) => {
    expect(textProblem(text, 300)).toBe('must not begin or end with a space');
  });

  it('has its length in UTF-16 units', () => {
    expect(textProblem('ñ'.repeat(25), 25)).toBeUndefined();
    expect(textProblem('😀'.repeat(13), 25)).toBe('must have at most 25 characters');
    expect(textProblem('', 25)).toMatch(/^must not be empty/);
  });
});
