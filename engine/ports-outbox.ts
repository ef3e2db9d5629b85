/** The outbox as a port: documents on their way, and the moves between their states. */

import type { Held } from "./core/hold.ts";
import type { RefusalKind } from "./core/ledger-messages.ts";
import type { Identity, Lineage, Resource } from "./core/plan.ts";
import type { PostedDocument } from "./core/plan-input.ts";
import type { Json } from "./core/shapes.ts";
import type { DocumentState } from "./core/state.ts";
import type { LedgerDocument, Lookup } from "./ports.ts";

/** Why a document was refused: the class by which it is repaired (facts/xero.md section 7), and the ledger's own words. */
export type DocumentError = {
  readonly kind: RefusalKind;
  readonly messages: readonly string[];
};

/** A document as `enqueue` brings it; `after` names delivery keys of the same request. */
export type NewDocument = {
  readonly deliveryKey: string;
  readonly identity: Identity;
  readonly step: string;
  readonly resource: Resource;
  readonly lookup: Lookup | null;
  readonly body: { [key: string]: Json };
  readonly lineage: Readonly<Record<string, Lineage>>;
  readonly currency: string | null;
  readonly total: string | null;
  readonly after: readonly { readonly step: string; readonly deliveryKey: string }[];
};

/** A document of the outbox as delivery needs it; `receipts` are the ledger's ids of what it comes after, by step. */
export type OutboxDocument = {
  readonly id: string;
  readonly step: string;
  readonly resource: Resource;
  readonly lookup: Lookup | null;
  readonly body: { [key: string]: Json };
  readonly lineage: Readonly<Record<string, Lineage>>;
  readonly total: string | null;
  readonly state: DocumentState;
  /** Transport failures in a row. */
  readonly setbacks: number;
  readonly receipts: Readonly<Record<string, string>>;
};

/** One write, frozen before its first byte. `resendAfter`: until then the request may still reach the ledger. */
export type Batch = {
  readonly id: string;
  readonly connection: string;
  readonly resource: Resource;
  readonly members: readonly OutboxDocument[];
  readonly bodies: readonly Json[];
  readonly answered: number;
  /** How often it was sent: a look-up made for an earlier send decides nothing about a later one. */
  readonly sends: number;
  readonly createdAt: Date;
  readonly resendAfter: Date;
};

/** Where one member of a batch goes next. */
export type Move =
  | { readonly to: "delivered"; readonly id: string; readonly document: LedgerDocument }
  | { readonly to: "queued"; readonly id: string; readonly notBefore: Date; readonly setbacks: number }
  | { readonly to: "failed"; readonly id: string; readonly error: DocumentError }
  | { readonly to: "held"; readonly id: string; readonly hold: Held }
  | { readonly to: "uncertain"; readonly id: string };

/** `posted`: the ledger has all of it. `refused`: a document of it was, for good. */
export type SummaryStage = "underWay" | "refused" | "posted";

/** A day's summary: the same documents for all of its members. */
export type SummaryRequest = {
  readonly connection: string;
  readonly members: readonly {
    readonly record: string;
    readonly revision: string;
    readonly share: NonNullable<PostedDocument["share"]>;
  }[];
  readonly documents: readonly NewDocument[];
  readonly specVersion: number;
  readonly at: Date;
};

/** The outbox. Every move is a compare-and-set on the state, fenced by the batch, along TRANSITIONS. */
export type Outbox = {
  /**
   * Saves documents and the wake-up of delivery in one transaction. A delivery key that is known is reused: a document that
   * is queued, or refused and asked for again, takes the new body (attempt + 1); one with a receipt or an open attempt stays.
   */
  enqueue(request: {
    readonly connection: string;
    readonly record: string;
    readonly documents: readonly NewDocument[];
    readonly specVersion: number;
    /** Whether these are all documents of the record: what it no longer makes is then parked, unless it is under way. */
    readonly whole: boolean;
    /** Whether refused documents go out again although nothing about them has changed. */
    readonly retry: boolean;
    readonly at: Date;
  }): Promise<{ readonly added: number; readonly renewed: number; readonly kept: number }>;
  /**
   * Claims up to `limit` documents of one resource whose predecessors are delivered, freezes them as a batch and moves them
   * to `delivering`. `freeze` makes the body to send from the document and its receipts.
   */
  claim(request: {
    readonly connection: string;
    readonly resource: Resource;
    readonly limit: number;
    readonly bytesMax: number;
    readonly batchId: string;
    readonly timeoutMs: number;
    readonly at: Date;
    readonly freeze: (document: OutboxDocument) => Json;
  }): Promise<Batch | undefined>;
  /** The clock of a batch starts again just before its bytes leave. False when the batch is no longer ours. */
  markSent(batch: string, at: Date): Promise<boolean>;
  /** Moves members from `from`; answers how many moved. With `answered` the batch has had its answer. */
  settle(request: {
    readonly batch: string;
    readonly sends: number;
    readonly from: "delivering" | "uncertain";
    readonly moves: readonly Move[];
    readonly answered: boolean;
    readonly at: Date;
  }): Promise<number>;
  /** Batches without an answer whose time is over: their members become `uncertain`. */
  doubtful(connection: string, at: Date): Promise<readonly Batch[]>;
  /** Sends a whole uncertain batch again under its own key; undefined when it is no longer whole. */
  reopen(batch: string, at: Date): Promise<Batch | undefined>;
  /** Connections that have something to deliver or to look up now. */
  due(at: Date): Promise<readonly string[]>;
  /** States of a record's documents. */
  states(record: string): Promise<readonly DocumentState[]>;
  /** What a record has in the ledger, in the order of its plan. */
  posted(record: string): Promise<readonly PostedDocument[]>;
  /**
   * Saves a day's summary and links it to each of its orders, all of them or none. `taken`: a summary of that name is there
   * already; `changed`: one of the orders no longer waits as it was read.
   */
  enqueueSummary(request: SummaryRequest): Promise<"added" | "taken" | "changed">;
  /** How far the summary that a record is in has come; undefined for a record in none. */
  summary(record: string): Promise<SummaryStage | undefined>;
  /**
   * A summary that was refused: its orders wait for another one when nothing of its invoice can be in the ledger; otherwise
   * what was refused around it goes out again.
   */
  reviseSummary(record: string, at: Date): Promise<void>;
};
