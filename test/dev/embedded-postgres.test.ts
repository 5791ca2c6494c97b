import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, startTemporaryPostgres } from '../../dev/embedded-postgres.ts';
import { moduleUrl, startParent } from './parent.ts';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'comprobante-cluster-'));
    chmodSync(folder, 0o711);
  });
  afterAll(() => {
    rmSync(realpathSync(join(folder, 'data')), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on with what was committed when it is killed with its parent', async () => {
    const dir = join(folder, 'data');
    const parent = await startParent<string>(`
      import { startPostgres } from '${moduleUrl('dev/embedded-postgres.ts')}';
      console.log(JSON.stringify((await startPostgres({ dir: ${JSON.stringify(dir)} })).url));
    `);
    await execute(parent.said, `create table kept as select 'sí' as answer`);
    await parent.kill();

    const again = await startPostgres({ dir, port: Number(new URL(parent.said).port), fast: true });
    try {
      expect(await execute(again.url, 'select answer from kept')).toEqual([{ answer: 'sí' }]);
      expect(new URL(again.url).hostname).toBe('127.0.0.1');
    } finally {
      await again.stop();
    }
    expect(await again.child.ended).toBe('exit code 0');
  });

  it('takes another port when the preferred one is not free', async () => {
    const first = await startTemporaryPostgres();
    try {
      const second = await startPostgres({ dir: join(folder, 'data'), port: first.port, fast: true });
      await second.stop();
      expect(second.port).not.toBe(first.port);
    } finally {
      await first.stop();
    }
  });
});

async function execute(clientUrl: string, sql: string): Promise<unknown> {
  const options = { driver: PostgreSqlDriver, clientUrl, entities: [], discovery: { warnWhenNoEntities: false } };
  const orm = await MikroORM.init(options);
  try {
    return await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close(true);
  }
}
