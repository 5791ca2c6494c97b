import type { EntityManager } from '@mikro-orm/postgresql';
import type { NotificationType } from '../store/entities/delivery.ts';
import type { Language } from '../store/entities/tenant.ts';

interface FeedRow {
  version: string;
  disabled_types: NotificationType[];
  language: Language;
}

/**
 * Takes the number of the next change of a tenant's notifications, and holds the feed until the transaction ends: a
 * greater number is never visible before a smaller one. Tells what belongs to the writing of one, too.
 */
export async function nextVersion(
  em: EntityManager,
  tenantId: string,
): Promise<{ version: number; disabledTypes: NotificationType[]; language: Language }> {
  const [row] = await em.execute<FeedRow[]>(
    `insert into notification_feeds (tenant_id, version, disabled_types) values (?, 1, '{}')
     on conflict (tenant_id) do update set version = notification_feeds.version + 1
     returning version, disabled_types, (select language from tenants where id = tenant_id) as language`,
    [tenantId],
  );
  const { version, disabled_types: disabledTypes, language } = row!;
  return { version: Number(version), disabledTypes, language };
}
