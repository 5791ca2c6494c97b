import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { docsPage } from '../../api/docs-page.ts';
import { openApiDocument, openApiPath } from '../../api/openapi.ts';
import { type ProblemCode, PROBLEMS } from '../../api/problems.ts';
import { errorCodesOf } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';

interface Answer {
  description: string;
  content?: Record<string, unknown>;
  'x-codes'?: ProblemCode[];
}

interface Operation {
  operationId: string;
  responses: Record<string, Answer>;
  security: unknown[];
  requestBody?: unknown;
  parameters?: { in: string; name: string }[];
}

const document = openApiDocument(routes);
const operations = Object.entries(document.paths!).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
);

/** Rows of the contract that are built so far (api.md §1, 3, 5, 7, 9). */
const CONTRACT = [
  'post /v1/register',
  'get /v1/verify-email',
  'get /v1/issuers',
  'get /v1/issuers/{id}',
  'post /v1/documents',
  'get /v1/documents',
  'get /v1/documents/{accessKey}',
  'post /v1/documents/{accessKey}/send',
  'get /v1/documents/{accessKey}/authorize',
  'post /v1/documents/{accessKey}/rebuild',
  'get /v1/documents/{accessKey}/ride',
  'get /v1/documents/{accessKey}/xml',
  'get /v1/documents/{accessKey}/events',
  'post /v1/webhooks',
  'get /v1/webhooks',
  'get /health',
  'get /livez',
  'get /readyz',
  'get /openapi.json',
  'get /docs',
  'get /problems/{slug}',
];

describe('the route table', () => {
  it('has the operations of the contract, and no other', () => {
    expect(routes.map(({ method, path }) => `${method} ${openApiPath(path)}`).toSorted()).toEqual(CONTRACT.toSorted());
  });

  it('names each operation once', () => {
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length);
  });

  it('declares every parameter of its paths', () => {
    for (const { path, params } of routes) {
      const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(params?.shape ?? {}), path).toEqual(inPath);
    }
  });
});

describe('the OpenAPI document', () => {
  it('is the committed one', () => {
    const committed: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has every row of the table', () => {
    expect(
      operations.map(({ path, method, operation }) => `${method} ${path} ${operation.operationId}`).toSorted(),
    ).toEqual(
      routes.map(({ path, method, operationId }) => `${method} ${openApiPath(path)} ${operationId}`).toSorted(),
    );
  });

  it.each(operations)('documents success and errors of $method $path', ({ operation }) => {
    const row = routes.find(({ operationId }) => operationId === operation.operationId)!;
    const answers = Object.entries(operation.responses);
    expect(answers.some(([status]) => /^[23]/.test(status))).toBe(true);
    for (const [status, { content, 'x-codes': codes }] of answers) {
      if (codes === undefined) {
        expect(Object.keys(row.responses)).toContain(status);
        continue;
      }
      expect(Object.keys(content!)).toEqual(['application/problem+json']);
      for (const code of codes) expect(PROBLEMS[code].status).toBe(Number(status));
    }
    const documented = answers.flatMap(([, answer]) => answer['x-codes'] ?? []);
    const promised = errorCodesOf(row).filter((code) => !(PROBLEMS[code].status in row.responses));
    expect(documented.toSorted()).toEqual(promised.toSorted());
    expect(documented).toContain('INTERNAL_ERROR');
  });

  it('asks for a key wherever one is needed, and for the issuer wherever one is', () => {
    for (const { operation } of operations) {
      const { auth } = routes.find(({ operationId }) => operationId === operation.operationId)!;
      expect(operation.security).toEqual(auth === 'none' ? [] : [{ apiKey: [] }]);
      const named =
        operation.parameters?.some(({ in: place, name }) => place === 'header' && name === 'X-Issuer-Id') ?? false;
      expect(named, operation.operationId).toBe(auth === 'issuer');
    }
  });

  it('resolves every reference', () => {
    const text = JSON.stringify(document);
    for (const [, section, name] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)) {
      expect((document.components as Record<string, Record<string, unknown>>)[section!]).toHaveProperty(name!);
    }
  });

  it('closes every request body to unknown fields', () => {
    const { schemas } = document.components!;
    for (const name of [
      'FacturaIn',
      'RebuildIn',
      'BuyerIn',
      'ItemIn',
      'LineTaxIn',
      'PaymentIn',
      'NameValueIn',
      'WebhookEndpointIn',
    ]) {
      expect(schemas![name], name).toHaveProperty('additionalProperties', false);
    }
  });
});

describe('the docs page', () => {
  const page = docsPage(document);

  it('shows every operation and every error code', () => {
    for (const { operationId, path } of routes) {
      expect(page).toContain(`id="${operationId}"`);
      expect(page).toContain(`<code>${openApiPath(path)}</code>`);
    }
    for (const [code, { slug }] of Object.entries(PROBLEMS)) {
      expect(page).toContain(`<code>${code}</code>`);
      expect(page).toContain(`id="problem-${slug}"`);
    }
  });

  it('needs nothing from outside', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, target]) => /^(#|\/openapi\.json$)/.test(target!))).toBe(
      true,
    );
  });

  it('has a place for every link in it', () => {
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
  });
});
