import { DeferMode, defineEntity, p } from '@mikro-orm/core';
import type { Environment, FieldProblem } from '../../model/document.ts';
import type { RefusalCode } from '../../refusal.ts';
import { bytes, createdAt, id, instant, updatedAt } from './columns.ts';
import { Document } from './document.ts';
import { Issuer } from './issuer.ts';
import { tenantRows } from './row-security.ts';
import { Tenant } from './tenant.ts';

/** `RUNNING` and `PAUSED` have lines left to issue; the others have a result for each. */
export const BATCH_STATUSES = ['RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED'] as const;

export type BatchStatus = (typeof BATCH_STATUSES)[number];

const BatchSchema = defineEntity({
  name: 'Batch',
  tableName: 'batches',
  ...tenantRows(),
  indexes: [{ properties: ['issuerId', 'environment', 'id'] }],
  properties: {
    /** Also the end of its workflow's id. */
    id: id(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    issuerId: p.manyToOne(Issuer).mapToPk().fieldName('issuer_id'),
    environment: p.string().$type<Environment>().length(10),
    status: p.string().$type<BatchStatus>().length(10),
    /** How many lines it has. */
    total: p.integer(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    finishedAt: instant().nullable(),
  },
});

/** Documents that are issued one after the other, a line each. */
export class Batch extends BatchSchema.class {}
BatchSchema.setClass(Batch);

/** What a line came to. */
export const LINE_OUTCOMES = ['ISSUED', 'REFUSED', 'CANCELLED'] as const;

export type LineOutcome = (typeof LINE_OUTCOMES)[number];

/** Why a line was refused, as a request of its own would have been. */
export interface LineRefusal {
  code: RefusalCode | 'INTERNAL_ERROR';
  detail: string;
  problems: readonly FieldProblem[];
}

const BatchLineSchema = defineEntity({
  name: 'BatchLine',
  tableName: 'batch_lines',
  ...tenantRows(),
  primaryKeys: ['batchId', 'line'],
  indexes: [{ properties: ['batchId', 'outcome', 'line'] }],
  properties: {
    batchId: p.manyToOne(Batch).mapToPk().fieldName('batch_id').primary(),
    /** From 1, as an editor counts. */
    line: p.integer().primary(),
    tenantId: p.manyToOne(Tenant).mapToPk().fieldName('tenant_id'),
    /** As it came; goes when there is an outcome. */
    request: bytes().nullable().lazy(),
    outcome: p.string().$type<LineOutcome>().length(10).nullable(),
    /** Written after this row, in the same transaction. */
    documentId: p
      .manyToOne(Document)
      .mapToPk()
      .fieldName('document_id')
      .deferMode(DeferMode.INITIALLY_DEFERRED)
      .nullable(),
    /** The document was there already, under the line's own key. */
    replayed: p.boolean().default(false),
    /** Not `jsonb`, which takes no U+0000, and a refusal repeats what the line had in a field. */
    refusal: p.json().columnType('json').$type<LineRefusal>().nullable(),
  },
});

export class BatchLine extends BatchLineSchema.class {}
BatchLineSchema.setClass(BatchLine);
