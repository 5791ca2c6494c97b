import { Context, log } from '@temporalio/activity';
import { type BatchProgress, issuePortion } from '../domain/batches/issue.ts';
import { documentFacts } from '../domain/documents/summary.ts';
import { batchDocumentStart } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { documentSigner } from './sign.ts';
import { startDeliveries } from './start-deliveries.ts';

/** Attempts after which what keeps a line from being issued is taken for the line's own fault. */
const PATIENCE = 5;

/** Batches of documents. */
export function batchActivities(deps: ActivityDeps) {
  const { documents, client } = deps;
  const sign = documentSigner(deps);
  return {
    /** Issues the next lines of a batch. */
    async issueLines(batchId: string): Promise<Pick<BatchProgress, 'status' | 'done' | 'total'>> {
      const { tenantId, promised, ...progress } = await issuePortion(documents, batchId, {
        sign,
        async onSendable(sendable) {
          const starts = sendable.map((document) => batchDocumentStart(documentFacts(document)));
          try {
            await Promise.all(starts.map((start) => client.workflow.start('documentWorkflow', start)));
          } catch (error) {
            log.warn('documents of a batch are left to the reconciliation', { batchId, error: (error as Error).name });
          }
        },
        lastTry: Context.current().info.attempt >= PATIENCE,
        onFailure(line, error) {
          log.error('a line of a batch could not be issued', { batchId, line, error: (error as Error).name });
        },
      });
      await startDeliveries(client, tenantId, promised);
      return progress;
    },
  };
}
