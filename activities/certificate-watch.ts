import { Context } from '@temporalio/activity';
import { checkCertificates } from '../domain/certificates/watch.ts';
import { mailStart } from '../workflows/contract.ts';
import { alignSchedule } from './certificate-schedule.ts';
import type { ActivityDeps } from './deps.ts';
import { startDeliveries } from './start-deliveries.ts';

/** The watch over certificates. */
export function certificateActivities({ store, sealer, client, clock }: ActivityDeps) {
  return {
    /**
     * Tells a tenant of each certificate that has passed a threshold, once. What an attempt has written and not started
     * is in the outbox.
     * @returns how many mails and webhooks were started
     */
    async watchCertificates(tenantId: string): Promise<number> {
      const { mails, deliveries } = await checkCertificates({ store, sealer }, tenantId, clock());
      for (const mailId of mails) {
        await client.workflow.start('mailWorkflow', mailStart(mailId, tenantId));
        Context.current().heartbeat();
      }
      await startDeliveries(client, tenantId, deliveries);
      return mails.length + deliveries.length;
    },

    /** One that is missing is made; one that differs from the tenant's status is paused or resumed. */
    alignCertificateSchedule(tenantId: string): Promise<void> {
      return alignSchedule(store, client, tenantId);
    },
  };
}
