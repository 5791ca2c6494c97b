import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import type { Responses } from './route.ts';

/*
 * What a caller keeps, it asks for again by its tag (RFC 9110, §13): a route that has a 304 among its answers gives
 * each 200 the hash of its bytes, and the bytes only to whoever does not have them.
 */

/** Among the headers of such a route. */
export const ifNoneMatch = {
  'If-None-Match': z
    .string()
    .optional()
    .meta({ description: 'The `ETag` of what the caller has: if it is still that, the answer is `304`.' }),
};

/** Among the headers of its 200. */
export const ETAG = {
  ETag: 'Strong: another content, another tag.',
  'Cache-Control': '`private, no-cache`: keep it, and ask before using it.',
};

export const NOT_MODIFIED = { description: 'It is what the caller has.', headers: ETAG } as const;

export function isConditional(responses: Responses): boolean {
  return 304 in responses;
}

/** Tags what has been written to `ctx`, and takes it back from a caller that has it. */
export function tag(ctx: Context, body: string | Buffer): void {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  ctx.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
  if (matches(ctx.get('If-None-Match'), etag)) ctx.status = 304;
}

/**
 * Weakly, as this header is compared (§13.1.2). Koa's `fresh` would not do: it takes `Cache-Control: no-cache` for a
 * wish to have it all again, and `fetch` sends that with every If-None-Match.
 */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((given) => given.trim() === '*' || given.trim().replace(/^W\//, '') === etag);
}
