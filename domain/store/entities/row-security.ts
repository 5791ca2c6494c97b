/** Sees one tenant's rows: the one named by the session variable `app.tenant_id`. */
export const TENANT_ROLE = 'comprobante_tenant';
/** Sees every row: authentication, registration, reconciliation, administration. */
export const SYSTEM_ROLE = 'comprobante_system';

/** The row-level security of a table that belongs to no tenant: the tenant role finds nothing in it. */
export function systemRows() {
  return {
    rowLevelSecurity: 'force' as const,
    policies: [{ name: 'system_rows', command: 'all' as const, roles: [SYSTEM_ROLE], using: 'true', check: 'true' }],
  };
}

/**
 * The row-level security of a table that belongs to tenants. Neither role owns the tables and the policies are
 * forced, so a query that forgets the tenant finds nothing, and one that names another tenant's row is refused.
 */
export function tenantRows(column = 'tenant_id') {
  const mine = `${column} = nullif(current_setting('app.tenant_id', true), '')::uuid`;
  return {
    rowLevelSecurity: 'force' as const,
    policies: [
      { name: 'tenant_rows', command: 'all' as const, roles: [TENANT_ROLE], using: mine, check: mine },
      { name: 'system_rows', command: 'all' as const, roles: [SYSTEM_ROLE], using: 'true', check: 'true' },
    ],
  };
}
