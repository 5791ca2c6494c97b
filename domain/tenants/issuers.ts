import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import type { TenantContext } from './context.ts';

/** An issuer with what may be told of its certificate. */
export interface IssuerWithCertificate {
  issuer: Issuer;
  certificate: { fingerprint: string; notAfter: Date };
}

/** The tenant's active issuers, oldest first. */
export async function listIssuers(ctx: TenantContext, tenantId: string): Promise<IssuerWithCertificate[]> {
  return ctx.store.asTenant(tenantId, async (em) =>
    withCertificates(em, await em.find(Issuer, { tenantId, active: true }, { orderBy: { id: 'asc' } })),
  );
}

/** @throws Refusal ISSUER_FORBIDDEN when it is another tenant's, ISSUER_NOT_FOUND when it is nobody's */
export async function findIssuer(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
): Promise<IssuerWithCertificate> {
  const found = await ctx.store.asTenant(tenantId, async (em) => {
    const issuer = await em.findOne(Issuer, { id: issuerId, tenantId, active: true });
    return issuer === null ? undefined : (await withCertificates(em, [issuer]))[0];
  });
  if (found !== undefined) return found;
  const foreign = await ctx.store.asSystem((em) => em.count(Issuer, { id: issuerId, tenantId: { $ne: tenantId } }));
  throw foreign > 0
    ? new Refusal('ISSUER_FORBIDDEN', 'This issuer belongs to another account.')
    : new Refusal('ISSUER_NOT_FOUND', 'There is no active issuer with this id.');
}

async function withCertificates(em: EntityManager, issuers: Issuer[]): Promise<IssuerWithCertificate[]> {
  const ids = [...new Set(issuers.map(({ certificateId }) => certificateId))];
  const rows = await em.find(Certificate, { id: { $in: ids } }, { fields: ['fingerprint', 'notAfter'] });
  const certificates = new Map(rows.map(({ id, fingerprint, notAfter }) => [id, { fingerprint, notAfter }]));
  return issuers.map((issuer) => ({ issuer, certificate: certificates.get(issuer.certificateId)! }));
}
