import { ApplicationFailure } from '@temporalio/activity';
import { dueEffects, openRow } from '../domain/documents/process.ts';
import { RIDE_TEMPLATE_VERSION } from '../domain/format/ride/template.ts';
import type { DocumentStatus } from '../domain/model/document.ts';
import type { ActivityDeps } from './deps.ts';
import { documentSigner } from './sign.ts';

/** PostgreSQL and the signature; local activities, as long as they are short. */
export function storeActivities(deps: ActivityDeps) {
  const { store, tenantOf } = deps;
  const sign = documentSigner(deps);
  return {
    /** Reads the document's row and signs it if it waits for that. */
    async openDocument(accessKey: string): Promise<DocumentStatus> {
      const { status, refused } = await openRow(store, accessKey, sign);
      if (refused !== undefined) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
      return status;
    },

    /** What the document's outcome still owes: the printed form, mails, webhook deliveries. */
    async effectsDue(accessKey: string): Promise<{ ride: boolean; mails: string[]; deliveries: string[] }> {
      return dueEffects(store, await tenantOf(accessKey), accessKey, RIDE_TEMPLATE_VERSION);
    },
  };
}
