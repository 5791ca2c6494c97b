import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'vitest';

/** Stack traces name files; where this checkout lies is nobody's business. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Those of the version in progress; a release gives them its number. */
const NEXT = new URL('../histories/next/', import.meta.url);

/**
 * The history of a workflow's latest run, once it has ended. `UPDATE_HISTORIES=1` keeps it for
 * test/workflows/replay.test.ts: one that was kept is replaced only when its workflow is meant to change, and one of a
 * release never.
 */
export async function keepHistory(client: Client, name: string, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  const history = await handle.fetchHistory();
  expect(history.events!.length).toBeGreaterThan(5);
  if (process.env['UPDATE_HISTORIES'] === undefined) return;
  mkdirSync(NEXT, { recursive: true });
  writeFileSync(new URL(`${name}.json`, NEXT), `${historyToJSON(history).replaceAll(ROOT, '')}\n`);
}
