import type { EntityManager } from '@mikro-orm/postgresql';
import { OutboxMessage } from '../store/entities/delivery.ts';

/**
 * Promises that the tenant's certificate schedule will follow its status. For every transaction that makes a tenant,
 * suspends it or lets it go on.
 */
export function promiseSchedule(em: EntityManager, tenantId: string): void {
  em.create(OutboxMessage, { tenantId, kind: 'schedule', subject: tenantId });
}
