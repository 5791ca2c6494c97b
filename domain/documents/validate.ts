import type { DocumentTotals } from '../model/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { draftDocument, type DraftInput, headOf } from './draft.ts';
import { writeDocument } from './write.ts';

/** Stands in for the number that is not taken. */
const NO_NUMBER = '000000001';

/**
 * Everything that creating the document would check, and the amounts that it would have; takes no number and no quota,
 * and leaves nothing behind.
 * @throws Refusal as `createDocument` does, QUOTA_EXCEEDED and CONFLICT apart
 */
export async function validateDocument(
  ctx: DocumentContext,
  scope: IssuerScope,
  input: DraftInput,
): Promise<{ issueDate: string; totals: DocumentTotals }> {
  const draft = await ctx.store.asTenant(scope.tenantId, (em) => draftDocument(ctx, em, scope, input));
  const { totals } = writeDocument(ctx, headOf(ctx, scope, draft, NO_NUMBER), draft.issuer, draft.body);
  return { issueDate: draft.issueDate, totals };
}
