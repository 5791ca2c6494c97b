import { format } from 'oxfmt';
import formatting from '../.oxfmtrc.json' with { type: 'json' };

/** What this reads of a JSON Schema. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}

type Content = Record<string, { schema: Schema }>;

interface Operation {
  operationId: string;
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
}

/** What this reads of an OpenAPI document. */
export interface Document {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, Operation>>;
}

const PARTS = { path: 'params', query: 'query', header: 'headers' } as const;
const JSON_TYPE = 'application/json';
/** Comes from the client, not from each call. */
const ISSUER_HEADER = 'X-Issuer-Id';

/** The source of a typed client: a type a schema, a function an operation. `runtime` is the module that calls. */
export async function generateClient({ components, paths }: Document, runtime: string): Promise<string> {
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`,
  );
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => functionOf(method.toUpperCase(), path, operation)),
  );
  const source = `// Generated from openapi.json by \`node dev/check-openapi.ts --write\`.
import { type Answer, type Caller, createCall } from '${runtime}';

${types.join('\n\n')}

/** Every operation of the API, by its operationId. */
export function createClient(caller: Caller) {
  const call = createCall(caller);
  return {
    ${operations.join('\n\n')}
  };
}
`;
  const { printWidth, singleQuote } = formatting;
  const { code, errors } = await format('client.ts', source, { printWidth, singleQuote });
  if (errors.length > 0) throw new Error(`the generated client is no TypeScript: ${JSON.stringify(errors)}`);
  return code;
}

function functionOf(method: string, path: string, operation: Operation): string {
  const { operationId, summary, requestBody } = operation;
  const parts = requestParts(operation);
  const members = parts.map(({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`);
  const fallback = parts.every(({ required }) => !required) ? ' = {}' : '';
  const request = parts.length === 0 ? '' : `request: { ${members.join('; ')} }${fallback}`;
  const [mediaType = JSON_TYPE] = Object.keys(requestBody?.content ?? {});
  return `${comment(`${method} ${path}: ${summary}.`)}${operationId}: (${request}) =>
    call<${answersOf(operation)}>('${method}', '${path}', ${request === '' ? '{}' : 'request'}${mediaType === JSON_TYPE ? '' : `, '${mediaType}'`}),`;
}

function requestParts({ parameters = [], requestBody }: Operation) {
  const parts = Object.entries(PARTS).flatMap(([place, name]) => {
    const members = parameters.filter((parameter) => parameter.in === place && parameter.name !== ISSUER_HEADER);
    if (members.length === 0) return [];
    const properties = Object.fromEntries(members.map((parameter) => [parameter.name, parameter.schema]));
    const required = members.filter((parameter) => parameter.required).map((parameter) => parameter.name);
    return [{ name, type: typeOf({ type: 'object', properties, required }), required: required.length > 0 }];
  });
  if (requestBody === undefined) return parts;
  const [{ schema }] = Object.values(requestBody.content) as [{ schema: Schema }];
  return [...parts, { name: 'body', type: typeOf(schema), required: requestBody.required === true }];
}

/** A union of answers; statuses that answer alike share one. */
function answersOf({ responses }: Operation): string {
  const byBody = new Map<string, string[]>();
  for (const [status, { content }] of Object.entries(responses)) {
    const body = bodyOf(content);
    byBody.set(body, [...(byBody.get(body) ?? []), status]);
  }
  return [...byBody].map(([body, statuses]) => `Answer<${statuses.join(' | ')}, ${body}>`).join(' | ');
}

function bodyOf(content: Content | undefined): string {
  const [mediaType, { schema } = { schema: {} }] = Object.entries(content ?? {})[0] ?? [];
  if (mediaType === undefined) return 'undefined';
  return mediaType.endsWith('json') ? typeOf(schema) : 'Uint8Array';
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)!;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return union.map((part) => typeOf(part)).join(' | ');
  // With a type of its own, the parts only narrow it further.
  if (schema.allOf !== undefined && schema.type === undefined)
    return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
      return schema.format === 'binary' ? 'Blob' : 'string';
    case 'integer':
      return 'number';
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return `(${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectOf(schema);
    default:
      return 'unknown';
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, schema]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  if (members.length > 0) return `{ ${members.join('; ')} }`;
  return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
}

function comment(text: string | undefined): string {
  return text === undefined ? '' : `/** ${text.replaceAll(/\s+/g, ' ').replaceAll('*/', '')} */\n`;
}
