import { MikroORM } from '@mikro-orm/postgresql';
import { loadConfig } from '../config.ts';
import { ormOptions } from './store.ts';

/** Brings the database up to the newest schema; does nothing when it is there. Returns the names of what ran. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, 1));
  try {
    return (await orm.migrator.up()).map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}

if (import.meta.main) {
  const ran = await migrate(loadConfig().databaseUrl);
  process.stdout.write(ran.length > 0 ? `migrated: ${ran.join(', ')}\n` : 'schema is current\n');
}
