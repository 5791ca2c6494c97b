import { expect } from 'vitest';
import type { Answer } from './shop.ts';

/** The answer is a problem of that status and code, about that field if one is named. */
export function expectProblem(answer: Answer, status: number, code: string, field?: string): void {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  if (field !== undefined) expect(answer.body.errors.map((error) => error.field)).toContain(field);
}
