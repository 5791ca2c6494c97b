import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import type { IssuerScope } from '../domain/documents/context.ts';
import { covers, type KeyScopes } from '../domain/model/key-scopes.ts';
import { type Credentials, findCredentials, noteKeyUse, wasApiKey } from '../domain/tenants/api-keys.ts';
import { findPromoter } from '../domain/tenants/promoter.ts';
import { Problem } from './problems.ts';
import type { Caller, Route, Services } from './route.ts';

const uuid = z.uuid();

/** Tells the admin secret from anything else, in a time that says nothing of either. */
export function secretCheck(secret: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const right = digest(secret);
  return (given) => timingSafeEqual(digest(given), right);
}

/**
 * Who calls, and for which issuer.
 * @param countGuess takes whatever is sent for a secret and is none
 * @throws Problem, in this order: UNAUTHORIZED or TOO_MANY_REQUESTS, ACCOUNT_SUSPENDED, INSUFFICIENT_SCOPE,
 * ISSUER_ID_REQUIRED, ISSUER_ID_INVALID, ISSUER_NOT_FOUND, ISSUER_FORBIDDEN, API_KEY_ENV_MISMATCH
 */
export async function authenticate(
  services: Services,
  { auth, needs, whileSuspended, byPromoter }: Pick<Route, 'auth' | 'needs' | 'whileSuspended' | 'byPromoter'>,
  ctx: Context,
  countGuess: (secret: string) => Promise<void>,
): Promise<{ caller: Caller | undefined; scope: IssuerScope | undefined }> {
  if (auth === 'none') return { caller: undefined, scope: undefined };
  const bearer = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
  if (auth === 'admin') {
    if (bearer !== undefined && services.isAdminSecret(bearer)) return { caller: undefined, scope: undefined };
    if (bearer !== undefined) await countGuess(bearer);
    throw unauthorized('<admin secret>`.');
  }
  const named = auth === 'issuer' ? ctx.get('X-Issuer-Id') : '';
  const issuerId = uuid.safeParse(named).success ? named.toLowerCase() : undefined;
  const { store } = services.tenants;

  const found = bearer === undefined ? undefined : await findCredentials(store, bearer, issuerId);
  if (found === undefined) {
    const promoter = byPromoter && bearer !== undefined ? await findPromoter(services.tenants, bearer) : undefined;
    if (promoter === undefined) {
      if (bearer !== undefined && !(await wasApiKey(store, bearer))) await countGuess(bearer);
      throw unauthorized('<API key>` with a key that is not revoked.');
    }
    const { offerId: promotion, ...caller } = promoter;
    checkScope(caller.scopes, needs);
    return { caller: { ...caller, environment: 'sandbox', promotion }, scope: undefined };
  }
  if (found.status === 'SUSPENDED' && !whileSuspended) throw new Problem('ACCOUNT_SUSPENDED');
  checkScope(found.scopes, needs);
  if (auth === 'issuer') checkIssuer(found, named, issuerId);
  if (found.environment !== (found.sandbox ? 'sandbox' : 'production')) {
    throw new Problem('API_KEY_ENV_MISMATCH', {
      detail: `This is a ${found.environment} key, and the account is in ${found.sandbox ? 'sandbox' : 'production'}.`,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  const noted = noteKeyUse(store, found, services.tenants.clock());
  // With its first use a key is in somebody's hands: from then on no repeat of a promotion exchanges it. Later uses are
  // off the path: the answer does not wait for them, and nothing depends on them.
  if (found.lastUsedAt === null) await noted;
  else noted.catch((error) => services.warn('the use of a key could not be noted', error));

  const { tenantId, keyId, environment, scopes, tier, language } = found;
  return {
    caller: { tenantId, keyId, environment, scopes, tier, language },
    scope: issuerId === undefined ? undefined : { tenantId, issuerId, environment },
  };
}

function unauthorized(what: string): Problem {
  return new Problem('UNAUTHORIZED', {
    detail: `Send \`Authorization: Bearer ${what}`,
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** Refuses with what would be needed, as RFC 6750, section 3.1 has it. */
function checkScope(scopes: KeyScopes, needs: Route['needs']): void {
  if (needs === undefined || covers(scopes, [needs])) return;
  throw new Problem('INSUFFICIENT_SCOPE', {
    detail: `This operation needs a key with the scope \`${needs}\`.`,
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${needs}"` },
  });
}

function checkIssuer({ issuer, tenantId }: Credentials, named: string, issuerId: string | undefined): void {
  if (named === '')
    throw new Problem('ISSUER_ID_REQUIRED', {
      detail: 'Name the issuer in the X-Issuer-Id header; GET /v1/issuers lists them.',
    });
  if (issuerId === undefined) throw new Problem('ISSUER_ID_INVALID', { detail: 'X-Issuer-Id must be a UUID.' });
  if (issuer === undefined || (issuer.tenantId === tenantId && !issuer.active)) throw new Problem('ISSUER_NOT_FOUND');
  if (issuer.tenantId !== tenantId) throw new Problem('ISSUER_FORBIDDEN');
}
