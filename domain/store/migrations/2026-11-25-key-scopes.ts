import { Migration } from '@mikro-orm/migrations';

/** What an API key is limited to. Those that are there keep everything. */
export class KeyScopes extends Migration {
  override up(): void {
    this.addSql('alter table "api_keys" add column "scopes" text[] null');
  }

  override down(): void {
    this.addSql('alter table "api_keys" drop column "scopes"');
  }
}
