import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { prepareNamespace } from '../../activities/namespace.ts';

/** What client and worker need of a Temporal server. */
export interface TemporalPlace {
  address: string;
  namespace: string;
  client: Client;
  connection: NativeConnection;
  close(): Promise<void>;
}

/** A namespace of its own on the shared server, with our search attributes and the reconciliation's schedule. */
export async function freshNamespace(): Promise<TemporalPlace> {
  const { temporalAddress: address } = inject('servers');
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const clientConnection = await Connection.connect({ address });
  await clientConnection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const client = new Client({ connection: clientConnection, namespace });
  await prepareNamespace(client, namespace);
  const connection = await NativeConnection.connect({ address });
  return {
    address,
    namespace,
    client,
    connection,
    async close() {
      await connection.close();
      await clientConnection.close();
    },
  };
}
