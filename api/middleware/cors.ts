import type { Middleware } from 'koa';

/** Beside what a script may always read. */
const EXPOSED = [
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
].join(', ');
const METHODS = 'GET, HEAD, POST, PATCH, DELETE';
/** Browsers keep a permission no longer than this anyway. */
const MAX_AGE_SECONDS = '7200';

/** Lets scripts of these origins call the API (Fetch standard, CORS protocol). Of others, browsers learn nothing. */
export function cors(origins: readonly string[]): Middleware {
  return async (ctx, next) => {
    if (origins.length > 0) ctx.vary('Origin');
    const origin = ctx.get('Origin');
    if (!origins.includes(origin)) return next();
    ctx.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED });
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next();
    ctx.set({
      'Access-Control-Allow-Methods': METHODS,
      // Keys are sent by those who hold them, never by the browser of its own accord, so any header may be.
      'Access-Control-Allow-Headers': ctx.get('Access-Control-Request-Headers'),
      'Access-Control-Max-Age': MAX_AGE_SECONDS,
    });
    ctx.status = 204;
  };
}
