import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';

const folder = new URL('../histories/', import.meta.url);
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));

Runtime.install({ logger: new DefaultLogger('WARN') });

/** Every history that was ever recorded, as `<release>/<name>.json`; those of the version in progress are in `next`. */
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

describe('the workflows of today', () => {
  it('have the histories of each release', () => {
    const releases = names.map((name) => name.split('/')[0]);
    expect(releases.filter((release) => release === '0.1.0')).toHaveLength(13);
  });

  it('go on with every history that was ever recorded', async () => {
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
