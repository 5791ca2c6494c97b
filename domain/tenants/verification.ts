import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { VerificationMailContent } from '../format/mail/mails.ts';
import { Refusal } from '../refusal.ts';
import { Mail, OutboxMessage } from '../store/entities/delivery.ts';
import { Tenant, VerificationToken } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';

const TOKEN_BYTES = 32;
const TOKEN_LIFE_MS = 24 * 3_600_000;

/** Context under which the content of a mail is sealed. */
export const mailSealContext = (mailId: string) => `mails:${mailId}:sealed_content`;

/** Writes the token, the mail with its link, and the promise to send it. Returns the mail's id. */
export function writeVerification(
  ctx: TenantContext,
  em: EntityManager,
  tenant: Pick<Tenant, 'id' | 'email' | 'language' | 'verificationRedirectUrl'>,
  businessName: string,
): string {
  const { id: tenantId, email, language, verificationRedirectUrl } = tenant;
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const link = new URL(verificationRedirectUrl ?? `${ctx.publicUrl}/v1/verify-email`);
  link.searchParams.set('token', token);
  const content: VerificationMailContent = { language, businessName, link: link.href };
  const mailId = v7();
  em.create(VerificationToken, {
    hash: hashOf(token),
    tenantId,
    expiresAt: new Date(ctx.clock().getTime() + TOKEN_LIFE_MS),
  });
  em.create(Mail, {
    id: mailId,
    tenantId,
    kind: 'verification',
    recipient: email,
    sealedContent: ctx.sealer.seal(Buffer.from(JSON.stringify(content)), mailSealContext(mailId)),
    status: 'PENDING',
  });
  em.create(OutboxMessage, { tenantId, kind: 'mail', subject: mailId });
  return mailId;
}

/**
 * Proves an e-mail address: the tenant becomes ACTIVE. Mail programs open links before people do, so the token that
 * made the tenant active answers the same again.
 * @param token 64 hex digits
 * @throws Refusal INVALID_OR_EXPIRED_TOKEN, ACCOUNT_SUSPENDED
 */
export async function verifyEmail(ctx: TenantContext, token: string): Promise<Tenant> {
  return ctx.store.asSystem(async (em) => {
    const found = await em.findOne(VerificationToken, { hash: hashOf(token) });
    const now = ctx.clock();
    if (found === null || (found.usedAt === null && found.expiresAt < now)) {
      throw new Refusal('INVALID_OR_EXPIRED_TOKEN', 'The link is not valid or has expired; ask for a new one.');
    }
    const tenant = await em.findOneOrFail(Tenant, found.tenantId);
    if (tenant.status === 'SUSPENDED') throw new Refusal('ACCOUNT_SUSPENDED', 'The account is suspended.');
    tenant.status = 'ACTIVE';
    found.usedAt ??= now;
    return tenant;
  });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
