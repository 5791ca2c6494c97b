import { createHash } from 'node:crypto';
import { html, Markup } from '../domain/format/html.ts';
import type { openApiDocument } from './openapi.ts';
import { PROBLEMS } from './problems.ts';

type OpenApi = ReturnType<typeof openApiDocument>;

/** What this page reads of a JSON Schema. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  deprecated?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
}

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema?: Schema;
}

interface Content {
  [mediaType: string]: { schema?: Schema; example?: unknown };
}

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

interface Row extends Operation {
  method: string;
  path: string;
}

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem 1.25rem 4rem}
h1{margin-bottom:0}h2{margin-top:3rem;border-bottom:1px solid var(--line)}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{background:var(--soft);padding:.75rem;overflow:auto;border-radius:6px}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}details details{border-style:dashed}
summary{cursor:pointer}summary b{display:inline-block;min-width:3.2rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border-top:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
td:first-child{white-space:nowrap}small{opacity:.75}
`;

/** In one piece: the hash is of every character between the tags. */
const STYLE_ELEMENT = new Markup(`<style>${STYLE}</style>`);

/** No script, nothing from another host; the style by its hash. */
export const DOCS_HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`,
};

/** The OpenAPI document as one page for people; it works without any other file. */
export function docsPage(document: OpenApi): string {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]): Row => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
  const tags = [...new Set(rows.flatMap((row) => row.tags))];
  const { title, version, description = '' } = document.info;
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${title} API</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <h1>${title} API</h1>
        <p>
          <small>${version} · <a href="/openapi.json">openapi.json</a></small>
        </p>
        ${paragraphs(description)}
        ${tags.map(
          (tag) =>
            html`<h2>${tag}</h2>
              ${rows.filter((row) => row.tags.includes(tag)).map((row) => operationPart(row, schemas))}`,
        )}
        <h2>Errors</h2>
        <p>${prose('Every error is `application/problem+json` (RFC 9457). Its `code` keeps its meaning for ever.')}</p>
        ${problemTables()}
        <h2>Objects</h2>
        ${Object.entries(schemas).map(
          ([name, schema]) =>
            html`<details id="schema-${name}">
              <summary>${name}</summary>
              ${described(schema)}${fieldTable(schema)}
            </details>`,
        )}
      </body>
    </html> `.text;
}

function operationPart(row: Row, schemas: Record<string, Schema>): Markup {
  const {
    method,
    path,
    operationId,
    summary,
    description = '',
    parameters = [],
    requestBody,
    responses,
    security = [],
  } = row;
  return html`<details id="${operationId}">
    <summary><b>${method}</b> <code>${path}</code> · ${summary}</summary>
    ${paragraphs(description)}
    <p><small>${bearerOf(security)}</small></p>
    ${
      parameters.length === 0
        ? []
        : [
            table(
              ['Parameter', 'In', 'Meaning'],
              parameters.map(({ name, in: place, required, schema = {} }) => [
                code(name + (required ? ' *' : '')),
                text(place),
                meaning(schema),
              ]),
            ),
          ]
    }
    ${requestBody === undefined ? [] : Object.entries(requestBody.content).map(([mediaType, content]) => bodyPart(`Body, ${mediaType}`, content, schemas))}
    ${table(
      ['Answer', 'Meaning'],
      Object.entries(responses).map(([status, answer]) => [code(status), answerPart(answer)]),
    )}
  </details>`;
}

function bearerOf([requirement]: Record<string, string[]>[]): Markup {
  if (requirement === undefined) return text('Needs no key.');
  const { adminSecret, apiKey: [scope] = [] } = requirement;
  if (adminSecret !== undefined) return prose('`Authorization: Bearer <admin secret>`');
  return prose(`\`Authorization: Bearer <API key>\` with the scope \`${scope}\``);
}

function bodyPart(
  title: string,
  { schema = {}, example }: { schema?: Schema; example?: unknown },
  schemas: Record<string, Schema>,
): Markup {
  const shown = example === undefined ? [] : [html`<pre>${JSON.stringify(example, null, 2)}</pre>`];
  const name = referenceName(schema);
  return html`<p>${title}${name === undefined ? '' : ': '}${name === undefined ? [] : [link(name)]}</p>
    ${shown}${fieldTable(name === undefined ? schema : schemas[name]!)}`;
}

function answerPart({ description, content = {} }: Operation['responses'][string]): Markup {
  const [mediaType, { schema = {} } = {}] = Object.entries(content)[0] ?? [];
  if (mediaType === undefined) return prose(description);
  if (mediaType === 'application/problem+json') return prose(description);
  return html`${prose(description)} <small>${mediaType}</small> ${fieldTable(schema)}`;
}

/** `*` marks what is mandatory. */
function fieldTable({ properties, required = [] }: Schema): Markup | Markup[] {
  if (properties === undefined) return [];
  return table(
    ['Field', 'Type', 'Meaning'],
    Object.entries(properties).map(([name, schema]) => [
      code(name + (required.includes(name) ? ' *' : '')),
      typeOf(schema),
      meaning(schema),
    ]),
  );
}

function typeOf(schema: Schema): Markup {
  const name = referenceName(schema);
  if (name !== undefined) return link(name);
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  if (schema.anyOf !== undefined)
    return html`${schema.anyOf.map((part, index) => html`${index === 0 ? '' : ' or '}${typeOf(part)}`)}`;
  return text([schema.type ?? 'any'].flat().join(' or '));
}

function meaning(schema: Schema): Markup {
  const limits = [
    schema.enum && `one of ${schema.enum.join(', ')}`,
    schema.const !== undefined && `always ${JSON.stringify(schema.const)}`,
    schema.maxLength !== undefined && `${schema.minLength ?? 0} to ${schema.maxLength} characters`,
    schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER && `to ${schema.maximum}`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
    schema.deprecated && 'deprecated',
  ].filter((limit) => typeof limit === 'string');
  const example =
    schema.example === undefined
      ? []
      : [html` <code>${typeof schema.example === 'string' ? schema.example : JSON.stringify(schema.example)}</code>`];
  const inner = schema.properties === undefined ? [] : [fieldTable(schema)].flat();
  return html`${prose(schema.description ?? '')}
  ${limits.length === 0 ? [] : [html`<small>${limits.join('; ')}</small>`]}${example}${inner}`;
}

function problemTables(): Markup[] {
  const slugs = [...new Set(Object.values(PROBLEMS).map(({ slug }) => slug))];
  return slugs.map((slug) => {
    const codes = Object.entries(PROBLEMS).filter(([, problem]) => problem.slug === slug);
    return html`<h3 id="problem-${slug}">${slug}</h3>
      ${table(
        ['Code', 'Status', 'Meaning'],
        codes.map(([name, { status, title }]) => [code(name), text(String(status)), text(title)]),
      )}`;
  });
}

function table(heads: string[], rows: Markup[][]): Markup {
  return html`<table>
    <tr>
      ${heads.map((head) => html`<th>${head}</th>`)}
    </tr>
    ${rows.map(
      (cells) =>
        html`<tr>
          ${cells.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`;
}

function described({ description }: Schema): Markup[] {
  return description === undefined ? [] : [html`<p>${prose(description)}</p>`];
}

function paragraphs(words: string): Markup[] {
  return words === '' ? [] : words.split('\n\n').map((part) => html`<p>${prose(part)}</p>`);
}

/** Text in which only backticks mean something. */
function prose(words: string): Markup {
  return html`${words.split('`').map((part, index) => (index % 2 === 0 ? text(part) : code(part)))}`;
}

function text(words: string): Markup {
  return html`${words}`;
}

function code(words: string): Markup {
  return html`<code>${words}</code>`;
}

function link(schema: string): Markup {
  return html`<a href="#schema-${schema}">${schema}</a>`;
}

function referenceName({ $ref }: Schema): string | undefined {
  return $ref?.split('/').at(-1);
}
