import type { DocumentStatus } from './document.ts';

/**
 * Which status may follow which. A document that SRI refused is written anew under the same key and number
 * (ficha técnica 2.34, §4: a refused document may be corrected and sent again), so it starts again at CREATED. One that
 * SRI says nothing of, long after it said that it has it, is offered once more.
 */
export const NEXT_STATUSES: Readonly<Record<DocumentStatus, readonly DocumentStatus[]>> = {
  CREATED: ['SIGNED'],
  SIGNED: ['PENDING_SEND'],
  PENDING_SEND: ['RECEIVED', 'RETURNED'],
  RECEIVED: ['AUTHORIZED', 'NOT_AUTHORIZED', 'PENDING_SEND'],
  RETURNED: ['CREATED'],
  NOT_AUTHORIZED: ['CREATED'],
  AUTHORIZED: [],
};

export function mayFollow(from: DocumentStatus, to: DocumentStatus): boolean {
  return NEXT_STATUSES[from].includes(to);
}

/** SRI has spoken, or nothing further happens by itself. */
export function isOutcome(status: DocumentStatus): boolean {
  return status === 'AUTHORIZED' || status === 'RETURNED' || status === 'NOT_AUTHORIZED';
}
