import { Client, Connection } from '@temporalio/client';
import { type Finding, integrityFindings } from '../../domain/admin/integrity.ts';
import { Store } from '../../domain/store/store.ts';
import { mailFindings, sriFindings, webhookFindings } from './surroundings.ts';
import { workflowFindings } from './workflows.ts';

/** What is compared; what is not named is left out. */
export interface AuditPlaces {
  databaseUrl: string;
  temporal?: { address: string; namespace: string };
  /** Control address of the simulator of SRI. */
  sriControl?: string;
  mailboxDir?: string;
  webhooksDir?: string;
}

/** Some questions are about every document that there is. */
const PATIENCE_MS = 600_000;

/** Everything that is lost, doubled or stuck; what has not moved since then is stuck. */
export async function findingsIn(places: AuditPlaces, since: Date): Promise<Finding[]> {
  const { databaseUrl, temporal, sriControl, mailboxDir, webhooksDir } = places;
  const store = await Store.open({ databaseUrl, poolSize: 2, silentMs: PATIENCE_MS });
  try {
    const parts = await Promise.all([
      integrityFindings(store, since),
      temporal === undefined ? [] : withTemporal(temporal, workflowFindings),
      sriControl === undefined ? [] : sriFindings(store, sriControl),
      mailboxDir === undefined ? [] : mailFindings(store, mailboxDir),
      webhooksDir === undefined ? [] : webhookFindings(store, webhooksDir),
    ]);
    return parts.flat();
  } finally {
    await store.close();
  }
}

async function withTemporal<T>(
  { address, namespace }: { address: string; namespace: string },
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}
