import { Client, Connection } from '@temporalio/client';
import type { Store } from '../../domain/store/store.ts';
import type { Product } from './product.ts';

/** How much of each is still on its way. */
export type Unsettled = Record<'documents' | 'mails' | 'webhooks' | 'messages' | 'workflows', number>;

const COUNTS = `
  select
    (select count(*)::int from documents where status <> 'AUTHORIZED') as documents,
    (select count(*)::int from mails where status = 'PENDING') as mails,
    (select count(*)::int from webhook_deliveries where status in ('PENDING', 'RETRYING')) as webhooks,
    (select count(*)::int from outbox) as messages`;

const RUNNING = `ExecutionStatus = 'Running' AND WorkflowType IN ('documentWorkflow', 'webhookWorkflow', 'mailWorkflow')`;

/** @throws while the database or Temporal does not answer. */
export async function unsettled(store: Store, { temporal }: Product): Promise<Unsettled> {
  const [rows] = await store.lookUp<Omit<Unsettled, 'workflows'>>(COUNTS, []);
  const { address, namespace } = temporal;
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    const { count } = await new Client({ connection, namespace }).workflow.count(RUNNING);
    return { ...rows!, workflows: count };
  } finally {
    await connection.close();
  }
}
