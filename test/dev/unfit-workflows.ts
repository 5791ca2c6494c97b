// What the check of the workflow bundle must refuse; bundled by its test, never run.
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';

export async function unfitWorkflow(input: unknown): Promise<string> {
  if (!z.string().safeParse(input).success) throw new Refusal('VALIDATION_FAILED', 'not a text');
  return Promise.resolve('fit');
}
