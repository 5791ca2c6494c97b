import type { EntityManager } from '@mikro-orm/postgresql';
import { dismissNotification } from '../notifications/create.ts';
import { Issuer } from '../store/entities/issuer.ts';

/** What an issuer's one notification of its certificate is found by. */
export const noticeKey = (issuerId: string) => `certificate:${issuerId}`;

/**
 * Marks the unread notification of an issuer's certificate as read: it has another one now. For the transaction that
 * changes the certificate.
 */
export async function dismissCertificateNotifications(em: EntityManager, issuerId: string): Promise<void> {
  const { tenantId } = await em.findOneOrFail(Issuer, issuerId);
  await dismissNotification(em, tenantId, noticeKey(issuerId));
}
