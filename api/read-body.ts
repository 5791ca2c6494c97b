import { finished } from 'node:stream/promises';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { bodyParser } from '@koa/bodyparser';
import koaMulter from '@koa/multer';
import type { Context } from 'koa';
import type { z } from 'zod';
import { Problem } from './problems.ts';
import { type FormBody, type LinesBody, NDJSON, type Route, type UploadedFile } from './route.ts';
import { problemOfBody, tooLarge } from './translate-error.ts';

const MAX_JSON_BYTES = 1024 * 1024;
const MAX_FORM_BYTES = 10 * 1024 * 1024;
const MAX_FIELD_BYTES = 16 * 1024;
const MAX_FIELDS = 50;
const MAX_NAME_BYTES = 100;
/** So long the rest of a body that was refused may still arrive, before the answer is given and the connection ended. */
const DISCARD_MS = 2_000;
/** What has arrived is parsed in no time. */
const FORM_MS = 500;

const json = bodyParser({ enableTypes: ['json'], jsonLimit: `${MAX_JSON_BYTES}b` });
const none = async () => {};

export interface ReadBody {
  body: unknown;
  files: Record<string, UploadedFile | undefined>;
}

/**
 * The body of a request as its route wants it, within bounds.
 * @throws Problem UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, BAD_REQUEST, VALIDATION_FAILED for a file that is not known
 */
export async function readBody(ctx: Context, body: Route['body']): Promise<ReadBody> {
  if (body === undefined) return { body: undefined, files: {} };
  try {
    return await readAs(ctx, body);
  } catch (error) {
    await discardRest(ctx);
    throw error;
  }
}

/**
 * Lets what is still to come of a body go by. Left in the connection, it would be in the way of the next request and of
 * the connection's own end; and a client that sends everything before it reads must not be cut off from its answer.
 */
async function discardRest(ctx: Context): Promise<void> {
  ctx.req.unpipe();
  ctx.req.resume();
  try {
    await finished(ctx.req, { signal: AbortSignal.timeout(DISCARD_MS), cleanup: true });
  } catch {
    ctx.set('Connection', 'close');
  }
}

async function readAs(ctx: Context, body: NonNullable<Route['body']>): Promise<ReadBody> {
  if ('lines' in body) return readLines(ctx, body);
  const mediaType = 'json' in body ? 'application/json' : 'multipart/form-data';
  const given = ctx.is(mediaType);
  // Without a body there is no media type to look at; its fields will be missed.
  if (given === null || ctx.request.length === 0) return { body: 'json' in body ? undefined : {}, files: {} };
  if (given === false) throw new Problem('UNSUPPORTED_MEDIA_TYPE', { detail: `The body must be ${mediaType}.` });
  return 'json' in body ? readJson(ctx) : readForm(ctx, body.files);
}

/** How large the body of a request may turn out to be at most, as far as that is known before it is read. */
export function maxBytesOf(ctx: Context, body: Route['body']): number {
  if (body === undefined) return 0;
  const most = 'lines' in body ? body.maxBytes : 'json' in body ? MAX_JSON_BYTES : MAX_FORM_BYTES;
  const encoded = ctx.get('Content-Encoding') !== '';
  return encoded ? most : Math.min(ctx.request.length ?? most, most);
}

async function readJson(ctx: Context): Promise<ReadBody> {
  try {
    await json(ctx, none);
  } catch (error) {
    throw problemOfBody(error);
  }
  return { body: ctx.request.body, files: {} };
}

async function readLines(ctx: Context, { maxBytes }: LinesBody): Promise<ReadBody> {
  const larger = () =>
    new Problem('PAYLOAD_TOO_LARGE', { detail: `The body is larger than ${maxBytes / 2 ** 20} MB.` });
  if (ctx.is(NDJSON) === false || ctx.get('Content-Encoding') !== '') {
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', { detail: `The body must be ${NDJSON}, without an encoding.` });
  }
  if ((ctx.request.length ?? 0) > maxBytes) throw larger();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The answer goes over the connection yet.
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw problemOfBody(error);
  }
  if (size > maxBytes) throw larger();
  return { body: undefined, files: { lines: { bytes: Buffer.concat(chunks) } } };
}

/**
 * Rejects when a form has arrived and is not parsed soon, which is never: the parser waits for the end of a file that
 * begins behind the form's own end.
 */
async function endlessness({ req }: Context, signal: AbortSignal): Promise<never> {
  await finished(req, { signal, cleanup: true });
  await delay(FORM_MS, undefined, { signal });
  // A process that was too busy to parse it meanwhile does so now.
  await setImmediate(undefined, { signal });
  throw new Error('the form has no end');
}

async function readForm(ctx: Context, fields: FormBody<z.ZodType>['files']): Promise<ReadBody> {
  if ((ctx.request.length ?? 0) > MAX_FORM_BYTES)
    throw new Problem('PAYLOAD_TOO_LARGE', { detail: 'The request is larger than 10 MB.' });
  const names = Object.keys(fields);
  const fileSize = Math.max(...Object.values(fields).map(({ maxBytes }) => maxBytes));
  const limits = {
    files: names.length,
    fileSize,
    fields: MAX_FIELDS,
    fieldSize: MAX_FIELD_BYTES,
    fieldNameSize: MAX_NAME_BYTES,
    // No form has fields in fields; a name could ask for a list of four billion places. (Unknown to the typings yet.)
    fieldNestingDepth: 0,
  };
  const form = koaMulter({ storage: koaMulter.memoryStorage(), limits });
  const parsing = form.fields(names.map((name) => ({ name, maxCount: 1 })))(ctx, none);
  const parsed = new AbortController();
  try {
    await Promise.race([parsing, endlessness(ctx, parsed.signal)]);
  } catch (error) {
    throw problemOfBody(error);
  } finally {
    parsed.abort();
  }
  const uploaded = ctx.request.files;
  const files: ReadBody['files'] = {};
  if (uploaded !== undefined && !Array.isArray(uploaded)) {
    for (const [name, [file]] of Object.entries(uploaded)) {
      if (file !== undefined && file.size > fields[name]!.maxBytes) throw tooLarge(name);
      files[name] = file && { bytes: file.buffer };
    }
  }
  return { body: { ...(ctx.request.body as Record<string, unknown> | undefined) }, files };
}
