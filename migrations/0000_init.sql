CREATE TABLE "audit" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"connection_id" text,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_events" (
	"session_id" text NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"content" json NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "chat_events_session_id_seq_pk" PRIMARY KEY("session_id","seq")
);
--> statement-breakpoint
CREATE TABLE "chat_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"token_id" text,
	"title" text,
	"tainted" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"base_version" integer NOT NULL,
	"edits" json NOT NULL,
	"questions" json NOT NULL,
	"candidate" json,
	"document" json,
	"replay" json,
	"digest" text NOT NULL,
	"state" text NOT NULL,
	"tainted" boolean DEFAULT false NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"decision_note" text,
	"published_version" integer
);
--> statement-breakpoint
CREATE TABLE "specs" (
	"connection_id" text NOT NULL,
	"version" integer NOT NULL,
	"spec" json NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	"note" text NOT NULL,
	"proposal_id" text,
	CONSTRAINT "specs_connection_id_version_pk" PRIMARY KEY("connection_id","version")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"connection_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"resource" text NOT NULL,
	"members" json NOT NULL,
	"bodies" json NOT NULL,
	"answered" integer DEFAULT 0 NOT NULL,
	"sends" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"timeout_ms" integer NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "budget_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"organisation_id" text PRIMARY KEY NOT NULL,
	"minute_ms" integer NOT NULL,
	"day_ms" integer NOT NULL,
	"minute_limit" integer NOT NULL,
	"day_limit" integer NOT NULL,
	"in_flight_limit" integer NOT NULL,
	"reserve" integer NOT NULL,
	"blocked_until" timestamp (3) with time zone,
	"blocked_by" text,
	"told_day_left" integer,
	"told_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "catalogue_products" (
	"connection_id" text NOT NULL,
	"sku" text NOT NULL,
	"product" jsonb,
	"as_of" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "catalogue_products_connection_id_sku_pk" PRIMARY KEY("connection_id","sku")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"store_id" text NOT NULL,
	"organisation_id" text NOT NULL,
	"store_url" text NOT NULL,
	"ledger_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_after" (
	"document_id" text NOT NULL,
	"after_id" text NOT NULL,
	"step" text NOT NULL,
	CONSTRAINT "document_after_document_id_after_id_pk" PRIMARY KEY("document_id","after_id")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"delivery_key" text NOT NULL,
	"identity" json NOT NULL,
	"step" text NOT NULL,
	"resource" text NOT NULL,
	"lookup" json,
	"body" json NOT NULL,
	"lineage" json NOT NULL,
	"currency" text,
	"total" numeric(20, 4),
	"spec_version" integer NOT NULL,
	"state" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"setbacks" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"batch_id" text,
	"error" json,
	"hold" json,
	"ledger_document_id" text,
	"answer" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mirrors" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"content" json NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mirrors_connection_id_kind_pk" PRIMARY KEY("connection_id","kind")
);
--> statement-breakpoint
CREATE TABLE "record_documents" (
	"record_id" text NOT NULL,
	"document_id" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "record_documents_record_id_document_id_pk" PRIMARY KEY("record_id","document_id")
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"source_type" text NOT NULL,
	"source_id" text NOT NULL,
	"number" text NOT NULL,
	"revision" text NOT NULL,
	"raw" jsonb NOT NULL,
	"sale" jsonb,
	"hold" json,
	"currency" text,
	"total" numeric(20, 4),
	"placed_at" timestamp (3) with time zone,
	"store_state" text,
	"payment_method" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sweeps" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"passed_to" timestamp (3) with time zone,
	"ran_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "chat_events" ADD CONSTRAINT "chat_events_session_id_chat_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."chat_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_sessions" ADD CONSTRAINT "chat_sessions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "specs" ADD CONSTRAINT "specs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_calls" ADD CONSTRAINT "budget_calls_organisation_id_budgets_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."budgets"("organisation_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalogue_products" ADD CONSTRAINT "catalogue_products_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_after" ADD CONSTRAINT "document_after_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_after" ADD CONSTRAINT "document_after_after_id_documents_id_fk" FOREIGN KEY ("after_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mirrors" ADD CONSTRAINT "mirrors_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_documents" ADD CONSTRAINT "record_documents_record_id_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."records"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_documents" ADD CONSTRAINT "record_documents_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "records" ADD CONSTRAINT "records_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sweeps" ADD CONSTRAINT "sweeps_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("connection_id","at");--> statement-breakpoint
CREATE INDEX "proposals_state" ON "proposals" USING btree ("connection_id","state","proposed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "batches_unsettled" ON "batches" USING btree ("connection_id","state");--> statement-breakpoint
CREATE INDEX "budget_calls_at" ON "budget_calls" USING btree ("organisation_id","at");--> statement-breakpoint
CREATE INDEX "document_after_other" ON "document_after" USING btree ("after_id");--> statement-breakpoint
CREATE UNIQUE INDEX "documents_delivery_key" ON "documents" USING btree ("delivery_key");--> statement-breakpoint
CREATE INDEX "documents_queued" ON "documents" USING btree ("connection_id","resource","created_at","id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "documents_batch" ON "documents" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "documents_changed" ON "documents" USING btree ("connection_id","changed_at");--> statement-breakpoint
CREATE INDEX "record_documents_other" ON "record_documents" USING btree ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "records_source" ON "records" USING btree ("connection_id","source_type","source_id");--> statement-breakpoint
CREATE INDEX "records_number" ON "records" USING btree ("connection_id","number");--> statement-breakpoint
CREATE INDEX "records_placed" ON "records" USING btree ("connection_id","placed_at","id");--> statement-breakpoint
CREATE INDEX "records_changed" ON "records" USING btree ("connection_id","changed_at","id");--> statement-breakpoint
CREATE VIEW "public"."record_states" AS (
  select r.id as record_id, r.connection_id,
    case
      when r.hold is not null then 'held'
      when count(d.id) = 0 then 'received'
      when bool_or(d.state = 'held') then 'held'
      when bool_or(d.state = 'failed') then 'failed'
      when bool_or(d.state = 'uncertain') then 'uncertain'
      when bool_or(d.state = 'drifted') then 'drifted'
      when bool_or(d.state = 'delivering') then 'delivering'
      when bool_or(d.state = 'queued') then 'queued'
      else 'posted'
    end as state
  from records r
  left join record_documents rd on rd.record_id = r.id
  left join documents d on d.id = rd.document_id
  group by r.id);