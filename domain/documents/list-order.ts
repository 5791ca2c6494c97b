import type { Document } from '../store/entities/document.ts';

/** What the order of a list is by; the last key makes it total, so that a position is one place. */
export const SORT_KEYS = {
  issueDate: ['issueDate', 'id'],
  sequential: ['documentType', 'sequential'],
  buyerName: ['buyerSearch', 'id'],
  status: ['status', 'issueDate', 'id'],
} as const satisfies Record<string, readonly (keyof Document)[]>;

export type SortBy = keyof typeof SORT_KEYS;
export type SortKey = (typeof SORT_KEYS)[SortBy][number];

export interface DocumentOrder {
  by: SortBy;
  direction: 'asc' | 'desc';
}

/** The place of a document in an order: the value of each of its sort keys. */
export function positionOf(document: Document, { by }: DocumentOrder): string[] {
  return SORT_KEYS[by].map((key) => document[key]);
}
