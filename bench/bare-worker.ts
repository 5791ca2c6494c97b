import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

// node bare-worker.ts ADDRESS NAMESPACE: works off the queue `bare` until it is stopped.
Runtime.install({ logger: new DefaultLogger('WARN') });
const [address, namespace] = process.argv.slice(2) as [string, string];
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace,
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
  activities: { nothing: async () => 'nothing' },
});
await worker.run();
