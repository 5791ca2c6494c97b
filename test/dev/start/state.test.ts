import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { State } from '../../../dev/start/state.ts';

describe('the state between starts', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comprobante-state-'));
    file = join(folder, 'state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps secrets, authority and tenant, for its owner alone', () => {
    const first = new State(file);
    first.keepTenant({ id: 't', apiKey: 'k', issuerId: 'i' });
    const second = new State(file);
    expect(second.secrets).toEqual(first.secrets);
    expect(second.authority.certificatePem).toBe(first.authority.certificatePem);
    expect(second.tenant).toEqual({ id: 't', apiKey: 'k', issuerId: 'i' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(second.secrets.adminSecret.length).toBeGreaterThanOrEqual(32);
  });

  it('keeps ports where they are free', async () => {
    const port = await new State(file).port('sri');
    expect(await new State(file).port('sri')).toBe(port);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      const moved = await new State(file).port('sri');
      expect(moved).not.toBe(port);
      expect(await new State(file).port('sri')).toBe(moved);
    } finally {
      other.close();
    }
  });
});
