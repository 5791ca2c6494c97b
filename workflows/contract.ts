import { defineSearchAttributeKey, type Priority, TypedSearchAttributes } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DocumentStatus, DocumentType } from '../domain/model/document.ts';
import type { Queue } from '../domain/model/queues.ts';

/**
 * "The document's row has changed: read it and go on." Answers with the first status that is not in `passing`, or after
 * `waitMs` with the one reached by then: the server keeps few unanswered updates of one workflow (10), so none may wait
 * for as long as SRI likes. Without `waitMs` it waits for what needs nobody outside. While SRI is being polled it also
 * means "ask now".
 */
export const advance = defineUpdate<DocumentStatus, [passing: DocumentStatus[], waitMs?: number]>('advance');

/** The same without an answer, for whoever does not wait for one. */
export const nudge = defineSignal('nudge');

/** Failure type of an `advance` whose document cannot be signed; the message says why. */
export const SIGNING_REFUSED = 'SigningRefused';

const TenantId = defineSearchAttributeKey('TenantId', 'KEYWORD');
const IssuerId = defineSearchAttributeKey('IssuerId', 'KEYWORD');
const DocumentTypeKey = defineSearchAttributeKey('DocumentType', 'KEYWORD');
export const DocumentStatusKey = defineSearchAttributeKey('DocumentStatus', 'KEYWORD');

/** Every search attribute that a namespace must know. */
export const SEARCH_ATTRIBUTES = [TenantId, IssuerId, DocumentTypeKey, DocumentStatusKey];

/** What Temporal is told of a document; ids and codes only. */
export interface DocumentFacts {
  accessKey: string;
  tenantId: string;
  issuerId: string;
  documentType: DocumentType;
  status: DocumentStatus;
  /** Such as `Factura 001-001-000000123`. */
  summary: string;
}

const DOCUMENTS: Queue = 'documents';

/** Tenants share the queues fairly. */
function priorityOf(tenantId: string): Priority {
  return { fairnessKey: tenantId };
}

/** Start options of a document's workflow; its id is the access key. */
export function documentStart(facts: DocumentFacts) {
  return {
    workflowId: facts.accessKey,
    taskQueue: DOCUMENTS,
    args: [facts.accessKey] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(facts.tenantId),
    staticSummary: facts.summary,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: TenantId, value: facts.tenantId },
      { key: IssuerId, value: facts.issuerId },
      { key: DocumentTypeKey, value: facts.documentType },
      // A document is signed first thing: saying so at once saves Temporal a write for each.
      { key: DocumentStatusKey, value: facts.status === 'CREATED' ? 'SIGNED' : facts.status },
    ]),
  };
}

/** Start options of a mail that belongs to no document. */
export function mailStart(mailId: string, tenantId: string) {
  return {
    workflowId: `mail/${mailId}`,
    taskQueue: DOCUMENTS,
    args: [mailId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: 'Verification mail',
  };
}

/** Id of the workflow that delivers one webhook. */
export function webhookWorkflowId(deliveryId: string): string {
  return `webhook/${deliveryId}`;
}

export const RECONCILIATION = {
  scheduleId: 'reconciliation',
  workflowId: 'reconciliation',
  everyMs: 60_000,
  taskQueue: DOCUMENTS,
};
