import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { docsPage } from '../../api/docs-page.ts';
import { openApiDocument, openApiPath } from '../../api/openapi.ts';
import { type ProblemCode, PROBLEMS } from '../../api/problems.ts';
import { errorCodesOf } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import { readLine } from '../../domain/batches/lines.ts';
import { validate } from '../../domain/validate.ts';
import { OPERATIONS } from '../support/contract/operations.ts';

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
  parameters?: { in: string; name: string; required?: boolean; example?: unknown; schema: { example?: unknown } }[];
}

const document = openApiDocument(routes);
const operations = Object.entries(document.paths!).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
);

describe('the route table', () => {
  it('has the operations of the contract, and no other', () => {
    expect(routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      OPERATIONS.toSorted(),
    );
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

  it('asks for a key and its scope wherever one is needed, and for the issuer wherever one is', () => {
    for (const { operation } of operations) {
      const { auth, needs } = routes.find(({ operationId }) => operationId === operation.operationId)!;
      const asked = auth === 'admin' ? { adminSecret: [] } : { apiKey: [needs] };
      expect(operation.security).toEqual(auth === 'none' ? [] : [asked]);
      const issuer = operation.parameters?.find(({ in: place, name }) => place === 'header' && name === 'X-Issuer-Id');
      expect(issuer?.required ?? false, operation.operationId).toBe(auth === 'issuer');
    }
  });

  it('resolves every reference', () => {
    const text = JSON.stringify(document);
    for (const [, section, name] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)) {
      expect((document.components as Record<string, Record<string, unknown>>)[section!]).toHaveProperty(name!);
    }
  });

  it('closes every request body to unknown fields', () => {
    const open = Object.entries(document.components!.schemas!).filter(
      ([name, schema]) =>
        /(In|Patch|Change)$/.test(name) &&
        // One of several types is as closed as each of them.
        !Object.hasOwn(Object(schema), 'oneOf') &&
        (schema as { additionalProperties?: unknown }).additionalProperties !== false,
    );
    expect(open.map(([name]) => name)).toEqual([]);
  });

  it.each(routes.filter(({ body }) => body !== undefined))('shows a body that $operationId takes', ({ body }) => {
    if (body === undefined) return;
    if ('lines' in body) {
      for (const line of body.example.trimEnd().split('\n')) expect(() => readLine(Buffer.from(line))).not.toThrow();
      return;
    }
    if ('form' in body && Object.keys((body.form as z.ZodObject).shape).length === 0) return;
    const { example } = body;
    const checked = validate('json' in body ? body.json : body.form, example ?? {});
    expect('problems' in checked ? checked.problems : []).toEqual([]);
  });

  it.each(operations)('shows a value of each mandatory parameter of $method $path', ({ operation }) => {
    for (const { name, required, schema, example = schema.example } of operation.parameters ?? [])
      if (required) expect(example, name).toBeDefined();
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
