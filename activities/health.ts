// The health check of a worker's container: whether a worker of this host has asked Temporal for work lately.
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { loadConfig } from '../domain/config.ts';
import { connectionOptions } from '../domain/temporal-connection.ts';

/** A poll that finds no work lasts a minute. */
const LATELY_MS = 150_000;
const { TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

const config = loadConfig();
const connection = await Connection.connect(connectionOptions(config));
const polls = await Promise.all(
  config.queues.map((name) =>
    connection.workflowService.describeTaskQueue({
      namespace: config.temporal.namespace,
      taskQueue: { name },
      taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
    }),
  ),
);
const missing = config.queues.filter((_name, at) => !polls[at]!.pollers!.some(isOurs));
await connection.close();
if (missing.length > 0) process.stderr.write(`no worker of this host polls ${missing.join(', ')}\n`);
process.exit(missing.length > 0 ? 1 : 0);

/** A worker's identity is its process and its host. */
function isOurs({ identity, lastAccessTime }: proto.temporal.api.taskqueue.v1.IPollerInfo): boolean {
  const seenAt = Number(lastAccessTime?.seconds ?? 0) * 1000;
  return identity?.endsWith(`@${hostname()}`) === true && Date.now() - seenAt < LATELY_MS;
}
