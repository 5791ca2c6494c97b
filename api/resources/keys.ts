import { z } from 'zod';
import { KEY_SCOPES } from '../../domain/model/key-scopes.ts';
import type { ApiKey } from '../../domain/store/entities/tenant.ts';
import { listKeys, mintKey, revokeKey } from '../../domain/tenants/key-ring.ts';
import { instant, line, ok, pageQuery, pagination, uuid } from '../fields.ts';
import { route } from '../route.ts';

const TAG = 'API keys';

const Environment = z.enum(['sandbox', 'production']);

const Scope = z.enum(KEY_SCOPES);

export const KeyIn = z
  .strictObject({
    label: line(100).exactOptional(),
    environment: Environment.exactOptional().meta({ description: 'The account’s own when left out.' }),
    scopes: z
      .array(Scope)
      .min(1)
      .max(20)
      .transform((given) => KEY_SCOPES.filter((scope) => given.includes(scope)))
      .exactOptional()
      .meta({
        description: 'What the key is for; those of the key that asks, or of the administration all, when left out.',
        example: ['documents:read', 'documents:write'],
      }),
  })
  .meta({ id: 'KeyIn' });

const KeyOut = z
  .object({
    id: uuid(),
    label: z.string().nullable(),
    environment: Environment,
    hint: z.string().meta({ description: 'The last characters of the key.', example: '3f9c' }),
    scopes: z.array(Scope).meta({ description: 'What it may be used for.' }),
    active: z.boolean(),
    createdAt: instant(),
    lastUsedAt: instant().nullable().meta({ description: 'To the minute.' }),
    revokedAt: instant().nullable(),
  })
  .meta({ id: 'Key', description: 'An API key without its secret.' });

/** The answer that shows a key. */
export const NEW_KEY = {
  description: 'The new key.',
  schema: z.object({
    ok,
    apiKey: z.string().meta({ description: 'Shown once.', example: 'sk_test_…' }),
    key: KeyOut,
  }),
};

export const keyRoutes = [
  route({
    method: 'get',
    path: '/v1/keys',
    operationId: 'listKeys',
    tag: TAG,
    summary: 'List API keys',
    description: 'Those that are not revoked, newest first.',
    auth: 'tenant',
    needs: 'keys:manage',
    query: z.strictObject(pageQuery(100)),
    responses: { 200: { description: 'One page.', schema: z.object({ ok, keys: z.array(KeyOut), pagination }) } },
    errors: [],
  })(async ({ services, caller, query }) => {
    const { keys, total } = await listKeys(services.tenants, caller.tenantId, query);
    return { status: 200, body: { ok: true, keys: keys.map(keyOut), pagination: { total, ...query } } };
  }),

  route({
    method: 'post',
    path: '/v1/keys',
    operationId: 'createKey',
    tag: TAG,
    summary: 'Make an API key',
    description:
      'The answer shows it once. It may do no more than the key that asks for it. Production keys need a promoted account, and in a promoted account a sandbox key opens nothing (`API_KEY_ENV_MISMATCH`).',
    auth: 'tenant',
    needs: 'keys:manage',
    idempotent: true,
    body: { json: KeyIn, example: { label: 'Till 7' } },
    responses: {
      201: NEW_KEY,
    },
    errors: ['SCOPE_ESCALATION_FORBIDDEN', 'EMAIL_VERIFICATION_REQUIRED', 'PRODUCTION_KEY_REQUIRES_PROMOTION'],
  })(async ({ services, caller, body }) => {
    const { apiKey, key } = await mintKey(services.tenants, caller.tenantId, body, caller.scopes);
    return { status: 201, body: { ok: true, apiKey, key: keyOut(key) } };
  }),

  route({
    method: 'delete',
    path: '/v1/keys/:id',
    operationId: 'revokeKey',
    tag: TAG,
    summary: 'Revoke an API key',
    description: 'It ends at once and for ever. A key cannot revoke itself.',
    auth: 'tenant',
    needs: 'keys:manage',
    params: z.object({ id: uuid() }),
    responses: { 200: { description: 'The key opens nothing any longer.', schema: z.object({ ok }) } },
    errors: ['SELF_REVOCATION_FORBIDDEN', 'NOT_FOUND'],
  })(async ({ services, caller, params }) => {
    await revokeKey(services.tenants, caller.tenantId, params.id, caller.keyId);
    return { status: 200, body: { ok: true } };
  }),
];

export function keyOut(key: ApiKey): z.output<typeof KeyOut> {
  const { id, environment, hint, createdAt } = key;
  return {
    id,
    label: key.label ?? null,
    environment,
    hint,
    scopes: key.scopes ?? [...KEY_SCOPES],
    active: !key.revokedAt,
    createdAt: createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
