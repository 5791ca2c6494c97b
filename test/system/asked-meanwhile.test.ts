import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { advance } from '../../workflows/contract.ts';
import { freshNamespace, type TemporalPlace } from '../support/temporal.ts';

const KEY = '2511202601171003406500110010010000000011234567811';

let temporal: TemporalPlace;
let worker: Worker;
let running: Promise<void>;
let row = 'NOT_AUTHORIZED';
let answer: Promise<string> | undefined;

/** The caller rebuilds the document, and asks for its signature, just when the refusal is being announced. */
async function rebuild(): Promise<void> {
  row = 'SIGNED';
  answer = temporal.client.workflow.getHandle(KEY).executeUpdate(advance, { args: [['CREATED']] });
  await sleep(300);
}

beforeAll(async () => {
  temporal = await freshNamespace();
  worker = await Worker.create({
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue: 'documents',
    workflowBundle: { codePath: inject('servers').workflowBundle },
    activities: {
      openDocument: () => row,
      async effectsDue() {
        if (answer === undefined) await rebuild();
        return { ride: false, mails: [], deliveries: ['of-the-refusal'] };
      },
    },
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await temporal.close();
});

it('a request that comes while an outcome is announced is answered, and does not lock the document', async () => {
  const life = await temporal.client.workflow.start('documentWorkflow', {
    workflowId: KEY,
    taskQueue: 'documents',
    args: [KEY],
  });
  expect(await life.result()).toBe('SIGNED');
  expect(await answer).toBe('SIGNED');
});
