import { Migration } from '@mikro-orm/migrations';

/** Finds the mails whose content is sealed, which a rotation of the encryption keys looks for among all. */
export class SealedMails extends Migration {
  override up(): void {
    this.addSql('create index "mails_sealed_index" on "mails" ("id") where sealed_content is not null');
  }

  override down(): void {
    this.addSql('drop index "mails_sealed_index"');
  }
}
