import type { Middleware } from 'koa';

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** What every answer tells a browser; an operation may replace them by its own. */
export function securityHeaders(publicUrl: string): Middleware {
  const secure = publicUrl.startsWith('https:')
    ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' }
    : {};
  return async (ctx, next) => {
    ctx.set({ ...HEADERS, ...secure });
    await next();
  };
}
