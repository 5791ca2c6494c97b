import { Refusal } from '../refusal.ts';
import { Issuer } from '../store/entities/issuer.ts';
import { Tenant } from '../store/entities/tenant.ts';
import { type Page, type PageOf, pageOf } from '../store/page.ts';
import type { TenantContext } from '../tenants/context.ts';
import { createIssuer, type NewIssuer } from '../tenants/issuer-create.ts';
import { type IssuerWithCertificate, withCertificates } from '../tenants/issuers.ts';
import { type Act, audit } from './audit.ts';

/**
 * Adds an issuer to an account, its first one too if the taxpayer is given.
 * @throws Refusal NOT_FOUND when there is no such account, and what `createIssuer` throws
 */
export async function createIssuerFor(
  ctx: TenantContext,
  act: Act,
  tenantId: string,
  input: NewIssuer,
): Promise<IssuerWithCertificate> {
  const found = await ctx.store.asSystem((em) => em.count(Tenant, { id: tenantId }));
  if (found === 0) {
    throw new Refusal('NOT_FOUND', 'There is no account with this id.', [
      { field: 'tenantId', message: 'is no account', value: tenantId },
    ]);
  }
  return createIssuer(ctx, tenantId, input, (em, { issuer, certificate }) => {
    const { id: subject, ruc, branchCode, issuePointCode } = issuer;
    const { fingerprint } = certificate;
    audit(em, act, {
      action: 'issuer.create',
      tenantId,
      subject,
      detail: { ruc, branchCode, issuePointCode, fingerprint },
    });
  });
}

/** A page of the active issuers of all accounts, newest first. */
export async function listAllIssuers({ store }: TenantContext, page: Page): Promise<PageOf<IssuerWithCertificate>> {
  return store.asSystem(async (em) => {
    const { rows, nextCursor } = await pageOf(em, Issuer, { active: true }, page);
    return { rows: await withCertificates(em, rows), nextCursor };
  });
}
