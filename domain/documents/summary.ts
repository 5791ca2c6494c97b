import { parseAccessKey } from '../model/access-key.ts';
import type { Document } from '../store/entities/document.ts';
import { documentTypeOf } from './write.ts';

/** Such as `001-001-000000123`. */
export function documentNumber(accessKey: string): string {
  const { branchCode, issuePointCode, sequential } = parseAccessKey(accessKey);
  return `${branchCode}-${issuePointCode}-${sequential}`;
}

/** What Temporal is told of a document: ids and codes. */
export function documentFacts(document: Document) {
  const { accessKey, tenantId, issuerId, documentType, status } = document;
  const summary = `${documentTypeOf(documentType).name} ${documentNumber(accessKey)}`;
  return { accessKey, tenantId, issuerId, documentType, status, summary };
}
