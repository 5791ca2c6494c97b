import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleWorkflows } from '../../dev/check-bundle.ts';

const bundle = (path: string) => bundleWorkflows(fileURLToPath(new URL(path, import.meta.url)));

describe('the check of the workflow bundle', () => {
  it('refuses zod, and what is not a workflow’s to import', async () => {
    const { refused } = await bundle('unfit-workflows.ts');
    expect(refused).toContain('domain/refusal.ts');
    expect(refused.some((name) => name.startsWith('node_modules/zod/'))).toBe(true);
  });

  it('takes ours', async () => {
    const { refused, bytes } = await bundle('../../workflows/index.ts');
    expect(refused).toEqual([]);
    expect(bytes).toBeLessThan(2_000_000);
  });
});
