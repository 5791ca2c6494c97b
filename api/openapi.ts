import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { KEY_SCOPES } from '../domain/model/key-scopes.ts';
import { TIERS } from '../domain/tenants/tiers.ts';
import { VERSION } from './health.ts';
import { ProblemOut } from './problem-schema.ts';
import { type ProblemCode, PROBLEMS } from './problems.ts';
import { errorCodesOf, limitOf, NDJSON, type ResponseSpec, type Route } from './route.ts';

const IssuerHeader = z.object({
  'X-Issuer-Id': z.uuid().meta({
    description: 'The issuer on whose behalf; `GET /v1/issuers` lists them.',
    example: '0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12',
  }),
});

const HEADERS = {
  'X-Request-Id': { description: 'Id of this request, as the log has it.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  'RateLimit-Policy': {
    description: 'What is counted, the requests that are allowed, and in how many seconds.',
    schema: { type: 'string' },
    example: '"writes";q=60;w=60',
  },
  RateLimit: {
    description: 'What is left, and in how many seconds the count begins anew.',
    schema: { type: 'string' },
    example: '"writes";r=59;t=60',
  },
  'Idempotent-Replayed': {
    description: '`true`: the answer that an earlier request with this key had.',
    schema: { type: 'string' },
    example: 'true',
  },
} as const;

const headerRefs = (...names: (keyof typeof HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` as const }]));

/** Codes after which asking again makes sense. */
const PASSING = [429, 503];

/** The headers of every answer of an operation that got past the limits. */
function commonHeaders(row: Route) {
  return headerRefs(
    'X-Request-Id',
    ...(limitOf(row) === undefined ? [] : (['RateLimit-Policy', 'RateLimit'] as const)),
  );
}

const LIMITS = Object.entries(TIERS)
  .map(([tier, limits]) => `${tier} ${limits.readsPerMinute} reads and ${limits.writesPerMinute} writes`)
  .join(', ');

/** An operation's security names the scope that it needs, as OpenAPI 3.1 lets it for schemes that are not OAuth. */
const API_KEY = `API key, \`sk_test_…\` or \`sk_live_…\`. It is for everything, or for what its scopes say: ${KEY_SCOPES.map((scope) => `\`${scope}\``).join(', ')}.`;

const DESCRIPTION = [
  "Issues Ecuador's electronic tax documents. Success bodies carry `ok: true`; errors are `application/problem+json` with a stable `code`. Amounts are decimals in strings, instants ISO 8601 in UTC, tax dates DD/MM/YYYY in America/Guayaquil. Fields that are not known are refused.",
  `A key may ask so often in a minute: ${LIMITS}. An address may register, or ask for a verification mail, five times in an hour together, have certificate files looked at twenty times in an hour, and call the administration twenty times in a minute. Whoever sends ten wrong keys or tokens within a quarter of an hour is refused until its end, whatever comes from that address. \`RateLimit\` and \`RateLimit-Policy\` tell what is left; \`429\` comes with \`Retry-After\`.`,
  'The title of a problem, how many fields are wrong, and the help for a message of SRI are in Spanish for whoever prefers it in `Accept-Language`; what is wrong with each field, and other details, are in English. Mails and notifications are in the language of the account.',
  'What can be read by `GET` can be asked by `HEAD`.',
].join('\n\n');

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(routes: readonly Route[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const row of routes) {
    const path = openApiPath(row.path);
    paths[path] = { ...paths[path], [row.method]: operation(row) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Comprobante',
      version: VERSION,
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    components: {
      headers: HEADERS,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: API_KEY },
        adminSecret: { type: 'http', scheme: 'bearer', description: 'The secret of whoever runs the service.' },
      },
    },
    paths,
  });
}

/** `/v1/documents/:accessKey` → `/v1/documents/{accessKey}`. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operation(row: Route): ZodOpenApiOperationObject {
  const { operationId, summary, description, tag, auth, needs, params, query, headers, responses } = row;
  const header = auth === 'issuer' ? IssuerHeader.extend(headers?.shape ?? {}) : headers;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security:
      auth === 'none' ? [] : [auth === 'admin' ? { adminSecret: [] } : { apiKey: needs === undefined ? [] : [needs] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(header === undefined ? {} : { header }),
    },
    ...requestBody(row),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, spec]) => [status, response(row, spec)])),
      ...problemResponses(row),
    },
  };
}

function requestBody({ body }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body === undefined) return {};
  const example = body.example === undefined ? {} : { example: body.example };
  if ('json' in body) {
    const required = !body.json.safeParse(undefined).success;
    return { requestBody: { required, content: { 'application/json': { schema: body.json, ...example } } } };
  }
  if ('lines' in body) {
    const schema = { type: 'string' as const, description: body.lines };
    return { requestBody: { required: true, content: { [NDJSON]: { schema, ...example } } } };
  }
  const files = Object.fromEntries(
    Object.entries(body.files).map(([name, { description, optional }]) => {
      const file = z.unknown().meta({ description, override: { type: 'string', format: 'binary' } });
      return [name, optional ? file.optional() : file];
    }),
  );
  const schema = z.strictObject({ ...(body.form as z.ZodObject).shape, ...files });
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema, ...example } } } };
}

function response(row: Route, { description, schema, mediaType, headers: own = {}, example }: ResponseSpec) {
  const content =
    schema !== undefined
      ? { 'application/json': { schema, ...(example === undefined ? {} : { example }) } }
      : mediaType !== undefined && rawContent(mediaType);
  return {
    description,
    headers: {
      ...commonHeaders(row),
      ...(row.idempotent ? headerRefs('Idempotent-Replayed') : {}),
      ...Object.fromEntries(
        Object.entries(own).map(([name, text]) => [name, { description: text, schema: { type: 'string' as const } }]),
      ),
    },
    ...(content ? { content } : {}),
  };
}

function rawContent(mediaType: string) {
  const schema = mediaType === 'application/json' ? { type: 'object' as const } : { type: 'string' as const };
  return { [mediaType]: { schema: mediaType === 'application/pdf' ? { ...schema, format: 'binary' } : schema } };
}

/** One answer a status, with the codes it may carry. */
function problemResponses(row: Route) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of errorCodesOf(row)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !(status in row.responses))
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
          headers: {
            ...commonHeaders(row),
            ...(PASSING.includes(Number(status)) ? headerRefs('Retry-After') : {}),
          },
          content: { 'application/problem+json': { schema: ProblemOut } },
          'x-codes': codes,
        },
      ]),
  );
}
