import { z } from 'zod';
import { DOCS_HEADERS, docsPage } from '../docs-page.ts';
import { VERSION } from '../health.ts';
import { openApiDocument } from '../openapi.ts';
import { Problem, PROBLEMS } from '../problems.ts';
import { type Route, route } from '../route.ts';

const TAG = 'Service';

const HealthOut = (status: 'ok' | 'error') =>
  z.object({
    status: z.literal(status),
    uptime: z.int().meta({ description: 'Seconds.' }),
    version: z.string(),
  });

const check = z.enum(['ok', 'error']);
const ReadinessOut = (status: 'ok' | 'error') =>
  z.object({
    status: z.literal(status),
    checks: z.object({ database: check, migrations: check, temporal: check, running: check }),
  });

const said = (good: boolean) => (good ? ('ok' as const) : ('error' as const));

/** What the service tells of itself. `table` is every route, these included. */
export function serviceRoutes(table: () => readonly Route[]): Route[] {
  let document: string | undefined;
  let page: string | undefined;

  return [
    route({
      method: 'get',
      path: '/health',
      operationId: 'health',
      tag: TAG,
      summary: 'Whether the service and its database are there',
      auth: 'none',
      always: true,
      responses: {
        200: { description: 'Yes.', schema: HealthOut('ok') },
        503: { description: 'The database does not answer.', schema: HealthOut('error') },
      },
      errors: [],
    })(async ({ services: { health } }) => {
      const facts = { uptime: health.uptime(), version: VERSION };
      return (await health.database())
        ? { status: 200, body: { status: 'ok', ...facts } }
        : { status: 503, body: { status: 'error', ...facts } };
    }),

    route({
      method: 'get',
      path: '/livez',
      operationId: 'live',
      tag: TAG,
      summary: 'Whether the process is alive',
      auth: 'none',
      always: true,
      responses: { 200: { description: 'Yes.', schema: z.object({ status: z.literal('ok') }) } },
      errors: [],
    })(async () => {
      return { status: 200, body: { status: 'ok' } };
    }),

    route({
      method: 'get',
      path: '/readyz',
      operationId: 'ready',
      tag: TAG,
      summary: 'Whether requests should be sent here',
      description: 'Database, its schema and Temporal; not while the process is ending.',
      auth: 'none',
      always: true,
      responses: {
        200: { description: 'Yes.', schema: ReadinessOut('ok') },
        503: { description: 'No; `checks` tells why.', schema: ReadinessOut('error') },
      },
      errors: [],
    })(async ({ services: { health } }) => {
      const { database, migrations, temporal } = await health.readiness();
      const running = !health.closing();
      const checks = {
        database: said(database),
        migrations: said(migrations),
        temporal: said(temporal),
        running: said(running),
      };
      return database && migrations && temporal && running
        ? { status: 200, body: { status: 'ok', checks } }
        : { status: 503, body: { status: 'error', checks } };
    }),

    route({
      method: 'get',
      path: '/openapi.json',
      operationId: 'openApi',
      tag: TAG,
      summary: 'This document',
      auth: 'none',
      always: true,
      responses: { 200: { description: 'OpenAPI 3.1.', mediaType: 'application/json' } },
      errors: [],
    })(async () => {
      document ??= JSON.stringify(openApiDocument(table()));
      return { status: 200, body: document };
    }),

    route({
      method: 'get',
      path: '/docs',
      operationId: 'docs',
      tag: TAG,
      summary: 'The same for people',
      auth: 'none',
      always: true,
      responses: { 200: { description: 'HTML.', mediaType: 'text/html' } },
      errors: [],
    })(async () => {
      page ??= docsPage(openApiDocument(table()));
      return { status: 200, body: page, headers: DOCS_HEADERS };
    }),

    route({
      method: 'get',
      path: '/problems/:slug',
      operationId: 'problem',
      tag: TAG,
      summary: 'What the `type` of a problem leads to',
      auth: 'none',
      always: true,
      params: z.object({
        slug: z
          .string()
          .regex(/^[a-z-]{1,40}$/, 'must be the last part of the type of a problem')
          .meta({ example: 'not-found' }),
      }),
      responses: { 303: { description: 'Its place in the docs.', headers: { Location: 'The place.' } } },
      errors: ['NOT_FOUND'],
    })(async ({ params: { slug } }) => {
      if (!Object.values(PROBLEMS).some((known) => known.slug === slug)) throw new Problem('NOT_FOUND');
      return { status: 303, body: undefined, headers: { Location: `/docs#problem-${slug}` } };
    }),
  ];
}
