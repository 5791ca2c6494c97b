import { openLine } from '../../dev/chaos/line.ts';
import type { Queue } from '../../domain/model/queues.ts';
import { startMortalProgram } from './mortal-program.ts';
import type { Stack } from './stack.ts';

/** A worker in a process of its own, which can be cut off from Temporal, and killed. */
export interface MortalWorker {
  /** Nothing that it does from now on is heard of; the database it still has. */
  cutOff(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** The worker of the product for some queues, on the servers of a stack. */
export async function startMortalWorker(stack: Stack, queues: readonly Queue[] = ['documents']): Promise<MortalWorker> {
  const line = await openLine(Number(stack.temporal.address.split(':')[1]));
  const program = await startMortalProgram(stack, 'activities', {
    TEMPORAL_ADDRESS: `127.0.0.1:${line.port}`,
    WORKER_QUEUES: queues.join(),
    LOG_LEVEL: 'silent',
  });
  return {
    cutOff: () => line.close(),
    async kill() {
      await program.kill();
      line.close();
    },
  };
}
