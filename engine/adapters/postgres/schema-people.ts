/** The tables of what people decide and say: specs, proposals, audit, tokens and chats. */
import {
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Proposal, ProposalState, Role } from "../../api.ts";
import type { MappingSpec } from "../../core/mapping.ts";
import type { Json } from "../../core/shapes.ts";
import { connections, instant } from "./schema-sync.ts";

/** Published specs are immutable: a change, and a rollback too, is a new version. */
export const specs = pgTable(
  "specs",
  {
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    version: integer("version").notNull(),
    spec: json("spec").$type<MappingSpec>().notNull(),
    publishedAt: instant("published_at").notNull(),
    publishedBy: text("published_by").notNull(),
    note: text("note").notNull(),
    proposalId: text("proposal_id"),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.version] })],
);

export const proposals = pgTable(
  "proposals",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id),
    kind: text("kind").$type<Proposal["kind"]>().notNull(),
    title: text("title").notNull(),
    baseVersion: integer("base_version").notNull(),
    edits: json("edits").$type<Proposal["edits"]>().notNull(),
    questions: json("questions").$type<Proposal["questions"]>().notNull(),
    candidate: json("candidate").$type<MappingSpec>(),
    document: json("document").$type<NonNullable<Proposal["document"]>>(),
    replay: json("replay").$type<NonNullable<Proposal["replay"]>>(),
    digest: text("digest").notNull(),
    state: text("state").$type<ProposalState>().notNull(),
    /** Whether text that buyers wrote was in the session that made it. */
    tainted: boolean("tainted").notNull().default(false),
    proposedBy: text("proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
    decisionNote: text("decision_note"),
    publishedVersion: integer("published_version"),
  },
  (table) => [index("proposals_state").on(table.connectionId, table.state, table.proposedAt)],
);

/** Who did what, appended and never changed. */
export const audit = pgTable(
  "audit",
  {
    id: text("id").primaryKey(),
    at: instant("at").notNull(),
    connectionId: text("connection_id"),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    action: text("action").notNull(),
    subject: text("subject").notNull(),
    detail: jsonb("detail").$type<Json>().notNull(),
  },
  (table) => [index("audit_at").on(table.connectionId, table.at)],
);

/** Who may call: the token itself is never stored, only its sha256. */
export const tokens = pgTable(
  "tokens",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    role: text("role").$type<Role>().notNull(),
    tokenHash: text("token_hash").notNull(),
    /** Null when it is good for every connection. */
    connectionId: text("connection_id").references(() => connections.id),
    createdAt: instant("created_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [uniqueIndex("tokens_hash").on(table.tokenHash)],
);

export const chatSessions = pgTable("chat_sessions", {
  id: text("id").primaryKey(),
  connectionId: text("connection_id")
    .notNull()
    .references(() => connections.id),
  tokenId: text("token_id"),
  title: text("title"),
  /** Set once text that buyers wrote has been shown in it; never cleared. */
  tainted: boolean("tainted").notNull().default(false),
  createdAt: instant("created_at").notNull(),
});

/** What was said and done in a chat, in order; `seq` is the id of the server-sent event. */
export const chatEvents = pgTable(
  "chat_events",
  {
    sessionId: text("session_id")
      .notNull()
      .references(() => chatSessions.id),
    seq: integer("seq").notNull(),
    kind: text("kind").notNull(),
    content: json("content").$type<Json>().notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.seq] })],
);
