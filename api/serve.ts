import Router from '@koa/router';
import type { Context } from 'koa';
import type { FieldProblem } from '../domain/model/document.ts';
import { authenticate } from './authenticate.ts';
import { Problem } from './problems.ts';
import { readBody, type ReadBody } from './read-body.ts';
import type { Route, Services } from './route.ts';
import { validate } from './validate.ts';

/** What the access log and the error handler know of a request. */
export interface RequestState {
  requestId: string;
  /** Pattern of the route, which names nobody. */
  route?: string;
  tenantId?: string;
}

/** The router of a table of routes; what no route takes ends in 404 or 405. */
export function createRouter(routes: readonly Route[], services: Services): Router<RequestState> {
  const router = new Router<RequestState>();
  for (const row of routes) {
    router[row.method](row.operationId, row.path, async (ctx) => {
      ctx.state.route = row.path;
      await answer(row, services, ctx);
    });
  }
  return router;
}

/** The end of the line: the path is not known, or not with this method. */
export function refuseUnknown(router: Router<RequestState>) {
  return async (ctx: Context): Promise<void> => {
    const methods = new Set(router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods));
    if (methods.size === 0) throw new Problem('NOT_FOUND', { detail: 'There is nothing at this path.' });
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (ctx.method !== 'OPTIONS') throw new Problem('METHOD_NOT_ALLOWED', { headers: { Allow: allow } });
    ctx.status = 204;
    ctx.set('Allow', allow);
  };
}

async function answer(route: Route, services: Services, ctx: Context): Promise<void> {
  refuseUnacceptable(route, ctx);
  const { caller, scope } = await authenticate(services, route.auth, ctx);
  if (caller !== undefined) ctx.state.tenantId = caller.tenantId;
  const read = await readBody(ctx, route.body);
  const input = parse(route, ctx, read);
  const reply = await route.handle({ services, ...input, rawBody: read.body, files: read.files, caller, scope });
  write(route, ctx, reply);
}

function refuseUnacceptable(route: Route, ctx: Context): void {
  const types = Object.values(route.responses).flatMap(({ schema, mediaType }) =>
    schema ? 'application/json' : (mediaType ?? []),
  );
  if (types.length > 0 && ctx.accepts(types) === false) {
    throw new Problem('NOT_ACCEPTABLE', { detail: `This operation answers ${[...new Set(types)].join(', ')}.` });
  }
}

/** @throws Problem VALIDATION_FAILED with everything that is wrong, wherever it is */
function parse(
  route: Route,
  ctx: Context,
  read: ReadBody,
): { params: unknown; query: unknown; headers: unknown; body: unknown } {
  const problems: FieldProblem[] = [];
  const check = (schema: Parameters<typeof validate>[0] | undefined, input: unknown): unknown => {
    if (schema === undefined) return undefined;
    const result = validate(schema, input);
    if ('data' in result) return result.data;
    problems.push(...result.problems);
    return undefined;
  };
  const { body } = route;
  if (body !== undefined && 'json' in body) body.before?.(read.body);
  const parsed = {
    params: check(route.params, ctx.params),
    query: check(route.query, { ...ctx.query }),
    headers: check(route.headers, headersOf(ctx, Object.keys(route.headers?.shape ?? {}))),
    body: check(body === undefined ? undefined : 'json' in body ? body.json : body.form, read.body),
  };
  for (const name of body !== undefined && 'form' in body ? Object.keys(body.files) : []) {
    if (read.files[name] === undefined) problems.push({ field: name, message: 'is required, as a file' });
  }
  if (problems.length > 0) {
    const detail =
      problems.length === 1 ? 'One field is not acceptable.' : `${problems.length} fields are not acceptable.`;
    throw new Problem('VALIDATION_FAILED', { detail, problems });
  }
  return parsed;
}

function headersOf(ctx: Context, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ctx.get(name)]).filter(([, value]) => value !== ''));
}

function write(route: Route, ctx: Context, reply: Awaited<ReturnType<Route['handle']>>): void {
  ctx.status = reply.status;
  ctx.set(reply.headers ?? {});
  if (reply.body === undefined) return;
  const { mediaType } = route.responses[reply.status]!;
  // After the body: setting that sets the type too.
  ctx.body = mediaType === undefined ? JSON.stringify(reply.body) : reply.body;
  ctx.type = mediaType ?? 'application/json';
}
