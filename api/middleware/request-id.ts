import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { RequestState } from '../serve.ts';

/** Short and plain, so that a caller cannot write anything else into our logs. */
const SANE = /^[\w.-]{1,64}$/;

/** Gives each request an id, the caller's own if it has a sane one. */
export const requestId: Middleware<RequestState> = async (ctx, next) => {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = SANE.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
};
