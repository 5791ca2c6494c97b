import { defineSearchAttributeKey, type Priority, TypedSearchAttributes } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DocumentStatus, DocumentType } from '../domain/model/document.ts';
import type { PromotionOffer, PromotionOutcome } from '../domain/model/promotion.ts';
import type { Queue } from '../domain/model/queues.ts';
import type { SriService } from '../domain/model/sri-service.ts';

/**
 * "The document's row has changed: read it and go on." Answers with the first status that is not in `passing`, or after
 * `waitMs` with the one reached by then: the server keeps few unanswered updates of one workflow (10), so none may wait
 * for as long as SRI likes. Without `waitMs` it waits for what needs nobody outside. While SRI is being polled it also
 * means "ask now".
 */
export const advance = defineUpdate<DocumentStatus, [passing: DocumentStatus[], waitMs?: number]>('advance');

/** The same without an answer, for whoever does not wait for one. */
export const nudge = defineSignal('nudge');

/** "Print the ticket": of an authorized factura, for whoever asks for it. */
export const printTicket = defineSignal('printTicket');

/** "Promote the tenant with these keys": answers when that is done for good, or cannot be done as offered. */
export const promote = defineUpdate<PromotionOutcome, [PromotionOffer]>('promote');

/** "Make the next attempt at this webhook now": it was put back for a replay. */
export const attemptNow = defineSignal('attemptNow');

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

/** What comes by the thousand waits for what somebody waits for; 3 is the priority of that, and 5 the least. */
function bulkPriorityOf(tenantId: string): Priority {
  return { fairnessKey: tenantId, priorityKey: 5 };
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

/** The same for a document that a batch has issued. */
export function batchDocumentStart(facts: DocumentFacts) {
  return { ...documentStart(facts), priority: bulkPriorityOf(facts.tenantId) };
}

/** Start options of the workflow that issues a batch's lines. */
export function batchStart(batchId: string, tenantId: string) {
  return {
    workflowId: `batch/${batchId}`,
    taskQueue: DOCUMENTS,
    args: [batchId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: bulkPriorityOf(tenantId),
    staticSummary: 'Batch of documents',
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** Start options of what watches an outage of one of SRI's services, and ends it. */
export function outageStart({ host, service }: { host: string; service: SriService }) {
  return {
    workflowId: `sri-outage/${service}/${host}`,
    taskQueue: DOCUMENTS,
    args: [host, service] as [string, SriService],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary: `Outage of SRI's ${service}`,
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
    staticSummary: 'Mail to the tenant',
  };
}

/** Id of the schedule that has a tenant's certificates looked at each day. */
export function certificateScheduleId(tenantId: string): string {
  return `certificates/${tenantId}`;
}

/** Start options of one look at a tenant's certificates. */
export function certificateWatchStart(tenantId: string) {
  return {
    workflowId: `certificate-watch/${tenantId}`,
    taskQueue: DOCUMENTS,
    args: [tenantId] as [string],
    staticSummary: 'Looks at the certificates of a tenant',
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** Start options of what makes a tenant's certificate schedule follow its status. */
export function certificateScheduleStart(tenantId: string) {
  return {
    workflowId: `certificate-schedule/${tenantId}`,
    taskQueue: DOCUMENTS,
    args: [tenantId] as [string],
    // A run that is going may have read the status before it changed; the sweep comes in any case.
    workflowIdConflictPolicy: 'TERMINATE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: 'Aligns the certificate schedule of a tenant with its status',
  };
}

/** Start options of the workflow that takes a tenant to production; it does what it is offered by `promote`. */
export function promotionStart(tenantId: string) {
  return {
    workflowId: `promotion/${tenantId}`,
    taskQueue: DOCUMENTS,
    args: [tenantId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: 'Promotion to production',
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** How many mails were tried, and what came of it. */
export interface MailRetryResult {
  attempted: number;
  succeeded: number;
  /** Refused for good, or not taken now; what was not taken now is tried again by itself. */
  failed: number;
}

/** Start options of what tries mails now: one, by its own id, or a batch. Who asks for the same joins the run that is going. */
export function mailRetryStart(id: string, mailIds: string[], tenantId: string) {
  return {
    workflowId: `mail-retry/${id}`,
    taskQueue: DOCUMENTS,
    args: [mailIds] as [string[]],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: mailIds.length === 1 ? 'Tries a mail now' : `Tries ${mailIds.length} mails now`,
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** Id of the workflow that delivers one webhook. */
export function webhookWorkflowId(deliveryId: string): string {
  return `webhook/${deliveryId}`;
}

/** Start options of a delivery that no document's workflow starts. */
export function webhookStart(deliveryId: string, tenantId: string) {
  return {
    workflowId: webhookWorkflowId(deliveryId),
    taskQueue: DOCUMENTS,
    args: [deliveryId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: 'Webhook delivery',
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** Start options of the replay of a window of an endpoint's deliveries. */
export function webhookReplayStart(replayId: string, tenantId: string) {
  return {
    workflowId: `webhook-replay/${replayId}`,
    taskQueue: DOCUMENTS,
    args: [replayId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: priorityOf(tenantId),
    staticSummary: 'Replay of webhook deliveries',
    typedSearchAttributes: new TypedSearchAttributes([{ key: TenantId, value: tenantId }]),
  };
}

/** Start options of what seals everything anew under a key. Who asks for the same key joins the run that is going. */
export function keyRotationStart(keyId: string) {
  return {
    workflowId: `key-rotation/${keyId}`,
    taskQueue: DOCUMENTS,
    args: [keyId] as [string],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    priority: { priorityKey: 5 },
    staticSummary: `Seals what is encrypted at rest under key '${keyId}'`,
  };
}

export const RECONCILIATION = {
  scheduleId: 'reconciliation',
  workflowId: 'reconciliation',
  everyMs: 60_000,
  taskQueue: DOCUMENTS,
};
