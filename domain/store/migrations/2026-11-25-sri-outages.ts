import { Migration } from '@mikro-orm/migrations';

/** How SRI's services are doing, and which documents wait for one of them. */
export class SriOutages extends Migration {
  override up(): void {
    this.addSql(`create table "sri_health" (
      "host" varchar(255) not null,
      "service" varchar(16) not null,
      "failures" int not null default 0,
      "failing_since" timestamptz(3) null,
      "last_failure" varchar(16) null,
      "asked_at" timestamptz(3) null,
      "away" boolean not null default false,
      primary key ("host", "service")
    )`);
    this.addSql('alter table "sri_health" enable row level security');
    this.addSql('alter table "sri_health" force row level security');
    this.addSql('create policy "system_rows" on "sri_health" to "comprobante_system" using (true) with check (true)');
    this.addSql('grant select, insert, update, delete on "sri_health" to comprobante_tenant, comprobante_system');
    this.addSql(`alter table "documents"
      add column "waits_for" varchar(16) null,
      add column "waits_at" varchar(255) null,
      add column "waits_since" timestamptz(3) null`);
    this.addSql(
      'create index "documents_waiting_index" on "documents" ("waits_at", "waits_for") where waits_at is not null',
    );
  }

  override down(): void {
    this.addSql('drop table "sri_health"');
    this.addSql('alter table "documents" drop column "waits_for", drop column "waits_at", drop column "waits_since"');
  }
}
