import { Migration } from '@mikro-orm/migrations';

/** What is still to be delivered is found without going through all that ever was, which each sweep would. */
export class OpenWork extends Migration {
  override up(): void {
    this.addSql(`create index "mails_pending_index" on "mails" ("updated_at") where status = 'PENDING'`);
    this.addSql(
      `create index "webhook_deliveries_open_index" on "webhook_deliveries" ("updated_at") where status in ('PENDING', 'RETRYING')`,
    );
  }

  override down(): void {
    this.addSql('drop index "webhook_deliveries_open_index"');
    this.addSql('drop index "mails_pending_index"');
  }
}
