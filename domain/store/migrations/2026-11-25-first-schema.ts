import { Migration } from '@mikro-orm/migrations';

/** Tables in an order that satisfies their references when read backwards. */
const tables = [
  'tenants',
  'outbox',
  'certificates',
  'issuers',
  'certificate_notices',
  'admin_audit',
  'logos',
  'sequences',
  'documents',
  'rides',
  'batches',
  'batch_lines',
  'notification_feeds',
  'notifications',
  'mails',
  'idempotency_keys',
  'document_events',
  'api_keys',
  'promotions',
  'tenant_events',
  'verification_tokens',
  'webhook_endpoints',
  'webhook_deliveries',
  'webhook_attempts',
  'webhook_replays',
];

/** Tables that belong to no tenant. */
const systemTables = ['rate_limits', 'idempotent_answers'];

/** What is never taken back: documents and their numbers, and the log of what happened to them. */
const RIGHTS: Record<string, string> = {
  documents: 'select, insert, update',
  document_events: 'select, insert',
  tenant_events: 'select, insert',
  admin_audit: 'select, insert',
  idempotency_keys: 'select, insert',
  batches: 'select, insert, update',
  batch_lines: 'select, insert, update',
};

/** The first schema: every table of the first release, its references, and who may see its rows. */
export class FirstSchema extends Migration {
  override up(): void {
    // Roles belong to the whole server, so another database of it may have made them already, even just now.
    for (const role of ['comprobante_tenant', 'comprobante_system']) {
      this.addSql(`do $$ begin
        create role ${role} nologin;
      exception when duplicate_object or unique_violation then null; end $$`);
      this.addSql(`do $$ begin
        execute format('grant ${role} to %I', current_user);
      exception when unique_violation then null; end $$`);
    }
    this.addSql(`create table "tenants" (
      "id" uuid not null,
      "email" varchar(320) not null,
      "status" varchar(32) not null,
      "tier" varchar(16) not null,
      "document_quota" int not null,
      "document_count" int not null default 0,
      "language" varchar(2) not null,
      "sandbox" boolean not null default true,
      "verification_redirect_url" varchar(2000) null,
      "verification_resent_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`alter table "tenants" add constraint "tenants_email_unique" unique ("email")`);
    this.addSql(`create table "outbox" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "kind" varchar(16) not null,
      "subject" varchar(49) not null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "outbox_created_at_index" on "outbox" ("created_at")`);
    this.addSql(`create table "certificates" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "fingerprint" varchar(64) not null,
      "subject" text not null,
      "ruc" varchar(13) null,
      "not_before" timestamptz(3) not null,
      "not_after" timestamptz(3) not null,
      "certificate" bytea not null,
      "sealed_key" bytea null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "certificates_tenant_id_index" on "certificates" ("tenant_id")`);
    this.addSql(`create table "issuers" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "certificate_id" uuid not null,
      "ruc" varchar(13) not null,
      "business_name" varchar(300) not null,
      "trade_name" varchar(300) null,
      "main_address" varchar(300) null,
      "branch_address" varchar(300) null,
      "branch_code" varchar(3) not null,
      "issue_point_code" varchar(3) not null,
      "special_taxpayer" varchar(13) null,
      "required_accounting" boolean not null,
      "withholding_agent" varchar(8) null,
      "rimpe" varchar(16) null,
      "large_taxpayer" varchar(300) null,
      "color" varchar(7) null,
      "document_types" text[] not null,
      "active" boolean not null default true,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "issuers_tenant_id_index" on "issuers" ("tenant_id")`);
    this.addSql(
      `alter table "issuers" add constraint "issuers_ruc_branch_code_issue_point_code_unique" unique ("ruc", "branch_code", "issue_point_code")`,
    );
    this.addSql(`create table "logos" (
      "issuer_id" uuid not null,
      "tenant_id" uuid not null,
      "media_type" varchar(10) not null,
      "image" bytea not null,
      primary key ("issuer_id")
    )`);
    this.addSql(`create table "certificate_notices" (
      "issuer_id" uuid not null,
      "certificate_id" uuid not null,
      "threshold" int not null,
      "tenant_id" uuid not null,
      "created_at" timestamptz(3) not null,
      primary key ("issuer_id", "certificate_id", "threshold")
    )`);
    this.addSql(`create table "admin_audit" (
      "id" uuid not null,
      "tenant_id" uuid null,
      "who" varchar(16) not null,
      "action" varchar(40) not null,
      "subject" uuid null,
      "detail" jsonb null,
      "request_id" varchar(64) not null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "admin_audit_tenant_id_id_index" on "admin_audit" ("tenant_id", "id")`);
    this.addSql(`create table "sequences" (
      "issuer_id" uuid not null,
      "environment" varchar(10) not null,
      "document_type" varchar(2) not null,
      "tenant_id" uuid not null,
      "next" int not null default 1,
      primary key ("issuer_id", "environment", "document_type")
    )`);
    this.addSql(`create table "documents" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "issuer_id" uuid not null,
      "environment" varchar(10) not null,
      "document_type" varchar(2) not null,
      "access_key" varchar(49) not null,
      "sequential" varchar(9) not null,
      "issue_date" date not null,
      "status" varchar(16) not null,
      "revision" int not null default 1,
      "auto_send" boolean not null default false,
      "total" numeric(14,2) not null,
      "buyer_id_type" varchar(2) not null,
      "buyer_id" varchar(20) not null,
      "buyer_name" varchar(300) not null,
      "buyer_search" text not null,
      "buyer_email" varchar(320) null,
      "modifies_id" uuid null,
      "body" jsonb not null,
      "issuer" jsonb not null,
      "format_version" varchar(8) not null,
      "unsigned_xml" bytea not null,
      "signed_xml" bytea null,
      "authorized_xml" bytea null,
      "authorization_number" varchar(49) null,
      "authorization_date" varchar(40) null,
      "sri_messages" jsonb null,
      "send_started_at" timestamptz(3) null,
      "silence_told_at" timestamptz(3) null,
      "received_at" timestamptz(3) null,
      "email_status" varchar(10) not null,
      "email_sent_at" timestamptz(3) null,
      "email_error" varchar(500) null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`alter table "documents" add constraint "documents_access_key_unique" unique ("access_key")`);
    this.addSql(
      `create index "documents_notes_index" on "documents" ("modifies_id", "id") where modifies_id is not null`,
    );
    this.addSql(
      `create index "documents_issuer_id_environment_issue_date_id_index" on "documents" ("issuer_id", "environment", "issue_date", "id")`,
    );
    this.addSql(
      `create index "documents_issuer_id_environment_status_issue_date_id_index" on "documents" ("issuer_id", "environment", "status", "issue_date", "id")`,
    );
    this.addSql(
      `create index "documents_issuer_id_environment_buyer_search_id_index" on "documents" ("issuer_id", "environment", "buyer_search", "id")`,
    );
    this.addSql(
      `create index "documents_unsent_mail_index" on "documents" ("issuer_id", "environment", "updated_at") where status = 'AUTHORIZED' and email_status in ('PENDING', 'FAILED')`,
    );
    this.addSql(`create index "documents_status_updated_at_index" on "documents" ("status", "updated_at")`);
    this.addSql(
      `alter table "documents" add constraint "documents_issuer_id_environment_document_type_sequential_unique" unique ("issuer_id", "environment", "document_type", "sequential")`,
    );
    this.addSql(`create table "rides" (
      "document_id" uuid not null,
      "template_version" int not null,
      "format" varchar(8) not null,
      "tenant_id" uuid not null,
      "pdf" bytea not null,
      "created_at" timestamptz(3) not null,
      primary key ("document_id", "template_version", "format")
    )`);
    this.addSql(`create table "batches" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "issuer_id" uuid not null,
      "environment" varchar(10) not null,
      "status" varchar(10) not null,
      "total" int not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(
      `create index "batches_issuer_id_environment_id_index" on "batches" ("issuer_id", "environment", "id")`,
    );
    this.addSql(`create table "batch_lines" (
      "batch_id" uuid not null,
      "line" int not null,
      "tenant_id" uuid not null,
      "request" bytea null,
      "outcome" varchar(10) null,
      "document_id" uuid null,
      "replayed" boolean not null default false,
      "refusal" json null,
      primary key ("batch_id", "line")
    )`);
    this.addSql(
      `create index "batch_lines_batch_id_outcome_line_index" on "batch_lines" ("batch_id", "outcome", "line")`,
    );
    this.addSql(`create table "notification_feeds" (
      "tenant_id" uuid not null,
      "version" bigint not null,
      "disabled_types" text[] not null,
      primary key ("tenant_id")
    )`);
    this.addSql(`create table "notifications" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "issuer_id" uuid null,
      "sequence" bigint not null,
      "version" bigint not null,
      "merge_key" varchar(100) null,
      "type" varchar(32) not null,
      "severity" varchar(8) not null,
      "title" varchar(200) not null,
      "message" varchar(1000) not null,
      "metadata" jsonb null,
      "read_at" timestamptz(3) null,
      "expires_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(
      `alter table "notifications" add constraint "notifications_tenant_id_sequence_unique" unique ("tenant_id", "sequence")`,
    );
    this.addSql(
      `alter table "notifications" add constraint "notifications_tenant_id_version_unique" unique ("tenant_id", "version")`,
    );
    this.addSql(
      `create index "notifications_tenant_id_merge_key_sequence_index" on "notifications" ("tenant_id", "merge_key", "sequence")`,
    );
    this.addSql(`create index "notifications_tenant_id_read_at_index" on "notifications" ("tenant_id", "read_at")`);
    this.addSql(`create table "mails" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "document_id" uuid null,
      "kind" varchar(16) not null,
      "recipient" varchar(320) not null,
      "sealed_content" bytea null,
      "status" varchar(10) not null,
      "error" varchar(500) null,
      "claimed_by" uuid null,
      "claimed_until" timestamptz(3) null,
      "sent_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "mails_document_id_index" on "mails" ("document_id")`);
    this.addSql(`create table "idempotency_keys" (
      "issuer_id" uuid not null,
      "environment" varchar(10) not null,
      "key" varchar(255) not null,
      "tenant_id" uuid not null,
      "body_hash" bytea not null,
      "document_id" uuid not null,
      "created_at" timestamptz(3) not null,
      primary key ("issuer_id", "environment", "key")
    )`);
    this.addSql(`create table "document_events" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "document_id" uuid not null,
      "event_type" varchar(24) not null,
      "from_status" varchar(16) null,
      "to_status" varchar(16) null,
      "detail" jsonb null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "document_events_document_id_id_index" on "document_events" ("document_id", "id")`);
    this.addSql(`create table "api_keys" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "hash" bytea not null,
      "hint" varchar(8) not null,
      "label" varchar(100) null,
      "environment" varchar(10) not null,
      "created_at" timestamptz(3) not null,
      "last_used_at" timestamptz(3) null,
      "revoked_at" timestamptz(3) null,
      "mirror_of" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "api_keys_tenant_id_index" on "api_keys" ("tenant_id")`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_hash_unique" unique ("hash")`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_mirror_of_unique" unique ("mirror_of")`);
    this.addSql(`create table "promotions" (
      "tenant_id" uuid not null,
      "offer_id" uuid not null,
      "asked_by" uuid null,
      "created_at" timestamptz(3) not null,
      primary key ("tenant_id")
    )`);
    this.addSql(`create table "tenant_events" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "event_type" varchar(32) not null,
      "detail" jsonb null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "tenant_events_tenant_id_id_index" on "tenant_events" ("tenant_id", "id")`);
    this.addSql(`create table "verification_tokens" (
      "hash" bytea not null,
      "tenant_id" uuid not null,
      "expires_at" timestamptz(3) not null,
      "used_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null,
      primary key ("hash")
    )`);
    this.addSql(`create table "webhook_endpoints" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "url" varchar(2000) not null,
      "event_types" text[] not null,
      "sealed_secret" bytea not null,
      "previous_sealed_secret" bytea null,
      "previous_secret_until" timestamptz(3) null,
      "active" boolean not null default true,
      "failing_since" timestamptz(3) null,
      "deleted_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "webhook_endpoints_tenant_id_index" on "webhook_endpoints" ("tenant_id")`);
    this.addSql(`create table "webhook_deliveries" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "endpoint_id" uuid not null,
      "document_id" uuid null,
      "position" bigint null,
      "type" varchar(32) not null,
      "body" text not null,
      "status" varchar(10) not null,
      "attempts" int not null default 0,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "webhook_deliveries_document_id_index" on "webhook_deliveries" ("document_id")`);
    this.addSql(`create index "webhook_deliveries_endpoint_id_id_index" on "webhook_deliveries" ("endpoint_id", "id")`);
    this.addSql(
      `create index "webhook_deliveries_endpoint_id_status_id_index" on "webhook_deliveries" ("endpoint_id", "status", "id")`,
    );
    this.addSql(`create table "webhook_attempts" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "delivery_id" uuid not null,
      "attempt" int not null,
      "outcome" varchar(16) not null,
      "status_code" int null,
      "error" varchar(300) null,
      "answer" text null,
      "duration_ms" int not null,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "webhook_attempts_delivery_id_id_index" on "webhook_attempts" ("delivery_id", "id")`);
    this.addSql(`create table "webhook_replays" (
      "id" uuid not null,
      "tenant_id" uuid not null,
      "endpoint_id" uuid not null,
      "status" varchar(10) not null,
      "window_from" timestamptz(3) not null,
      "window_to" timestamptz(3) not null,
      "delivery_status" varchar(10) not null,
      "total" int not null,
      "done" int not null default 0,
      "last_delivery_id" uuid null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(
      `create index "webhook_replays_endpoint_id_status_index" on "webhook_replays" ("endpoint_id", "status")`,
    );
    // Unlogged: a request counted costs no wait for the disk, and a crash forgives what was counted.
    this.addSql(`create unlogged table "rate_limits" (
      "key" varchar(255) not null,
      "points" int not null default 0,
      "expire" bigint null,
      primary key ("key")
    )`);
    this.addSql(`create table "idempotent_answers" (
      "scope" varchar(100) not null,
      "operation" varchar(64) not null,
      "key" varchar(255) not null,
      "request_hash" bytea not null,
      "sealed_answer" bytea null,
      "created_at" timestamptz(3) not null,
      "expires_at" timestamptz(3) not null,
      primary key ("scope", "operation", "key")
    )`);
    this.addSql(`create index "idempotent_answers_expires_at_index" on "idempotent_answers" ("expires_at")`);
    this.addSql(
      `alter table "outbox" add constraint "outbox_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "certificates" add constraint "certificates_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "issuers" add constraint "issuers_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "issuers" add constraint "issuers_certificate_id_foreign" foreign key ("certificate_id") references "certificates" ("id")`,
    );
    this.addSql(
      `alter table "logos" add constraint "logos_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "logos" add constraint "logos_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "certificate_notices" add constraint "certificate_notices_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id")`,
    );
    this.addSql(
      `alter table "certificate_notices" add constraint "certificate_notices_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "admin_audit" add constraint "admin_audit_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "sequences" add constraint "sequences_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id")`,
    );
    this.addSql(
      `alter table "sequences" add constraint "sequences_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "documents" add constraint "documents_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "documents" add constraint "documents_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id")`,
    );
    this.addSql(
      `alter table "rides" add constraint "rides_document_id_foreign" foreign key ("document_id") references "documents" ("id")`,
    );
    this.addSql(
      `alter table "rides" add constraint "rides_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "batches" add constraint "batches_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "batches" add constraint "batches_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id")`,
    );
    this.addSql(
      `alter table "batch_lines" add constraint "batch_lines_batch_id_foreign" foreign key ("batch_id") references "batches" ("id")`,
    );
    this.addSql(
      `alter table "batch_lines" add constraint "batch_lines_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "batch_lines" add constraint "batch_lines_document_id_foreign" foreign key ("document_id") references "documents" ("id") on delete set null deferrable initially deferred`,
    );
    this.addSql(
      `alter table "notifications" add constraint "notifications_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "notifications" add constraint "notifications_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "notification_feeds" add constraint "notification_feeds_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "mails" add constraint "mails_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "mails" add constraint "mails_document_id_foreign" foreign key ("document_id") references "documents" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "idempotency_keys" add constraint "idempotency_keys_issuer_id_foreign" foreign key ("issuer_id") references "issuers" ("id")`,
    );
    this.addSql(
      `alter table "idempotency_keys" add constraint "idempotency_keys_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "idempotency_keys" add constraint "idempotency_keys_document_id_foreign" foreign key ("document_id") references "documents" ("id") deferrable initially deferred`,
    );
    this.addSql(
      `alter table "document_events" add constraint "document_events_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "document_events" add constraint "document_events_document_id_foreign" foreign key ("document_id") references "documents" ("id")`,
    );
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "promotions" add constraint "promotions_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "tenant_events" add constraint "tenant_events_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "verification_tokens" add constraint "verification_tokens_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "webhook_endpoints" add constraint "webhook_endpoints_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_endpoint_id_foreign" foreign key ("endpoint_id") references "webhook_endpoints" ("id")`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_document_id_foreign" foreign key ("document_id") references "documents" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "webhook_replays" add constraint "webhook_replays_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "webhook_replays" add constraint "webhook_replays_endpoint_id_foreign" foreign key ("endpoint_id") references "webhook_endpoints" ("id")`,
    );
    this.addSql(
      `alter table "webhook_attempts" add constraint "webhook_attempts_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")`,
    );
    this.addSql(
      `alter table "webhook_attempts" add constraint "webhook_attempts_delivery_id_foreign" foreign key ("delivery_id") references "webhook_deliveries" ("id")`,
    );
    for (const table of tables) {
      const owner = table === 'tenants' ? 'id' : 'tenant_id';
      const mine = `${owner} = nullif(current_setting('app.tenant_id', true), '')::uuid`;
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(
        `create policy "tenant_rows" on "${table}" to "comprobante_tenant" using (${mine}) with check (${mine})`,
      );
      this.addSql(`create policy "system_rows" on "${table}" to "comprobante_system" using (true) with check (true)`);
      this.addSql(
        `grant ${RIGHTS[table] ?? 'select, insert, update, delete'} on "${table}" to comprobante_tenant, comprobante_system`,
      );
    }
    for (const table of systemTables) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(`create policy "system_rows" on "${table}" to "comprobante_system" using (true) with check (true)`);
      this.addSql(`grant select, insert, update, delete on "${table}" to comprobante_tenant, comprobante_system`);
    }
    // Whether the schema is current is asked in the system role.
    this.addSql('grant select on "schema_migrations" to comprobante_system');
    this.addSql(`create function "documents_guard"() returns trigger language plpgsql as $$
    begin
      if (new.id, new.tenant_id, new.issuer_id, new.environment, new.document_type, new.access_key, new.sequential, new.issue_date)
        is distinct from
        (old.id, old.tenant_id, old.issuer_id, old.environment, old.document_type, old.access_key, old.sequential, old.issue_date) then
        raise exception 'a document never changes its key, number, issuer, type or date';
      end if;
      if old.status = 'AUTHORIZED' and
        (new.status, new.revision, new.signed_xml, new.authorized_xml, new.authorization_number, new.authorization_date)
        is distinct from
        (old.status, old.revision, old.signed_xml, old.authorized_xml, old.authorization_number, old.authorization_date) then
        raise exception 'an authorized document never changes';
      end if;
      return new;
    end $$`);
    this.addSql(
      `create trigger "documents_guard" before update on "documents" for each row execute function "documents_guard"()`,
    );
  }

  /** The roles stay: they may serve another database of the same server. */
  override down(): void {
    for (const table of [...tables, ...systemTables].toReversed()) this.addSql(`drop table "${table}" cascade`);
    this.addSql('drop function "documents_guard"()');
  }
}
