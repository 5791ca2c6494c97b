import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { registerSearchAttributes } from '../../activities/namespace.ts';
import type { TemporalPlace } from './temporal.ts';

/** A Temporal server of its own whose clock can be moved on: three days pass in seconds. */
export async function skippedTime(): Promise<TemporalPlace & { pass(duration: string): Promise<void> }> {
  const { timeSkippingServer: path } = inject('servers');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const namespace = environment.namespace ?? 'default';
  await registerSearchAttributes(environment.client, namespace);
  return {
    address: environment.address,
    namespace,
    client: environment.client,
    connection: environment.nativeConnection,
    pass: (duration) => environment.sleep(duration as `${number}h`),
    close: () => environment.teardown(),
  };
}
