import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Queue } from '../domain/model/queues.ts';
import type { ActivityDeps } from './deps.ts';
import { failures } from './failures.ts';
import { heartbeats } from './heartbeat.ts';
import { createActivities } from './index.ts';

/** What each queue may do at once in one process; the server divides SRI's rate among all workers. */
const LIMITS: Record<Queue, Partial<WorkerOptions>> = {
  documents: {
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 20,
    maxConcurrentActivityTaskExecutions: 5,
    maxCachedWorkflows: 500,
  },
  sri: { maxConcurrentActivityTaskExecutions: 50, maxTaskQueueActivitiesPerSecond: 100 },
  // As many as the printer has pages.
  render: { maxConcurrentActivityTaskExecutions: 2 },
  delivery: { maxConcurrentActivityTaskExecutions: 50 },
  // Each is a batch that takes processor time from whoever sells at the till.
  bulk: { maxConcurrentActivityTaskExecutions: 2 },
};

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  queues: readonly Queue[];
  deps: ActivityDeps;
  /** Bundled workflows; else they are bundled from source. */
  workflowBundle?: WorkerOptions['workflowBundle'];
}

/** One worker a queue; only `documents` runs workflows. */
export function createWorkers({
  connection,
  namespace,
  queues,
  deps,
  workflowBundle,
}: WorkersOptions): Promise<Worker[]> {
  const activities = createActivities(deps);
  return Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection,
        namespace,
        taskQueue,
        activities,
        interceptors: { activity: [failures, heartbeats] },
        // What has begun may end: a signature, a letter to SRI, a page in print.
        shutdownGraceTime: '25s',
        shutdownForceTime: '30s',
        ...LIMITS[taskQueue],
        ...(taskQueue === 'documents' ? workflows(workflowBundle) : {}),
      }),
    ),
  );
}

function workflows(workflowBundle: WorkerOptions['workflowBundle']): Partial<WorkerOptions> {
  if (workflowBundle !== undefined) return { workflowBundle };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) };
}
