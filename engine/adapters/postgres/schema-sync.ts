/**
 * The tables of records, outbox, batches, budget and mirrors. Raw and mirrored JSON is `jsonb`; JSON that is hashed, shown
 * or sent is `json`, which keeps the order of keys, so that a repeated request has the very bytes of the first.
 */
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  pgView,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Held, Hold } from "../../core/hold.ts";
import type { Identity, Lineage, PlannedDocument, Resource } from "../../core/plan.ts";
import type { PostedDocument } from "../../core/plan-input.ts";
import type { CanonicalSale } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import type { DocumentState, RecordState } from "../../core/state.ts";
import type { CatalogueProduct, DocumentError, LedgerDocument, RawSale } from "../../ports.ts";

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

/** One store bound to one ledger organisation; its id is in every table, key, route and command. */
export const connections = pgTable("connections", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  environment: text("environment").$type<"sandbox" | "production">().notNull(),
  /** What the delivery key is made of: lasting names of the store and of the organisation, never a URL with a port. */
  storeId: text("store_id").notNull(),
  organisationId: text("organisation_id").notNull(),
  storeUrl: text("store_url").notNull(),
  ledgerName: text("ledger_name").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** One source record: what was read of it last. Its state is derived from its documents (`recordStates`). */
export const records = pgTable(
  "records",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    sourceType: text("source_type").$type<"order" | "invoice" | "creditmemo">().notNull(),
    sourceId: text("source_id").notNull(),
    /** The store's increment id: what people call the order. */
    number: text("number").notNull(),
    revision: text("revision").notNull(),
    raw: jsonb("raw").$type<RawSale>().notNull(),
    sale: jsonb("sale").$type<CanonicalSale>(),
    /** Why it waits for a person, before any document of the present revision was made. */
    hold: json("hold").$type<Held>(),
    /** Anomalies of this order that a person has accepted. */
    accepted: json("accepted").$type<readonly Hold[]>(),
    currency: text("currency"),
    total: numeric("total", { precision: 20, scale: 4 }),
    placedAt: instant("placed_at"),
    storeState: text("store_state"),
    paymentMethod: text("payment_method"),
    createdAt: instant("created_at").notNull(),
    changedAt: instant("changed_at").notNull(),
  },
  (table) => [
    uniqueIndex("records_source").on(table.connectionId, table.sourceType, table.sourceId),
    index("records_number").on(table.connectionId, table.number),
    index("records_placed").on(table.connectionId, table.placedAt, table.id),
    index("records_changed").on(table.connectionId, table.changedAt, table.id),
    index("records_in_summary")
      .on(table.connectionId, table.placedAt, table.id)
      .where(sql`hold ->> 'hold' = 'inDaySummary'`),
  ],
);

/** The outbox: one row per document, found by its delivery key for ever. */
export const documents = pgTable(
  "documents",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    /** sha256 of store, organisation, kind, source type, source id, part and generation; never of the content. */
    deliveryKey: text("delivery_key").notNull(),
    identity: json("identity").$type<Identity>().notNull(),
    step: text("step").notNull(),
    resource: text("resource").$type<Resource>().notNull(),
    lookup: json("lookup").$type<PlannedDocument["lookup"]>(),
    body: json("body").$type<{ [key: string]: Json }>().notNull(),
    lineage: json("lineage").$type<Readonly<Record<string, Lineage>>>().notNull(),
    currency: text("currency"),
    /** What the plan says the document comes to; null for contacts. */
    total: numeric("total", { precision: 20, scale: 4 }),
    specVersion: integer("spec_version").notNull(),
    state: text("state").$type<DocumentState>().notNull(),
    /** 1 at first; grows with every new body and with every new try after a refusal. */
    attempt: integer("attempt").notNull().default(1),
    /** Transport failures in a row; the wait before the next send grows with it. */
    setbacks: integer("setbacks").notNull().default(0),
    notBefore: instant("not_before").notNull(),
    /** The batch that it is in, or was in last: the fence of every settling move. */
    batchId: text("batch_id"),
    error: json("error").$type<DocumentError>(),
    hold: json("hold").$type<Held>(),
    /** The id that the ledger gave, and the document as the ledger answered it: the receipt. */
    ledgerDocumentId: text("ledger_document_id"),
    answer: jsonb("answer").$type<LedgerDocument>(),
    createdAt: instant("created_at").notNull(),
    changedAt: instant("changed_at").notNull(),
    deliveredAt: instant("delivered_at"),
  },
  (table) => [
    uniqueIndex("documents_delivery_key").on(table.deliveryKey),
    index("documents_queued")
      .on(table.connectionId, table.resource, table.createdAt, table.id)
      .where(sql`state = 'queued'`),
    index("documents_batch").on(table.batchId),
    index("documents_changed").on(table.connectionId, table.changedAt),
  ],
);

/** What must be delivered before a document: `step` is what the lineage calls the other one. */
export const documentAfter = pgTable(
  "document_after",
  {
    documentId: text("document_id")
      .notNull()
      .references(() => documents.id),
    afterId: text("after_id")
      .notNull()
      .references(() => documents.id),
    step: text("step").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.afterId] }),
    index("document_after_other").on(table.afterId),
  ],
);

/** Which documents a record has; a contact is shared by all orders of its customer. */
export const recordDocuments = pgTable(
  "record_documents",
  {
    recordId: text("record_id")
      .notNull()
      .references(() => records.id),
    documentId: text("document_id")
      .notNull()
      .references(() => documents.id),
    position: integer("position").notNull(),
    /** Of the invoice of a day's summary: what the record has in it. */
    share: json("share").$type<PostedDocument["share"]>(),
  },
  (table) => [
    primaryKey({ columns: [table.recordId, table.documentId] }),
    index("record_documents_other").on(table.documentId),
  ],
);

/** `open`: sent or about to be; `unknown`: no answer came, to be looked up; `settled`: every member has moved on. */
export type BatchState = "open" | "unknown" | "settled";

/** One write to the ledger, frozen before its first byte: members, bodies, key and the time by which it must be over. */
export const batches = pgTable(
  "batches",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    resource: text("resource").$type<Resource>().notNull(),
    /** Document ids, in the order of `bodies`. */
    members: json("members").$type<readonly string[]>().notNull(),
    /** The bodies as sent, ids filled in. */
    bodies: json("bodies").$type<readonly Json[]>().notNull(),
    /** Answers so far; part of the Idempotency-Key, so that a timeout repeats the key and an answer does not. */
    answered: integer("answered").notNull().default(0),
    /** How often it was sent. */
    sends: integer("sends").notNull().default(1),
    state: text("state").$type<BatchState>().notNull(),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at").notNull(),
    /** From `sentAt`: until it has passed the request may still reach the ledger, and nothing is sent again. */
    timeoutMs: integer("timeout_ms").notNull(),
    settledAt: instant("settled_at"),
  },
  (table) => [index("batches_unsettled").on(table.connectionId, table.state)],
);

/** The call budget of one ledger organisation, shared by all workers; the row is also the lock. */
export const budgets = pgTable("budgets", {
  organisationId: text("organisation_id").primaryKey(),
  minuteMs: integer("minute_ms").notNull(),
  dayMs: integer("day_ms").notNull(),
  minuteLimit: integer("minute_limit").notNull(),
  dayLimit: integer("day_limit").notNull(),
  inFlightLimit: integer("in_flight_limit").notNull(),
  /** Calls of each minute that background work leaves to live orders. */
  reserve: integer("reserve").notNull(),
  blockedUntil: instant("blocked_until"),
  blockedBy: text("blocked_by"),
  /** What the ledger's own headers said was left, and when. */
  toldDayLeft: integer("told_day_left"),
  toldAt: instant("told_at"),
});

/** One call each, for the rolling windows; a lease says that it is still in flight. */
export const budgetCalls = pgTable(
  "budget_calls",
  {
    id: text("id").primaryKey(),
    organisationId: text("organisation_id")
      .notNull()
      .references(() => budgets.organisationId),
    at: instant("at").notNull(),
    leaseUntil: instant("lease_until"),
  },
  (table) => [index("budget_calls_at").on(table.organisationId, table.at)],
);

/** What we hold of the world besides records: the organisation (`org`), its items and the shop's lists (`profile`). */
export const mirrors = pgTable(
  "mirrors",
  {
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    kind: text("kind").$type<"org" | "profile" | "items">().notNull(),
    content: json("content").$type<Json>().notNull(),
    asOf: instant("as_of").notNull(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.kind] })],
);

/** The catalogue mirror: what orders do not carry. `product` is null for a sku that the store does not know. */
export const catalogueProducts = pgTable(
  "catalogue_products",
  {
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    sku: text("sku").notNull(),
    product: jsonb("product").$type<CatalogueProduct>(),
    asOf: instant("as_of").notNull(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.sku] })],
);

/** How far the sweep has come: every order changed up to `passedTo` has been seen. */
export const sweeps = pgTable("sweeps", {
  connectionId: text("connection_id")
    .primaryKey()
    .references(() => connections.id),
  passedTo: instant("passed_to"),
  ranAt: instant("ran_at"),
});

/** A record's state, worst first as in core/state.ts; a db test holds the two together. */
export const recordStates = pgView("record_states", {
  recordId: text("record_id").notNull(),
  connectionId: text("connection_id").notNull(),
  state: text("state").$type<RecordState>().notNull(),
}).as(sql`
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
  group by r.id`);
