import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type FaultName, type Faults, KINDS } from './faults.ts';
import { type Listener, listen, readBody, send } from './http.ts';
import { isMessageNumber } from './messages.ts';
import type { State } from './state.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_PAGE = 1_000;

const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const FAULT = z
  .strictObject({
    service: z.enum(['reception', 'authorization', 'any']),
    fault: z.enum(Object.keys(KINDS) as FaultName[]),
    times: count.optional(),
    forMs: count.optional(),
    accessKey: z
      .string()
      .regex(/^\d{49}$/, 'an access key has 49 digits')
      .optional(),
    ms: count.max(3_600_000).optional(),
    code: z.string().refine(isMessageNumber, 'SRI has no message of that number').optional(),
  })
  .superRefine(({ service, fault, ms, code }, context) => {
    const kind: { services: readonly string[]; takes?: string } = KINDS[fault];
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (service !== 'any' && !kind.services.includes(service)) refuse('fault', `${fault} is no fault of ${service}`);
    if (ms !== undefined && kind.takes !== 'ms') refuse('ms', `${fault} takes none`);
    if (code !== undefined && kind.takes !== 'code') refuse('code', `${fault} takes none`);
    if (fault === 'code' && code === undefined) refuse('code', 'which number to answer');
  });

const PAGE = z.strictObject({
  after: z
    .string()
    .regex(/^\d{49}$/, 'an access key has 49 digits')
    .default(''),
  limit: z.coerce.number().pipe(z.int().min(1).max(MAX_PAGE)).default(100),
});

/** The address where tests and people tell this SRI what to do wrong, and ask what it has seen. JSON both ways. */
export function serveControl(port: number, faults: Faults, state: State): Promise<Listener> {
  return listen(port, async (request, response) => {
    try {
      await answer(request, response, faults, state);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      json(response, 400, { error: error.message });
    }
  });
}

class BadInput extends Error {
  override readonly name = 'BadInput';
}

async function answer(request: IncomingMessage, response: ServerResponse, faults: Faults, state: State): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const accessKey = /^\/documents\/(\d{49})$/.exec(pathname)?.[1];
  const route = `${request.method} ${accessKey === undefined ? pathname : '/documents/:accessKey'}`;
  switch (route) {
    case 'GET /health':
      return json(response, 200, { status: 'ok' });
    case 'GET /faults':
      return json(response, 200, { faults: faults.list() });
    case 'POST /faults':
      return json(response, 201, faults.add(checked(FAULT, await readJson(request))));
    case 'DELETE /faults':
      faults.clear();
      response.writeHead(204).end();
      return;
    case 'GET /documents': {
      const { after, limit } = checked(PAGE, Object.fromEntries(searchParams));
      const documents = state.tallies(after, limit);
      const next = documents.length < limit ? undefined : documents.at(-1)?.accessKey;
      return json(response, 200, { documents, ...(next !== undefined && { next }) });
    }
    case 'GET /documents/:accessKey':
      return json(response, 200, state.tally(accessKey!));
    default:
      return json(response, 404, { error: `nothing answers ${request.method} ${pathname}` });
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) throw new BadInput(`body: more than ${MAX_BODY_BYTES} bytes`);
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new BadInput('body: not JSON');
  }
}

/** @throws BadInput with a sentence that names the first wrong field */
function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const { success, data, error } = schema.safeParse(input);
  if (success) return data;
  const [issue] = error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw new BadInput(`${field || 'body'}: ${issue?.message ?? 'wrong'}`);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}
