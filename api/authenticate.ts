import type { Context } from 'koa';
import { z } from 'zod';
import type { IssuerScope } from '../domain/documents/context.ts';
import { type Credentials, findCredentials, noteKeyUse } from '../domain/tenants/api-keys.ts';
import { Problem } from './problems.ts';
import type { Auth, Caller, Services } from './route.ts';

const uuid = z.uuid();

/**
 * Who calls, and for which issuer.
 * @throws Problem, in this order: UNAUTHORIZED, ACCOUNT_SUSPENDED, ISSUER_ID_REQUIRED, ISSUER_ID_INVALID,
 * ISSUER_NOT_FOUND, ISSUER_FORBIDDEN, API_KEY_ENV_MISMATCH
 */
export async function authenticate(
  services: Services,
  auth: Auth,
  ctx: Context,
): Promise<{ caller: Caller | undefined; scope: IssuerScope | undefined }> {
  if (auth === 'none') return { caller: undefined, scope: undefined };
  const apiKey = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
  const named = auth === 'issuer' ? ctx.get('X-Issuer-Id') : '';
  const issuerId = uuid.safeParse(named).success ? named.toLowerCase() : undefined;
  const { store } = services.tenants;

  const found = apiKey === undefined ? undefined : await findCredentials(store, apiKey, issuerId);
  if (found === undefined) {
    throw new Problem('UNAUTHORIZED', {
      detail: 'Send `Authorization: Bearer <API key>` with a key that is not revoked.',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  if (found.status === 'SUSPENDED') throw new Problem('ACCOUNT_SUSPENDED');
  if (auth === 'issuer') checkIssuer(found, named, issuerId);
  if (found.environment !== (found.sandbox ? 'sandbox' : 'production')) {
    throw new Problem('API_KEY_ENV_MISMATCH', {
      detail: `This is a ${found.environment} key, and the account is in ${found.sandbox ? 'sandbox' : 'production'}.`,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  // Off the path: the answer does not wait for it, and nothing depends on it.
  noteKeyUse(store, found, services.tenants.clock()).catch((error) =>
    services.warn('the use of a key could not be noted', error),
  );

  const { tenantId, environment, tier, language } = found;
  return {
    caller: { tenantId, environment, tier, language },
    scope: issuerId === undefined ? undefined : { tenantId, issuerId, environment },
  };
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
