import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../../api/problems.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import { openApi, operationOf, send } from '../support/contract/ask.ts';
import { COMMON } from '../support/contract/common-errors.ts';
import { scenarios } from '../support/contract/scenarios.ts';
import { openStreet, type Street } from '../support/contract/street.ts';

let street: Street;

beforeAll(async () => {
  street = await openStreet();
});

afterAll(() => street.stop());

/** What the document says of a body, as a check. */
function checkOf(schema: unknown): z.ZodType {
  const text = JSON.stringify({ ...(schema as object), $defs: openApi.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as never);
}

/** The body is of a media type that the document names, and is what it says; so are the headers. */
async function expectDocumented(row: Route, response: Response): Promise<unknown> {
  const { content = {}, headers = {} } = operationOf(row).responses[response.status]!;
  const mediaType = response.headers.get('content-type')?.split(';')[0];
  const bytes = await response.text();
  const documented = Object.keys(content);
  if (documented.length === 0) {
    expect(bytes).toBe('');
    return undefined;
  }
  expect(documented).toContain(mediaType);
  for (const name of response.headers.keys()) {
    if (/^(ratelimit|retry-after|location|idempotent|preference|etag)/.test(name))
      expect(Object.keys(headers).map((header) => header.toLowerCase())).toContain(name);
  }
  if (!mediaType!.endsWith('json')) return bytes;
  const body = JSON.parse(bytes) as unknown;
  const result = checkOf(content[mediaType!]!.schema).safeParse(body);
  expect(result.error?.issues ?? [], bytes.slice(0, 2_000)).toEqual([]);
  return body;
}

describe.each(routes)('$operationId', (row) => {
  const scenario = scenarios[row.operationId] ?? {};
  const { responses } = operationOf(row);

  it.each(Object.keys(row.responses))('answers %s as documented', async (status) => {
    // The example of the document goes as it is, unless there is more to it.
    const ask = (await scenario[status]?.(street, row)) ?? {};
    const response = await send(street, row, ask);
    expect(response.status, await response.clone().text()).toBe(Number(status));
    await expectDocumented(row, response);
  });

  it.each(Object.values(responses).flatMap((answer) => answer['x-codes'] ?? []))('refuses with %s', async (code) => {
    const make = scenario[code] ?? COMMON[code as ProblemCode];
    if (make === undefined) throw new Error(`no scenario provokes ${code} of ${row.operationId}`);
    const response = await send(street, row, await make(street, row));
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const body = await expectDocumented(row, response);
    const { status } = PROBLEMS[code as ProblemCode];
    expect(body).toMatchObject({ code, status });
    expect(response.status).toBe(status);
    if (status === 429 || status === 503) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
