import { describe, expect, it } from 'vitest';
import { MAX_LINES, readLine, splitLines } from '../../../domain/batches/lines.ts';
import { canonicalHash } from '../../../domain/canonical-json.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { sampleSale } from '../../support/sales.ts';

const split = (text: string) => splitLines(Buffer.from(text)).map(String);

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the lines of a batch', () => {
  it.each([
    ['with and without a line feed at the end', 'a\nb\n', ['a', 'b']],
    ['one alone', 'a', ['a']],
    ['after a byte order mark', '\ufeffa\nb', ['a', 'b']],
    ['empty ones count, as in an editor', 'a\n\nb\n\n', ['a', '', 'b', '']],
  ])('%s', (_, text, lines) => {
    expect(split(text)).toEqual(lines);
  });

  it.each([
    ['none', Buffer.from(''), 'VALIDATION_FAILED'],
    ['a byte order mark alone', Buffer.from('\ufeff'), 'VALIDATION_FAILED'],
    ['one too many', Buffer.from('\n'.repeat(MAX_LINES + 1)), 'VALIDATION_FAILED'],
    ['Latin-1', Buffer.from('{"name":"Ñato"}', 'latin1'), 'BAD_REQUEST'],
  ])('are refused: %s', (_, text, code) => {
    expect(refusal(() => splitLines(text)).code).toBe(code);
  });

  it('may be as many as are allowed', () => {
    expect(splitLines(Buffer.from('\n'.repeat(MAX_LINES)))).toHaveLength(MAX_LINES);
  });
});

describe('a line', () => {
  const read = (line: unknown) => readLine(Buffer.from(typeof line === 'string' ? line : JSON.stringify(line)));

  it('is what the body of a single document is, with a key of its own', () => {
    const sale = sampleSale();
    const { idempotencyKey, ...request } = read({ ...sale, idempotencyKey: 'invoice-1', autoSend: true });
    expect(idempotencyKey).toBe('invoice-1');
    expect(request).toEqual({ body: sale, autoSend: true, bodyHash: canonicalHash({ ...sale, autoSend: true }) });
    expect(read(`${JSON.stringify(sale)}\r`)).toMatchObject({ body: sale, autoSend: false });
    expect(read(sale)).not.toHaveProperty('idempotencyKey');
  });

  it.each([
    ['is empty', ' \r', 'BAD_REQUEST', []],
    ['is no JSON', '{"documentType":', 'BAD_REQUEST', []],
    ['is no object', '[1]', 'VALIDATION_FAILED', ['general']],
    ['is of a type that is not issued', { documentType: '99' }, 'DOCUMENT_TYPE_NOT_SUPPORTED', []],
    ['has a key that is none', { ...sampleSale(), idempotencyKey: '' }, 'VALIDATION_FAILED', ['idempotencyKey']],
    [
      'has a field that is not known, and a key that is none',
      { ...sampleSale(), sequential: '7', idempotencyKey: 7 },
      'VALIDATION_FAILED',
      ['sequential', 'idempotencyKey'],
    ],
    ['is larger than a request may be', ' '.repeat(1024 * 1024 + 1), 'PAYLOAD_TOO_LARGE', []],
  ])('is refused when it %s', (_, line, code, fields) => {
    const refused = refusal(() => read(line));
    expect([refused.code, refused.problems.map(({ field }) => field)]).toEqual([code, fields]);
  });
});
