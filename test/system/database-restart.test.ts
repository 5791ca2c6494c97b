import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startPostgres } from '../../dev/embedded-postgres.ts';
import { migrate } from '../../domain/store/migrate.ts';
import { Store } from '../../domain/store/store.ts';

it(
  'connections that were lost within a transaction are made again when PostgreSQL is back',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comprobante-restart-'));
    chmodSync(folder, 0o711);
    const dir = join(folder, 'data');
    let server = await startPostgres({ dir });
    try {
      const { url, port } = server;
      await migrate(url);
      const store = await Store.open({ databaseUrl: url, poolSize: 2 });
      const cut = () =>
        store.asSystem(async (em) => {
          await em.execute('select 1');
          await server.stop();
          await em.execute('select 1');
        });
      await expect(Promise.all([cut(), cut()])).rejects.toThrow();
      server = await startPostgres({ dir, port });
      expect(server.port).toBe(port);
      const answers = await Promise.all(
        [1, 2, 3].map((number) => store.asSystem((em) => em.execute(`select ${number} as n`))),
      );
      expect(answers.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      await store.close();
    } finally {
      await server.stop();
      rmSync(realpathSync(dir), { recursive: true });
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
