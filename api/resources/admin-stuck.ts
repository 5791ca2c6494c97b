import { z } from 'zod';
import { placeIn, STUCK_STATUSES, type StuckDocument, stuckDocuments } from '../../domain/admin/stuck-documents.ts';
import { parseAccessKey } from '../../domain/model/access-key.ts';
import { withHelp } from '../../domain/sri/message-help.ts';
import type { Language } from '../../domain/store/entities/tenant.ts';
import { STUCK_REASONS, stuckTenants } from '../../domain/admin/stuck-tenants.ts';
import { cursorPagination, cursorQuery, digits, instant, ok, uuid } from '../fields.ts';
import { ProcessUnavailable } from '../document-process.ts';
import { route, type Services } from '../route.ts';
import { ADMIN } from './admin-tenants.ts';
import { SriMessageOut } from './document-schemas.ts';

const MINUTE_MS = 60_000;

const StuckDocumentOut = z
  .object({
    accessKey: digits(49),
    tenantId: uuid(),
    issuerId: uuid(),
    environment: z.enum(['sandbox', 'production']),
    status: z.enum(STUCK_STATUSES),
    since: instant().meta({ description: 'When it came to this status.' }),
    waitsFor: z.enum(['SIGNATURE', 'RECEPTION', 'AUTHORIZATION', 'REBUILD']).meta({
      description:
        '`SIGNATURE`: it cannot be signed; `RECEPTION`, `AUTHORIZATION`: SRI has not answered; `REBUILD`: SRI refused it, and the account has not corrected it.',
    }),
    sriMessages: z.array(SriMessageOut).meta({ description: 'What SRI last said of it.' }),
    lastError: z
      .object({ at: instant(), detail: z.record(z.string(), z.unknown()).nullable() })
      .nullable()
      .meta({ description: 'The last trouble on the way.' }),
    workflow: z.enum(['RUNNING', 'NOT_RUNNING', 'UNKNOWN']).meta({
      description:
        'Whether something is at work on it; the reconciliation starts what is missing within minutes. `UNKNOWN` while Temporal is away.',
    }),
  })
  .meta({ id: 'StuckDocument' });

const StuckTenantOut = z
  .object({
    id: uuid(),
    email: z.string(),
    status: z.enum(['PENDING_VERIFICATION', 'ACTIVE']),
    reasons: z.array(
      z.object({
        reason: z.enum(STUCK_REASONS),
        since: instant().nullable(),
        subject: uuid()
          .nullable()
          .meta({ description: 'Id of the mail, issuer or webhook endpoint that it is about.' }),
      }),
    ),
  })
  .meta({ id: 'StuckTenant' });

export const adminStuckRoutes = [
  route({
    method: 'get',
    path: '/v1/admin/stuck/documents',
    operationId: 'adminListStuckDocuments',
    tag: ADMIN,
    summary: 'List documents that do not move, and why',
    description:
      'Those without an authorization that have not moved for a while, the longest first. One that is signed waits for its sender alone, and is not among them.',
    auth: 'admin',
    query: z.strictObject({
      limit: cursorQuery.limit,
      cursor: z
        .string()
        .regex(
          /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z~\d{49}$/,
          'must be a nextCursor of this list',
        )
        .exactOptional()
        .meta({ description: 'The `nextCursor` of the page before.' }),
      status: z.enum(STUCK_STATUSES).exactOptional(),
      minutes: z.coerce.number().int().min(0).max(525_600).default(15).meta({ description: 'For so long at least.' }),
    }),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, documents: z.array(StuckDocumentOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, query, language }) => {
    const { limit, cursor, status, minutes } = query;
    const { tenants } = services;
    const { rows, nextCursor } = await stuckDocuments(tenants.store, {
      statuses: status === undefined ? STUCK_STATUSES : [status],
      stillSince: new Date(tenants.clock().getTime() - minutes * MINUTE_MS),
      limit,
      ...(cursor === undefined ? {} : { after: placeIn(cursor) }),
    });
    const workflowOf = await workflows(services, rows);
    const documents = rows.map((row) => stuckOut(row, workflowOf(row.accessKey), language));
    return { status: 200, body: { ok: true, documents, pagination: { limit, nextCursor } } };
  }),

  route({
    method: 'get',
    path: '/v1/admin/stuck/tenants',
    operationId: 'adminListStuckTenants',
    tag: ADMIN,
    summary: 'List accounts that cannot go on by themselves, and why',
    description:
      'Newest first: the verification mail failed, the address is not verified after a day, a certificate has expired, the quota is used up, a webhook endpoint has failed for a day. Suspended ones are left out.',
    auth: 'admin',
    query: z.strictObject(cursorQuery),
    responses: {
      200: {
        description: 'One page.',
        schema: z.object({ ok, tenants: z.array(StuckTenantOut), pagination: cursorPagination }),
      },
    },
    errors: [],
  })(async ({ services, query }) => {
    const { tenants } = services;
    const { rows, nextCursor } = await stuckTenants(tenants.store, query, tenants.clock());
    return { status: 200, body: { ok: true, tenants: rows, pagination: { limit: query.limit, nextCursor } } };
  }),
];

type WorkflowState = z.output<typeof StuckDocumentOut>['workflow'];

/** Whether each document has a workflow. That must not fail just when it is asked for most: while Temporal is away. */
async function workflows(
  { tenantProcess }: Services,
  documents: readonly StuckDocument[],
): Promise<(accessKey: string) => WorkflowState> {
  try {
    const running = await tenantProcess.running(documents.map(({ accessKey }) => accessKey));
    return (accessKey) => (running.has(accessKey) ? 'RUNNING' : 'NOT_RUNNING');
  } catch (error) {
    if (!(error instanceof ProcessUnavailable)) throw error;
    return () => 'UNKNOWN';
  }
}

function stuckOut(row: StuckDocument, workflow: WorkflowState, language: Language): z.output<typeof StuckDocumentOut> {
  const { since, lastError, ...facts } = row;
  return {
    ...facts,
    sriMessages: withHelp(facts.sriMessages, parseAccessKey(facts.accessKey).documentType, language),
    since: since.toISOString(),
    lastError: lastError && { at: lastError.at.toISOString(), detail: lastError.detail },
    workflow,
  };
}
