import Router from '@koa/router';
import type { Context } from 'koa';
import type { z } from 'zod';
import type { FieldProblem } from '../domain/model/document.ts';
import { refusalOf } from '../domain/refusal.ts';
import type { Admission } from './admission.ts';
import { authenticate } from './authenticate.ts';
import { isConditional, tag } from './conditional.ts';
import { Problem } from './problems.ts';
import { maxBytesOf, readBody, type ReadBody } from './read-body.ts';
import { languageOf } from './language.ts';
import { answerOnce } from './idempotency.ts';
import type { RateLimits } from './rate-limits.ts';
import { type AnyReply, type Call, limitOf, mediaTypesOf, type Route, type Services } from './route.ts';
import { validate } from '../domain/validate.ts';

/** What the access log and the error handler know of a request. */
export interface RequestState {
  requestId: string;
  /** Pattern of the route, which names nobody. */
  route?: string;
  tenantId?: string;
}

/** What some routes are served with. */
export interface Edge {
  services: Services;
  limits: RateLimits;
  admission: Admission;
}

/** The router of a table of routes; what no route takes ends in 404 or 405. */
export function createRouter(routes: readonly Route[], edgeOf: (route: Route) => Edge): Router<RequestState> {
  const router = new Router<RequestState>();
  const literal = new Set(routes.map(({ path }) => path).filter((path) => !path.includes(':')));
  for (const row of routes) {
    router[row.method](row.operationId, row.path, async (ctx, next) => {
      // `/v1/documents/validate` is no document, whatever the method.
      if (row.path !== ctx.path && literal.has(ctx.path)) return next();
      ctx.state.route = row.path;
      refuseUnacceptable(row, ctx);
      const edge = edgeOf(row);
      const work = () => answer(row, edge, ctx);
      const closed = new Promise((resolve) => ctx.res.once('close', resolve));
      await (row.always ? work() : edge.admission.admit(maxBytesOf(ctx, row.body), closed, work));
    });
  }
  return router;
}

/** The end of the line: the path is not known, or not with this method. */
export function refuseUnknown(router: Router<RequestState>) {
  return async (ctx: Context): Promise<void> => {
    const layers = router.match(ctx.path, ctx.method).path;
    const literal = layers.filter(({ path }) => path === ctx.path);
    const methods = new Set((literal.length > 0 ? literal : layers).flatMap((layer) => layer.methods));
    if (methods.size === 0) throw new Problem('NOT_FOUND', { detail: 'There is nothing at this path.' });
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (ctx.method !== 'OPTIONS') throw new Problem('METHOD_NOT_ALLOWED', { headers: { Allow: allow } });
    ctx.status = 204;
    ctx.set('Allow', allow);
  };
}

async function answer(route: Route, { services, limits }: Edge, ctx: Context): Promise<void> {
  const limit = limitOf(route);
  if (limit === 'registration' || limit === 'inspection' || limit === 'admin')
    ctx.set(await limits.byAddress(limit, ctx.ip));
  if (route.auth !== 'none' || limit === 'guesses') await limits.passGuard(ctx.ip);
  const countGuess = (secret: string) => limits.countGuess(ctx.ip, secret);
  const { caller, scope } = await authenticate(services, route, ctx, countGuess);
  if (caller !== undefined && (limit === 'reads' || limit === 'writes')) ctx.set(await limits.byKey(limit, caller));
  if (caller !== undefined) ctx.state.tenantId = caller.tenantId;
  const read = await readBody(ctx, route.body);
  const input = parse(route, ctx, read);
  const { requestId } = ctx.state;
  const { body: rawBody, files } = read;
  const call: Call = {
    services,
    ...input,
    rawBody,
    files,
    countGuess,
    requestId,
    caller,
    scope,
    get language() {
      return languageOf(ctx);
    },
  };
  const key = route.idempotent ? ctx.get('Idempotency-Key') : '';
  write(route, ctx, key === '' ? await route.handle(call) : await answerOnce(route, call, key));
}

function refuseUnacceptable(route: Route, ctx: Context): void {
  const types = mediaTypesOf(route);
  if (types.length > 0 && ctx.accepts(types) === false) {
    throw new Problem('NOT_ACCEPTABLE', { detail: `This operation answers ${types.join(', ')}.` });
  }
}

/** @throws Refusal VALIDATION_FAILED with everything that is wrong, wherever it is */
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
  for (const [name, value] of Object.entries(ctx.query)) {
    // A number that is not written would be 0.
    if (value === '') problems.push({ field: name, message: 'must not be empty' });
  }
  const { body } = route;
  if (body !== undefined && 'json' in body) body.before?.(read.body);
  const parsed = {
    params: check(route.params, ctx.params),
    query: check(route.query, { ...ctx.query }),
    headers: check(route.headers, headersOf(ctx, Object.keys(route.headers?.shape ?? {}))),
    body: check(schemaOf(body), read.body),
  };
  for (const [name, { optional }] of body !== undefined && 'form' in body ? Object.entries(body.files) : []) {
    if (!optional && read.files[name] === undefined) problems.push({ field: name, message: 'is required, as a file' });
  }
  if (problems.length > 0) throw refusalOf(problems);
  return parsed;
}

function schemaOf(body: Route['body']): z.ZodType | undefined {
  if (body === undefined || 'lines' in body) return undefined;
  return 'json' in body ? body.json : body.form;
}

function headersOf(ctx: Context, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.filter((name) => ctx.headers[name.toLowerCase()] !== undefined).map((name) => [name, ctx.get(name)]),
  );
}

function write(route: Route, ctx: Context, reply: AnyReply): void {
  ctx.status = reply.status;
  ctx.set(reply.headers ?? {});
  if (reply.body === undefined) {
    // Else Koa would write the name of the status.
    ctx.body = null;
    ctx.status = reply.status;
    return;
  }
  const { mediaType } = route.responses[reply.status]!;
  // After the body: setting that sets the type too.
  const body = mediaType === undefined ? JSON.stringify(reply.body) : (reply.body as string | Buffer);
  ctx.body = body;
  ctx.type = mediaType ?? 'application/json';
  if (isConditional(route.responses) && reply.status === 200) tag(ctx, body);
}
