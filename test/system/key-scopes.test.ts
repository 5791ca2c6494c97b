import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type Route, route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import { type RunningApi, startApi } from '../../api/server.ts';
import { KEY_SCOPES, type KeyScope } from '../../domain/model/key-scopes.ts';
import { limitedKey, type Who } from '../support/contract/street.ts';
import { openShop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

/*
 * Every operation that is called with a key, asked with one key of each scope, one of all the others, and one that is
 * limited to nothing. Whoever gets past the door finds nobody at home.
 */

const BEHIND_THE_DOOR = new Set(['INTERNAL_ERROR', 'VALIDATION_FAILED', 'BAD_REQUEST', 'UNSUPPORTED_MEDIA_TYPE']);

const guarded = routes.filter((row): row is Route & { needs: KeyScope } => row.needs !== undefined);

let stack: Stack;
let api: RunningApi;
const only = new Map<KeyScope, Who>();
const without = new Map<KeyScope, Who>();
let unlimited: Who;

beforeAll(async () => {
  stack = await startStack();
  const shop = await openShop(stack);
  for (const scope of KEY_SCOPES) {
    only.set(scope, await limitedKey({ stack }, shop, [scope]));
    without.set(
      scope,
      await limitedKey(
        { stack },
        shop,
        KEY_SCOPES.filter((other) => other !== scope),
      ),
    );
  }
  unlimited = { bearer: shop.apiKey, issuerId: shop.issuerId };
  const empty = routes.map((row) => ({ ...row, handle: () => Promise.reject(new Error('nobody')) }));
  api = await startApi(stack.apiDeps, { host: '127.0.0.1', port: 0 }, empty);
});

afterAll(async () => {
  await api.close();
  await stack.stop();
});

async function codeFor({ method, path }: Route, { bearer, issuerId }: Who): Promise<string> {
  const answer = await fetch(new URL(path.replaceAll(/:\w+/g, '0'), api.url), {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${bearer}`, 'x-issuer-id': issuerId! },
  });
  return ((await answer.json()) as { code: string }).code;
}

describe('the route table', () => {
  it('names a scope for exactly the operations that are called with a key, and each scope for some', () => {
    const keyed = routes.filter(({ auth }) => auth === 'tenant' || auth === 'issuer');
    expect(guarded).toEqual(keyed);
    expect(new Set(guarded.map(({ needs }) => needs))).toEqual(new Set(KEY_SCOPES));
  });

  it('takes no row that is called with a key and does not say what for', () => {
    type Spec<A extends Route['auth']> = Parameters<typeof route<A, Record<never, never>>>[0];
    expectTypeOf<Spec<'tenant'>['needs']>().toEqualTypeOf<KeyScope>();
    expectTypeOf<Spec<'issuer'>['needs']>().toEqualTypeOf<KeyScope>();
    expectTypeOf<Spec<'admin'>['needs']>().toEqualTypeOf<undefined>();
  });

  it('has nothing change but by a scope to write or manage', () => {
    const readers = guarded.filter(({ needs }) => needs.endsWith(':read') && needs !== 'documents:read');
    for (const { method, operationId } of readers) expect(method, operationId).toBe('get');
    const documents = guarded.filter(({ needs, method }) => needs === 'documents:read' && method !== 'get');
    expect(documents.map(({ operationId }) => operationId)).toEqual(['validateDocument']);
  });
});

describe.each(guarded)('$operationId ($needs)', (row) => {
  it('opens to a key with its scope, and to no other', async () => {
    const codes = await Promise.all(KEY_SCOPES.map((scope) => codeFor(row, only.get(scope)!)));
    for (const [at, scope] of KEY_SCOPES.entries()) {
      if (scope === row.needs) expect(BEHIND_THE_DOOR).toContain(codes[at]);
      else expect(codes[at], scope).toBe('INSUFFICIENT_SCOPE');
    }
    expect(await codeFor(row, without.get(row.needs)!)).toBe('INSUFFICIENT_SCOPE');
    expect(BEHIND_THE_DOOR).toContain(await codeFor(row, unlimited));
  });
});
