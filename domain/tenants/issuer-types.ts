import { documentTypeOf } from '../documents/write.ts';
import { documentTypes } from '../format/document-types.ts';
import type { DocumentType, FieldProblem } from '../model/document.ts';
import { Refusal } from '../refusal.ts';
import type { TenantContext } from './context.ts';
import { workOnIssuer } from './issuers.ts';

/** Whether documents of this type are issued here. */
export function isSupportedType(code: string): code is DocumentType {
  return documentTypes.some((row) => row.code === code);
}

/** What is wrong with a list of types in a field `documentTypes`. */
export function documentTypeProblems(codes: readonly string[]): FieldProblem[] {
  const known = documentTypes.map((row) => row.code).join(', ');
  return codes.flatMap((code, index) =>
    isSupportedType(code)
      ? []
      : [{ field: `documentTypes[${index}]`, message: `is not issued here; these are: ${known}`, value: code }],
  );
}

/** The types that the issuer is enabled for. @throws Refusal ISSUER_FORBIDDEN, ISSUER_NOT_FOUND */
export async function issuerTypes(ctx: TenantContext, tenantId: string, issuerId: string): Promise<DocumentType[]> {
  return workOnIssuer(ctx, tenantId, issuerId, async (_, { documentTypes: types }) => types);
}

/** Enables a type, if it is not. @throws Refusal DOCUMENT_TYPE_NOT_SUPPORTED, ISSUER_FORBIDDEN, ISSUER_NOT_FOUND */
export async function enableType(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  code: string,
): Promise<DocumentType[]> {
  const type = documentTypeOf(code).code;
  return workOnIssuer(
    ctx,
    tenantId,
    issuerId,
    async (_, issuer) => (issuer.documentTypes = [...new Set([...issuer.documentTypes, type])].toSorted()),
    { alone: true },
  );
}

/**
 * Disables a type; documents that are numbered already go on.
 * @throws Refusal NOT_FOUND when it is not enabled, BAD_REQUEST when it is the last, ISSUER_FORBIDDEN, ISSUER_NOT_FOUND
 */
export async function disableType(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  code: string,
): Promise<DocumentType[]> {
  return workOnIssuer(
    ctx,
    tenantId,
    issuerId,
    async (_, issuer) => {
      const left = issuer.documentTypes.filter((type) => type !== code);
      if (left.length === issuer.documentTypes.length)
        throw new Refusal('NOT_FOUND', `Document type '${code}' is not enabled for this issuer.`);
      if (left.length === 0) throw new Refusal('BAD_REQUEST', 'An issuer keeps one document type at least.');
      issuer.documentTypes = left;
      return left;
    },
    { alone: true },
  );
}
