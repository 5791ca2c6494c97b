import { describe, expect, it } from 'vitest';
import { cursorOf, positionIn } from '../../../api/resources/document-cursor.ts';
import type { DocumentOrder } from '../../../domain/documents/list-order.ts';

const id = '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12';
const newest: DocumentOrder = { by: 'issueDate', direction: 'desc' };

describe('a cursor', () => {
  it.each<[DocumentOrder, string[]]>([
    [newest, ['2026-11-25', id]],
    [{ by: 'sequential', direction: 'asc' }, ['01', '000000123']],
    [{ by: 'buyerName', direction: 'desc' }, ['ñandu, "el" \\', id]],
    [{ by: 'status', direction: 'asc' }, ['AUTHORIZED', '2026-11-25', id]],
  ])('leads back to its place: %o', (order, position) => {
    const cursor = cursorOf(order, position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(positionIn(cursor, order)).toEqual(position);
  });

  it('is of no use in another order', () => {
    const cursor = cursorOf(newest, ['2026-11-25', id]);
    expect(positionIn(cursor, { by: 'issueDate', direction: 'asc' })).toBeUndefined();
    expect(positionIn(cursor, { by: 'sequential', direction: 'desc' })).toBeUndefined();
  });

  it.each([[[]], [['2026-11-25']], [['2026-11-25', id, 'more']], [['2026-11-31', id]], [['2026-11-25', 'x']]])(
    'is none with %o',
    (position) => {
      expect(positionIn(cursorOf(newest, position), newest)).toBeUndefined();
    },
  );

  it.each(['', 'x', 'bnVsbA', 'e30', '%%%'])('is none as %s', (text) => {
    expect(positionIn(text, newest)).toBeUndefined();
  });
});
