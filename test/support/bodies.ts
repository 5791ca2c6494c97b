import type fc from 'fast-check';
import type { DocumentBody, DocumentType } from '../../domain/model/document.ts';
import { anySale } from './sales.ts';

/** Bodies that the checks of their type take, as SAMPLE_DATE has them. */
const BODIES: Readonly<Record<string, fc.Arbitrary<DocumentBody>>> = {
  '01': anySale,
};

export function anyBodyOf(code: DocumentType): fc.Arbitrary<DocumentBody> {
  const bodies = BODIES[code];
  if (bodies === undefined) throw new Error(`there are no bodies of type ${code} to try`);
  return bodies;
}
