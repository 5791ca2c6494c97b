import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';

const folder = new URL('../histories/', import.meta.url);
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));

Runtime.install({ logger: new DefaultLogger('WARN') });

describe('the workflows of today', () => {
  it('go on with every history that was ever recorded', async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.toSorted()).toEqual(
      expect.arrayContaining([
        'authorized.json',
        'not-authorized.json',
        'returned-then-rebuilt.json',
        'sri-down-then-back.json',
      ]),
    );
    const histories = names.map((name) => ({
      workflowId: name,
      history: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown,
    }));
    const replayed: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowsPath }, histories)) {
      expect(error, workflowId).toBeUndefined();
      replayed.push(workflowId);
    }
    expect(replayed.toSorted()).toEqual(names.toSorted());
  });
});
