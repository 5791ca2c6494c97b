/** Control characters, the line and paragraph separators, and what XML 1.0 does not know at all. */
const FORBIDDEN = /[\p{Cc}\u2028\u2029\ufffe\uffff]/u;

/**
 * What keeps a text out of a document, or nothing: SRI's schemas take no empty text and no line feed (error 35), and a
 * space at either end is a slip that no buyer sees and every comparison stumbles over. Lengths are UTF-16 units, which
 * is what SRI's validator counts; a name of emojis is the only one to notice.
 */
export function textProblem(text: string, longest: number): string | undefined {
  if (text === '') return 'must not be empty; leave the field out instead';
  if (FORBIDDEN.test(text) || !text.isWellFormed()) return 'must not contain line breaks or control characters';
  if (text !== text.trim()) return 'must not begin or end with a space';
  return text.length > longest ? `must have at most ${longest} characters` : undefined;
}
