import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import type { TenantContext } from './context.ts';
import { lockTenant } from './locked-tenant.ts';

/** An issuer with what may be told of its certificate. */
export interface IssuerWithCertificate {
  issuer: Issuer;
  certificate: { fingerprint: string; notAfter: Date };
}

/** A page of the tenant's active issuers, oldest first, and how many there are. */
export async function listIssuers(
  ctx: TenantContext,
  tenantId: string,
  { page, limit }: { page: number; limit: number },
): Promise<{ issuers: IssuerWithCertificate[]; total: number }> {
  return ctx.store.asTenant(tenantId, async (em) => {
    const where = { tenantId, active: true };
    const [rows, total] = await em.findAndCount(Issuer, where, {
      orderBy: { id: 'asc' },
      limit,
      offset: (page - 1) * limit,
    });
    return { issuers: await withCertificates(em, rows), total };
  });
}

/** @throws Refusal ISSUER_FORBIDDEN when it is another tenant's, ISSUER_NOT_FOUND when it is nobody's */
export async function findIssuer(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
): Promise<IssuerWithCertificate> {
  return workOnIssuer(ctx, tenantId, issuerId, withCertificate);
}

/** What may be changed of an issuer; null takes it away. Documents that are written keep what they were written with. */
export interface IssuerChanges {
  tradeName?: string | null;
  branchAddress?: string | null;
  color?: string | null;
}

/** @throws Refusal ISSUER_FORBIDDEN, ISSUER_NOT_FOUND */
export async function changeIssuer(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  changes: IssuerChanges,
): Promise<IssuerWithCertificate> {
  return workOnIssuer(ctx, tenantId, issuerId, async (em, issuer) => {
    em.assign(issuer, changes);
    return withCertificate(em, issuer);
  });
}

/**
 * One transaction on one of the tenant's active issuers.
 * @param options.alone one after the other, of all that change the tenant's issuers so
 * @throws Refusal ISSUER_FORBIDDEN when it is another tenant's, ISSUER_NOT_FOUND when it is nobody's
 */
export async function workOnIssuer<T>(
  ctx: TenantContext,
  tenantId: string,
  issuerId: string,
  work: (em: EntityManager, issuer: Issuer) => Promise<T>,
  { alone = false }: { alone?: boolean } = {},
): Promise<T> {
  const done = await ctx.store.asTenant(tenantId, async (em) => {
    if (alone) await lockTenant(em, tenantId);
    const issuer = await em.findOne(Issuer, { id: issuerId, tenantId, active: true });
    return issuer === null ? undefined : { result: await work(em, issuer) };
  });
  if (done !== undefined) return done.result;
  const foreign = await ctx.store.asSystem((em) => em.count(Issuer, { id: issuerId, tenantId: { $ne: tenantId } }));
  throw foreign > 0
    ? new Refusal('ISSUER_FORBIDDEN', 'This issuer belongs to another account.')
    : new Refusal('ISSUER_NOT_FOUND', 'There is no active issuer with this id.');
}

async function withCertificate(em: EntityManager, issuer: Issuer): Promise<IssuerWithCertificate> {
  return (await withCertificates(em, [issuer]))[0]!;
}

/** The issuers, each with its certificate. */
export async function withCertificates(em: EntityManager, issuers: Issuer[]): Promise<IssuerWithCertificate[]> {
  const ids = [...new Set(issuers.map(({ certificateId }) => certificateId))];
  const rows = await em.find(Certificate, { id: { $in: ids } }, { fields: ['fingerprint', 'notAfter'] });
  const certificates = new Map(rows.map(({ id, fingerprint, notAfter }) => [id, { fingerprint, notAfter }]));
  return issuers.map((issuer) => ({ issuer, certificate: certificates.get(issuer.certificateId)! }));
}
