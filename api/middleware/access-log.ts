import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { RequestState } from '../serve.ts';

/** One line a request: route pattern and ids, never a path, a query, a header or a body. */
export function accessLog(log: Logger): Middleware<RequestState> {
  return async (ctx, next) => {
    const began = performance.now();
    await next();
    const { requestId, route, tenantId } = ctx.state;
    const ms = Math.round((performance.now() - began) * 10) / 10;
    log.info(
      { method: ctx.method, route: route ?? null, status: ctx.status, ms, requestId, ...(tenantId && { tenantId }) },
      'request',
    );
  };
}
