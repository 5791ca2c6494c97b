import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { VERSION } from './health.ts';
import { type ProblemCode, PROBLEMS } from './problems.ts';
import { errorCodesOf, type ResponseSpec, type Route } from './route.ts';

const ProblemOut = z
  .object({
    type: z
      .url()
      .meta({ description: 'Leads to the docs.', example: 'https://api.example.com/problems/validation-error' }),
    title: z.string(),
    status: z.int(),
    code: z
      .enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])
      .meta({ description: 'Stable.', example: 'VALIDATION_FAILED' }),
    detail: z.string().optional(),
    instance: z.string().meta({ description: 'Path of the request.', example: '/v1/documents' }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ description: 'Path, or `general`.', example: 'items[0].taxes[0].code' }),
          message: z.string(),
          code: z.string().meta({ description: 'The path without indices.', example: 'items.taxes.code' }),
          value: z.unknown().optional().meta({ description: 'What was sent, unless it is a secret.' }),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });

const IssuerHeader = z.object({
  'X-Issuer-Id': z.uuid().meta({ description: 'The issuer on whose behalf; `GET /v1/issuers` lists them.' }),
});

const HEADERS = {
  'X-Request-Id': { description: 'Id of this request, as the log has it.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
} as const;

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };

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
      description:
        "Issues Ecuador's electronic tax documents. Success bodies carry `ok: true`; errors are `application/problem+json` with a stable `code`. Amounts are decimals in strings, instants ISO 8601 in UTC, tax dates DD/MM/YYYY in America/Guayaquil. Fields that are not known are refused.",
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    components: {
      headers: HEADERS,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'API key, `sk_test_…` or `sk_live_…`.' },
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
  const { operationId, summary, description, tag, auth, params, query, headers, responses } = row;
  const header = auth === 'issuer' ? IssuerHeader.extend(headers?.shape ?? {}) : headers;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: auth === 'none' ? [] : [{ apiKey: [] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(header === undefined ? {} : { header }),
    },
    ...requestBody(row),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, spec]) => [status, response(spec)])),
      ...problemResponses(row),
    },
  };
}

function requestBody({ body }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body === undefined) return {};
  if ('json' in body) {
    const example = body.example === undefined ? {} : { example: body.example };
    return { requestBody: { required: true, content: { 'application/json': { schema: body.json, ...example } } } };
  }
  const files = Object.fromEntries(
    Object.entries(body.files).map(([name, description]) => [
      name,
      z.unknown().meta({ description, override: { type: 'string', format: 'binary' } }),
    ]),
  );
  const schema = z.strictObject({ ...(body.form as z.ZodObject).shape, ...files });
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
}

function response({ description, schema, mediaType, headers = {}, example }: ResponseSpec) {
  const content =
    schema !== undefined
      ? { 'application/json': { schema, ...(example === undefined ? {} : { example }) } }
      : mediaType !== undefined && rawContent(mediaType);
  return {
    description,
    headers: {
      ...REQUEST_ID,
      ...Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: 'string' as const } },
        ]),
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
          headers: { ...REQUEST_ID, ...(status === 503 ? RETRY_AFTER : {}) },
          content: { 'application/problem+json': { schema: ProblemOut } },
          'x-codes': codes,
        },
      ]),
  );
}
