import { describe, expect, it } from 'vitest';
import type { DocumentStatus } from '../../../domain/model/document.ts';
import { isOutcome, mayFollow } from '../../../domain/model/status.ts';

const all: DocumentStatus[] = [
  'CREATED',
  'SIGNED',
  'PENDING_SEND',
  'RECEIVED',
  'RETURNED',
  'AUTHORIZED',
  'NOT_AUTHORIZED',
];

describe('the status of a document', () => {
  it('moves only along these lines', () => {
    const moves = all.flatMap((from) => all.filter((to) => mayFollow(from, to)).map((to) => `${from} → ${to}`));
    expect(moves).toEqual([
      'CREATED → SIGNED',
      'SIGNED → PENDING_SEND',
      'PENDING_SEND → RECEIVED',
      'PENDING_SEND → RETURNED',
      'RECEIVED → PENDING_SEND',
      'RECEIVED → AUTHORIZED',
      'RECEIVED → NOT_AUTHORIZED',
      'RETURNED → CREATED',
      'NOT_AUTHORIZED → CREATED',
    ]);
  });

  it('ends with AUTHORIZED: nothing follows', () => {
    expect(all.filter((to) => mayFollow('AUTHORIZED', to))).toEqual([]);
    expect(all.filter(isOutcome)).toEqual(['RETURNED', 'AUTHORIZED', 'NOT_AUTHORIZED']);
  });
});
