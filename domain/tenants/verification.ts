import { createHash, randomBytes } from 'node:crypto';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { VerificationMailContent } from '../format/mail/mails.ts';
import type { FieldProblem } from '../model/document.ts';
import { Refusal } from '../refusal.ts';
import { Mail, OutboxMessage } from '../store/entities/delivery.ts';
import { Issuer } from '../store/entities/issuer.ts';
import { Tenant, VerificationToken } from '../store/entities/tenant.ts';
import type { TenantContext } from './context.ts';
import { writeTenantEvent } from './events.ts';
import { lockTenant } from './locked-tenant.ts';

const TOKEN_BYTES = 32;
const TOKEN_LIFE_MS = 24 * 3_600_000;
/** Between two mails that an account asks for. */
const COOLDOWN_MS = 60_000;

/** Context under which the content of a mail is sealed. */
export const mailSealContext = (mailId: string) => `mails:${mailId}:sealed_content`;

/** What is wrong with the page that the link in the mail is to lead to. */
export function redirectProblems(url: string | undefined, appEnv: TenantContext['appEnv']): FieldProblem[] {
  if (url === undefined || mayRedirectTo(url, appEnv)) return [];
  const message = appEnv === 'production' ? 'must be an https:// URL' : 'must be an https:// or http:// URL';
  return [{ field: 'verificationRedirectUrl', message, value: url }];
}

function mayRedirectTo(text: string, appEnv: TenantContext['appEnv']): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && appEnv === 'staging')) && username === '' && password === ''
  );
}

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
 * Writes another mail for an account that waits for its verification; the links of earlier ones end. For an address that
 * nobody has registered nothing happens, and the caller is not to tell.
 * @returns the mail, if there is one
 * @throws Refusal VALIDATION_FAILED, ACCOUNT_SUSPENDED, ALREADY_VERIFIED, RESEND_COOLDOWN
 */
export async function resendVerification(
  ctx: TenantContext,
  { email, verificationRedirectUrl }: { email: string; verificationRedirectUrl?: string },
): Promise<{ mailId: string; tenantId: string } | undefined> {
  const problems = redirectProblems(verificationRedirectUrl, ctx.appEnv);
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The request is not acceptable.', problems);
  return ctx.store.asSystem(async (em) => {
    const lockMode = LockMode.PESSIMISTIC_WRITE;
    const tenant = await em.findOne(Tenant, { email: email.toLowerCase() }, { lockMode });
    if (tenant === null) return undefined;
    const { id: tenantId } = tenant;
    if (tenant.status === 'SUSPENDED') throw new Refusal('ACCOUNT_SUSPENDED', 'The account is suspended.');
    if (tenant.status === 'ACTIVE') throw new Refusal('ALREADY_VERIFIED', 'The e-mail address is verified already.');
    assertCool(tenant, ctx.clock());
    tenant.verificationResentAt = ctx.clock();
    if (verificationRedirectUrl !== undefined) tenant.verificationRedirectUrl = verificationRedirectUrl;
    await em.nativeDelete(VerificationToken, { tenantId });
    await em.nativeUpdate(
      Mail,
      { tenantId, kind: 'verification', status: 'PENDING' },
      { status: 'FAILED', error: 'a later mail has taken its place', updatedAt: ctx.clock() },
    );
    const [issuer] = await em.find(Issuer, { tenantId }, { orderBy: { id: 'asc' }, limit: 1 });
    return { mailId: writeVerification(ctx, em, tenant, issuer?.businessName ?? tenant.email), tenantId };
  });
}

function assertCool({ verificationResentAt }: Tenant, now: Date): void {
  if (!verificationResentAt) return;
  const wait = Math.ceil((verificationResentAt.getTime() + COOLDOWN_MS - now.getTime()) / 1_000);
  if (wait > 0) throw new Refusal('RESEND_COOLDOWN', `Another mail can be asked for in ${wait} seconds.`, [], wait);
}

/**
 * Proves an e-mail address: the tenant becomes ACTIVE. Mail programs open links before people do, so the token of a link
 * answers the same again; what is sent on purpose may be held to once.
 * @param token 64 hex digits
 * @throws Refusal INVALID_OR_EXPIRED_TOKEN, ACCOUNT_SUSPENDED
 */
export async function verifyEmail(
  ctx: TenantContext,
  token: string,
  { once = false }: { once?: boolean } = {},
): Promise<Tenant> {
  return ctx.store.asSystem(async (em) => {
    const hash = hashOf(token);
    const issued = await em.findOne(VerificationToken, { hash }, { fields: ['tenantId'] });
    // The account is locked before its tokens are looked at, as it is by whoever replaces them.
    const tenant = issued === null ? null : await lockTenant(em, issued.tenantId);
    const found = await em.findOne(VerificationToken, { hash }, { refresh: true });
    const now = ctx.clock();
    if (tenant === null || found === null || !(isFresh(found, now) || (found.usedAt && !once))) {
      throw new Refusal('INVALID_OR_EXPIRED_TOKEN', 'The link is not valid or has expired; ask for a new one.');
    }
    if (tenant.status === 'SUSPENDED') throw new Refusal('ACCOUNT_SUSPENDED', 'The account is suspended.');
    found.usedAt ??= now;
    if (tenant.status === 'PENDING_VERIFICATION') {
      tenant.status = 'ACTIVE';
      writeTenantEvent(em, tenant.id, 'EMAIL_VERIFIED');
    }
    return tenant;
  });
}

/** The address that a token proves, unless it has been used or its time is over. Changes nothing. */
export async function addressOfToken(ctx: TenantContext, token: string): Promise<string | undefined> {
  return ctx.store.asSystem(async (em) => {
    const found = await em.findOne(VerificationToken, { hash: hashOf(token) });
    if (found === null || !isFresh(found, ctx.clock())) return undefined;
    return (await em.findOneOrFail(Tenant, found.tenantId)).email;
  });
}

function isFresh({ usedAt, expiresAt }: VerificationToken, now: Date): boolean {
  return !usedAt && expiresAt >= now;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
