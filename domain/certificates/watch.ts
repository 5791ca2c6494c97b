import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { CertificateMailContent } from '../format/mail/mails.ts';
import { createNotification, dismissNotification } from '../notifications/create.ts';
import { nextVersion } from '../notifications/feed.ts';
import { Mail, Notification, OutboxMessage } from '../store/entities/delivery.ts';
import { Certificate, Issuer } from '../store/entities/issuer.ts';
import { type Language, Tenant } from '../store/entities/tenant.ts';
import type { Sealer } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';
import { mailSealContext } from '../tenants/verification.ts';
import { noticeKey } from './dismiss.ts';
import { daysRemaining, kindOf, thresholdOf } from './expiry.ts';
import { expiryText } from './texts.ts';

/** What the outbox promises after a check: ids of mails and of webhook deliveries. */
export interface Promised {
  mails: string[];
  deliveries: string[];
}

interface Watched {
  issuer: Issuer;
  certificateId: string;
  notAfter: Date;
  days: number;
  title: string;
  message: string;
}

/**
 * Looks at the certificate of each active issuer of a tenant. One that has passed a threshold is told of once: by its
 * notification, with its webhooks, and by mail. Between thresholds the notification is kept up to date, quietly, and one
 * whose certificate has been renewed is dismissed. However often it is done on a day, nothing is told twice.
 */
export async function checkCertificates(
  { store, sealer }: { store: Store; sealer: Sealer },
  tenantId: string,
  now: Date,
): Promise<Promised> {
  return store.asTenant(tenantId, async (em) => {
    const { status, email } = await em.findOneOrFail(Tenant, tenantId);
    if (status === 'SUSPENDED') return { mails: [], deliveries: [] };
    // Checks at one time come one after the other, and nobody reads a notification or renews a certificate meanwhile.
    const { language, disabledTypes } = await nextVersion(em, tenantId);
    const unread = await unreadOf(em, tenantId);
    const deliveries: string[] = [];
    const told: Watched[] = [];
    for (const watched of await watchedOf(em, tenantId, language, now)) {
      const { issuer, days } = watched;
      const shown = unread.get(issuer.id);
      const threshold = thresholdOf(days);
      if (threshold === undefined) {
        if (shown) await dismissNotification(em, tenantId, noticeKey(issuer.id));
        continue;
      }
      if (disabledTypes.includes(kindOf(days).type)) continue;
      const first = await isFirst(em, watched, threshold, now);
      if (!first && (!shown || says(shown, watched))) continue;
      deliveries.push(...(await tell(em, watched, first, now)));
      if (first) told.push(watched);
    }
    // An address that is not proven is nobody's to write to.
    const mails = status === 'ACTIVE' ? writeMails(em, sealer, told, { email, language }) : [];
    return { mails, deliveries };
  });
}

async function unreadOf(em: EntityManager, tenantId: string): Promise<Map<string, Notification>> {
  const rows = await em.find(Notification, {
    tenantId,
    readAt: null,
    type: { $in: ['CERT_EXPIRING', 'CERT_EXPIRED'] },
  });
  return new Map(rows.map((row) => [row.issuerId ?? '', row]));
}

async function watchedOf(em: EntityManager, tenantId: string, language: Language, now: Date): Promise<Watched[]> {
  const issuers = await em.find(Issuer, { tenantId, active: true }, { orderBy: { id: 'asc' } });
  const certificates = await em.find(Certificate, { tenantId }, { fields: ['notAfter'] });
  const ends = new Map(certificates.map(({ id, notAfter }) => [id, notAfter]));
  return issuers.map((issuer) => {
    const { certificateId, ruc } = issuer;
    const notAfter = ends.get(certificateId)!;
    const days = daysRemaining(notAfter, now);
    const facts = { notAfter, days, over: notAfter <= now, ruc, issuePoint: issuePointOf(issuer) };
    return { issuer, certificateId, notAfter, days, ...expiryText(language, facts) };
  });
}

const issuePointOf = ({ branchCode, issuePointCode }: Issuer) => `${branchCode}-${issuePointCode}`;

/** Whether the threshold is passed for the first time with this certificate; from now on it is not. */
async function isFirst(
  em: EntityManager,
  { issuer, certificateId }: Watched,
  threshold: number,
  now: Date,
): Promise<boolean> {
  const rows = await em.execute<object[]>(
    `insert into certificate_notices (issuer_id, certificate_id, threshold, tenant_id, created_at) values (?, ?, ?, ?, ?)
     on conflict do nothing returning threshold`,
    [issuer.id, certificateId, threshold, issuer.tenantId, now],
  );
  return rows.length > 0;
}

function says({ title, message, metadata }: Notification, watched: Watched): boolean {
  return title === watched.title && message === watched.message && metadata?.['daysRemaining'] === watched.days;
}

async function tell(em: EntityManager, watched: Watched, first: boolean, now: Date): Promise<string[]> {
  const { issuer, notAfter, days, title, message } = watched;
  const { id: issuerId, tenantId, branchCode, issuePointCode } = issuer;
  const metadata = { issuerId, certExpiry: notAfter.toISOString(), daysRemaining: days, branchCode, issuePointCode };
  return createNotification(em, {
    tenantId,
    issuerId,
    ...kindOf(days),
    merge: { key: noticeKey(issuerId), again: first ? 'announce' : 'quiet' },
    write: () => ({ title, message, metadata }),
    at: now,
  });
}

/** One mail a certificate, whichever issuers use it. */
function writeMails(
  em: EntityManager,
  sealer: Sealer,
  told: readonly Watched[],
  { email, language }: { email: string; language: Language },
): string[] {
  return Object.values(Object.groupBy(told, ({ certificateId }) => certificateId)).map((watched) => {
    const { issuer, title, notAfter } = watched![0]!;
    const { tenantId, businessName, ruc } = issuer;
    const issuePoints = watched!.map((one) => issuePointOf(one.issuer));
    const content: CertificateMailContent = {
      language,
      title,
      businessName,
      ruc,
      issuePoints,
      notAfter: notAfter.toISOString(),
    };
    const id = v7();
    em.create(Mail, {
      id,
      tenantId,
      kind: 'certificate',
      recipient: email,
      sealedContent: sealer.seal(Buffer.from(JSON.stringify(content)), mailSealContext(id)),
      status: 'PENDING',
    });
    em.create(OutboxMessage, { tenantId, kind: 'mail', subject: id });
    return id;
  });
}
