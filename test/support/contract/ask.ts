import { openApiDocument, openApiPath } from '../../../api/openapi.ts';
import { NDJSON, type Route } from '../../../api/route.ts';
import { routes } from '../../../api/routes.ts';
import { P12_PASSWORD } from '../shop.ts';
import { type Apis, asShop, type Street, type Who } from './street.ts';

/** What differs from the example in the OpenAPI document. */
export interface Ask {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** JSON or lines in place of the example's, or fields of a form beside it; undefined leaves a field out. */
  body?: unknown;
  files?: Record<string, Buffer>;
  /** Sent as it is, in place of a body. */
  raw?: { type: string; body: string | Uint8Array<ArrayBuffer> };
  who?: Who;
  api?: keyof Apis;
}

/** What is read of an operation in the document. */
export interface Operation {
  parameters?: { in: string; name: string; required?: boolean; example?: unknown; schema: { example?: unknown } }[];
  requestBody?: { content: Record<string, { example?: unknown; schema: { properties?: object } }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }>; 'x-codes'?: string[]; headers?: object }>;
}

/** GIF of one pixel. */
export const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

/** The document, as it is served. */
export const openApi = JSON.parse(JSON.stringify(openApiDocument(routes))) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};

export function operationOf({ method, path }: Route): Operation {
  return openApi.paths[openApiPath(path)]![method]!;
}

/** Whoever may call an operation. */
export function whoMay(row: Route, { shop, admin }: Street): Who {
  if (row.auth === 'none') return {};
  return row.auth === 'admin' ? admin : asShop(shop);
}

/** Sends the example of the document, with what differs. */
export async function send(street: Street, row: Route, ask: Ask = {}): Promise<Response> {
  const { params = {}, query = {}, headers = {}, who = whoMay(row, street), api = 'well' } = ask;
  const given = exampleParameters(row);
  const url = new URL(
    row.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent({ ...given.path, ...params }[name] ?? '')),
    street.apis[api],
  );
  for (const [name, value] of Object.entries({ ...given.query, ...query })) url.searchParams.set(name, value);
  const body = bodyOf(street, row, ask);
  return fetch(url, {
    method: row.method.toUpperCase(),
    redirect: 'manual',
    headers: {
      ...(who.bearer === undefined ? {} : { authorization: `Bearer ${who.bearer}` }),
      ...(who.issuerId === undefined || !takesIssuer(row) ? {} : { 'x-issuer-id': who.issuerId }),
      ...(body === undefined || body.type === undefined ? {} : { 'content-type': body.type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body.content }),
  });
}

function takesIssuer(row: Route): boolean {
  return operationOf(row).parameters?.some(({ name }) => name === 'X-Issuer-Id') ?? false;
}

/** The mandatory ones, as the document has them. */
function exampleParameters(row: Route): Record<'path' | 'query' | 'header', Record<string, string>> {
  const found: Record<string, Record<string, string>> = { path: {}, query: {}, header: {} };
  for (const { in: place, name, required, example, schema } of operationOf(row).parameters ?? []) {
    const shown = example ?? schema.example ?? `no example of ${name}`;
    if (required) found[place]![name] = typeof shown === 'string' ? shown : JSON.stringify(shown);
  }
  return found;
}

/** The example of the body, as the document has it. */
export function exampleBody(row: Route): unknown {
  return Object.values(operationOf(row).requestBody?.content ?? {})[0]?.example;
}

function bodyOf(street: Street, row: Route, { raw, body, files }: Ask) {
  if (raw !== undefined) return { type: raw.type, content: raw.body };
  if (row.body === undefined) return undefined;
  if ('json' in row.body) return { type: 'application/json', content: JSON.stringify(body ?? exampleBody(row)) };
  if ('lines' in row.body) return { type: NDJSON, content: (body as string | undefined) ?? row.body.example };
  const form = new FormData();
  const fields = { ...(exampleBody(row) as object | undefined), ...(body as object | undefined) } as Record<
    string,
    string
  >;
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  for (const [name, bytes] of Object.entries(files ?? filesOf(street, row, fields))) {
    form.set(name, new Blob([new Uint8Array(bytes)]), name);
  }
  if (form.has('cert') && !form.has('certPassword')) form.set('certPassword', P12_PASSWORD);
  return { type: undefined, content: form };
}

/** A document can show no file that works; these do. */
function filesOf({ p12 }: Street, row: Route, { ruc }: Record<string, string>): Record<string, Buffer> {
  const files = row.body !== undefined && 'files' in row.body ? row.body.files : {};
  const needed = Object.entries(files).filter(([, { optional }]) => !optional);
  return Object.fromEntries(needed.map(([name]) => [name, name === 'cert' ? p12(ruc ?? '1790012345001') : PIXEL]));
}
