// What a create at rest costs beside the least that Temporal allows: an update-with-start of a workflow that does one
// local activity which does nothing. Both in turn, one at a time, against the same servers.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { startChild } from '../dev/child.ts';
import { answer, type bareWorkflow } from './bare-workflow.ts';
import { openHouse } from './house.ts';

const ROUNDS = 200;
const WARM_UP = 30;
/** Between two measurements, so that each finds everything at rest. */
const REST_MS = 30;

const house = await openHouse();
const bareWorker = await startChild({
  name: 'bare worker',
  program: process.execPath,
  args: [fileURLToPath(new URL('./bare-worker.ts', import.meta.url)), house.temporalAddress, house.namespace],
  logFile: join(tmpdir(), 'comprobante-bare-worker.log'),
});
const connection = await Connection.connect({ address: house.temporalAddress });
const client = new Client({ connection, namespace: house.namespace });

async function bare(): Promise<void> {
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof bareWorkflow>('bareWorkflow', {
    workflowId: `bare-${randomUUID()}`,
    taskQueue: 'bare',
    workflowIdConflictPolicy: 'FAIL',
  });
  await client.workflow.executeUpdateWithStart(answer, { startWorkflowOperation });
}

async function create(): Promise<void> {
  const sold = await house.shop.sell({}, { 'idempotency-key': randomUUID() });
  if (sold.status !== 201 || sold.body.document.status !== 'SIGNED') throw new Error(`create answers ${sold.status}`);
}

try {
  const times = { bare: [] as number[], create: [] as number[] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [name, work] of [
      ['bare', bare],
      ['create', create],
    ] as const) {
      const started = performance.now();
      await work();
      if (round >= 0) times[name].push(performance.now() - started);
      await delay(REST_MS);
    }
  }
  const at = (name: keyof typeof times, part: number) =>
    times[name].toSorted((a, b) => a - b)[Math.floor(ROUNDS * part)]!;
  console.log(`${ROUNDS} of each, one at a time`);
  for (const [name, part] of [
    ['median', 0.5],
    ['p90', 0.9],
  ] as const) {
    const [least, ours] = [at('bare', part), at('create', part)];
    console.log(
      `${name}: bare ${least.toFixed(1)} ms, create ${ours.toFixed(1)} ms, ratio ${(ours / least).toFixed(2)}`,
    );
  }
} finally {
  await bareWorker.stop();
  await connection.close();
  await house.close();
}
