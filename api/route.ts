import { z } from 'zod';
import type { DocumentContext, IssuerScope } from '../domain/documents/context.ts';
import type { Environment } from '../domain/model/document.ts';
import type { KeyScope, KeyScopes } from '../domain/model/key-scopes.ts';
import type { Language, Tier } from '../domain/store/entities/tenant.ts';
import type { TenantContext } from '../domain/tenants/context.ts';
import type { DocumentProcess } from './document-process.ts';
import type { Health } from './health.ts';
import { idempotencyHeader } from './idempotency-key.ts';
import type { ProblemCode } from './problems.ts';
import type { TenantProcess } from './tenant-process.ts';
import type { LimitKind } from './rate-limits.ts';

/**
 * Who may call: anybody, a tenant by its API key, such a tenant on behalf of the issuer in `X-Issuer-Id`, or whoever
 * runs the service, by its admin secret.
 */
export type Auth = 'none' | 'tenant' | 'issuer' | 'admin';

/** What the handlers work with. */
export interface Services {
  documents: DocumentContext;
  tenants: TenantContext;
  process: DocumentProcess;
  tenantProcess: TenantProcess;
  health: Health;
  isAdminSecret(given: string): boolean;
  /**
   * Waits for something that is neither processor nor database, and lets other requests be worked on meanwhile.
   * Whatever a request is held for goes through here.
   */
  aside: <T>(wait: () => Promise<T>) => Promise<T>;
  /** Something went wrong behind the answer; ids and codes only. */
  warn: (message: string, error: unknown) => void;
}

/** The tenant that calls. */
export interface Caller {
  tenantId: string;
  /** The key that it calls with. */
  keyId: string;
  environment: Environment;
  scopes: KeyScopes;
  tier: Tier;
  language: Language;
  /** Of a key that the promotion it asked for has revoked: the offer that took effect. */
  promotion?: string;
}

export interface UploadedFile {
  bytes: Buffer;
}

/** One parsed request. */
export interface Call<P = unknown, Q = unknown, H = unknown, B = unknown, A extends Auth = Auth> {
  services: Services;
  params: P;
  query: Q;
  headers: H;
  body: B;
  /** The JSON as it came, before defaults and synonyms. */
  rawBody: unknown;
  /** The files of a multipart form, by field; or `lines`, of a body that is lines. */
  files: Readonly<Record<string, UploadedFile | undefined>>;
  /** Counts a secret in the request that opens nothing. @throws Problem TOO_MANY_REQUESTS */
  countGuess: (secret: string) => Promise<void>;
  /** As the log and the answer have it. */
  requestId: string;
  /** The language that the caller prefers; an answer that asks for it varies with it. */
  readonly language: Language;
  caller: A extends 'none' | 'admin' ? undefined : Caller;
  scope: A extends 'issuer' ? IssuerScope : undefined;
}

/** One answer of an operation: JSON by its schema, or another media type. */
export interface ResponseSpec {
  description: string;
  schema?: z.ZodType;
  /** Media type of an answer without schema; neither means no body. */
  mediaType?: string;
  /** Header → description. */
  headers?: Record<string, string>;
  example?: unknown;
}

export type Responses = Readonly<Record<number, ResponseSpec>>;

type BodyOf<Spec> = Spec extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : Spec extends { mediaType: string }
    ? Buffer | string
    : undefined;

/** What a handler answers: one of its documented statuses with the body of that status. */
export type Reply<R extends Responses> = {
  [Status in keyof R & number]: { status: Status; body: BodyOf<R[Status]>; headers?: Record<string, string> };
}[keyof R & number];

export interface JsonBody<S extends z.ZodType> {
  json: S;
  /** Refuses what needs a code of its own before the fields are looked at. */
  before?(body: unknown): void;
  example?: unknown;
}

/** A file in a form. */
export interface FileField {
  description: string;
  maxBytes: number;
  optional?: true;
}

export interface FormBody<S extends z.ZodType> {
  form: S;
  /** By the name of the field. */
  files: Readonly<Record<string, FileField>>;
  /** Of the fields that are no files. */
  example?: Record<string, string>;
}

/** Many JSON values, a line each: the handler reads them, in `files.lines`. */
export interface LinesBody {
  /** What a line is, in Markdown. */
  lines: string;
  maxBytes: number;
  example: string;
}

interface RouteSpec<
  A extends Auth,
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
  R extends Responses,
> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With `:name` for parameters. */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  /** Markdown. */
  description?: string;
  auth: A;
  /** What the key must be for; whoever calls without one needs none. */
  needs?: KeyScope;
  /** A suspended tenant may call it too. */
  whileSuspended?: true;
  /** So may the key that asked for a promotion, which the promotion has revoked. */
  byPromoter?: true;
  /** Takes an `Idempotency-Key`: what a repeat answers is kept for a day. */
  idempotent?: true;
  /** Answered however many others are: it costs next to nothing. */
  always?: true;
  /** How often it may be called, where that does not follow from `auth` and `method`. */
  limit?: 'registration' | 'inspection' | 'guesses';
  params?: P;
  query?: Q;
  headers?: H;
  body?: JsonBody<B> | FormBody<B> | LinesBody;
  responses: R;
  /** The codes that are this operation's own; those that follow from its parts are added by `errorCodesOf`. */
  errors: readonly ProblemCode[];
}

/** Media type of a body that is lines. */
export const NDJSON = 'application/x-ndjson';

/** What some operation answers. */
export interface AnyReply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A row of the route table. */
export interface Route extends RouteSpec<Auth, z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType, Responses> {
  handle(call: Call): Promise<AnyReply>;
}

/** A row that is called with an API key says what the key must be for, else it does not compile. */
type Needs<A extends Auth> = A extends 'tenant' | 'issuer' ? { needs: KeyScope } : { needs?: never };

/** Makes a row of what it says of itself and, apart so that it is checked against that, its handler. */
export function route<
  A extends Auth,
  R extends Responses,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  H extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<A, P, Q, H, B, R> & Needs<A>) {
  return (handle: (call: Call<z.output<P>, z.output<Q>, z.output<H>, z.output<B>, A>) => Promise<Reply<R>>): Route => ({
    ...spec,
    ...(spec.idempotent ? { headers: (spec.headers ?? z.object()).extend(idempotencyHeader) } : {}),
    handle,
  });
}

/** What the answers of an operation are. */
export function mediaTypesOf({ responses }: Route): string[] {
  const types = Object.values(responses).flatMap(({ schema, mediaType }) =>
    schema ? 'application/json' : (mediaType ?? []),
  );
  return [...new Set(types)];
}

/** What the calls of an operation are counted as; those that nobody has to be known for are not. */
export function limitOf({ limit, auth, method }: Route): LimitKind | undefined {
  if (limit !== undefined) return limit;
  if (auth === 'none') return undefined;
  if (auth === 'admin') return 'admin';
  return method === 'get' ? 'reads' : 'writes';
}

/** Every code that an operation may answer. */
export function errorCodesOf(row: Route): ProblemCode[] {
  const { auth, whileSuspended, idempotent, always, params, query, headers, body, errors } = row;
  const parsed = params !== undefined || query !== undefined || headers !== undefined || body !== undefined;
  const implied: ProblemCode[] = [
    ...(parsed ? (['VALIDATION_FAILED'] as const) : []),
    ...(body === undefined ? [] : (['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
    ...(auth === 'none' ? [] : (['UNAUTHORIZED'] as const)),
    ...(auth === 'tenant' || auth === 'issuer' ? (['API_KEY_ENV_MISMATCH', 'INSUFFICIENT_SCOPE'] as const) : []),
    ...((auth === 'tenant' || auth === 'issuer') && !whileSuspended ? (['ACCOUNT_SUSPENDED'] as const) : []),
    ...(auth === 'issuer'
      ? (['ISSUER_ID_REQUIRED', 'ISSUER_ID_INVALID', 'ISSUER_NOT_FOUND', 'ISSUER_FORBIDDEN'] as const)
      : []),
    ...(idempotent ? (['CONFLICT'] as const) : []),
    ...(limitOf(row) === undefined ? [] : (['TOO_MANY_REQUESTS'] as const)),
    ...(auth === 'none' ? [] : (['SERVICE_UNAVAILABLE'] as const)),
    ...(always ? [] : (['SERVER_BUSY'] as const)),
    ...(mediaTypesOf(row).length === 0 ? [] : (['NOT_ACCEPTABLE'] as const)),
    'HEADERS_TOO_LARGE',
    'INTERNAL_ERROR',
  ];
  return [...new Set([...errors, ...implied])];
}
