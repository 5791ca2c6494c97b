import { z } from 'zod';
import type { LineHealth } from '../../domain/outages/health.ts';
import { sriStatus } from '../../domain/outages/status.ts';
import { instant, ok } from '../fields.ts';
import { route } from '../route.ts';

const ServiceOut = z
  .object({
    status: z.enum(['UP', 'FAILING', 'AWAY']).meta({
      description: [
        '`UP`: the latest question was answered.',
        '`FAILING`: it was not; everybody goes on asking.',
        '`AWAY`: nor were those before, so documents wait, and only now and then one of them is tried.',
      ].join(' '),
    }),
    since: instant().exactOptional().meta({ description: 'The first question in a row without an answer.' }),
  })
  .meta({ id: 'SriServiceStatus' });

export const sriRoutes = [
  route({
    method: 'get',
    path: '/v1/sri/status',
    operationId: 'sriStatus',
    tag: 'Service',
    summary: 'Whether SRI answers, and since when it does not',
    description:
      "Of the environment of the key. What waits goes on by itself when SRI is back: accounts in turn, each account's oldest document first.",
    auth: 'tenant',
    needs: 'documents:read',
    responses: {
      200: {
        description: 'Both services, and what waits for them.',
        schema: z.object({
          ok,
          environment: z.enum(['sandbox', 'production']),
          reception: ServiceOut,
          authorization: ServiceOut,
          waiting: z
            .object({ documents: z.int(), since: instant().exactOptional() })
            .meta({ description: "The account's documents that wait for SRI to be back." }),
        }),
      },
    },
    errors: [],
  })(async ({ services, caller: { tenantId, environment } }) => {
    const { reception, authorization, waiting } = await sriStatus(services.documents, tenantId, environment);
    return {
      status: 200,
      body: {
        ok: true,
        environment,
        reception: serviceOut(reception),
        authorization: serviceOut(authorization),
        waiting: { documents: waiting.documents, ...sinceOut(waiting.since) },
      },
    };
  }),
];

function serviceOut({ away, failingSince }: LineHealth): z.output<typeof ServiceOut> {
  const status = away ? 'AWAY' : failingSince === undefined ? 'UP' : 'FAILING';
  return { status, ...sinceOut(failingSince) };
}

function sinceOut(since: Date | undefined): { since?: string } {
  return since === undefined ? {} : { since: since.toISOString() };
}
