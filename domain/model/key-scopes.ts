/** What an API key can be limited to; each operation of a tenant needs one of them. */
export const KEY_SCOPES = [
  'documents:read',
  'documents:write',
  'issuers:read',
  'issuers:write',
  'webhooks:read',
  'webhooks:write',
  'account:read',
  'account:write',
  'keys:manage',
] as const;

export type KeyScope = (typeof KEY_SCOPES)[number];

/** What a key may do; null is everything, what later releases add included. */
export type KeyScopes = readonly KeyScope[] | null;

/** Whether a key with `mine` may do all that one with `others` may. */
export function covers(mine: KeyScopes, others: KeyScopes): boolean {
  if (mine === null) return true;
  return others !== null && others.every((scope) => mine.includes(scope));
}
