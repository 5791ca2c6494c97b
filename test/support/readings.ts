import { expect, vi } from 'vitest';
import type { Store } from '../../domain/store/store.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** What a statement reads, by the plan that the database ran it with. */
export interface Reading {
  kinds: string[];
  /** Rows of the table that were looked at. */
  looked: number;
}

/** Runs some work, and then each of its statements on a table once more, as a tenant, explained. */
export async function readings(
  { store, tenantId, table }: { store: Store; tenantId: string; table: string },
  work: () => Promise<unknown>,
): Promise<Reading[]> {
  const execute = vi.spyOn(store.orm.em.getConnection(), 'execute');
  await work();
  const mentions = new RegExp(`from "?${table}"?`);
  const statements = execute.mock.calls.flatMap(([sql, params]) =>
    typeof sql === 'string' && mentions.test(sql) ? [{ sql, params }] : [],
  );
  execute.mockRestore();
  expect(statements.length).toBeGreaterThan(0);
  return store.asTenant(tenantId, async (em) => {
    const found: Reading[] = [];
    for (const { sql, params } of statements) {
      const [row] = await em.execute<[{ 'QUERY PLAN': [{ Plan: PlanNode }] }]>(
        `explain (analyze, format json) ${sql}`,
        params,
      );
      const nodes = nodesOf(row['QUERY PLAN'][0].Plan);
      const scans = nodes.filter((node) => node['Relation Name'] === table);
      found.push({
        kinds: nodes.map((node) => node['Node Type']),
        looked: scans.reduce(
          (rows, node) => rows + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
          0,
        ),
      });
    }
    return found;
  });
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
