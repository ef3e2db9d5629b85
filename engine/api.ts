/**
 * The engine as tools, api and cli see it. Every method takes a connection: one store bound to one ledger organisation.
 * Expected outcomes are values with a `kind` or `hold`; a thrown error is a bug.
 */
import type { Edit, Problem } from "./core/edits.ts";
import type { Held } from "./core/hold.ts";
import type { MappingSpec } from "./core/mapping.ts";
import type { Org, StoreProfile } from "./core/org.ts";
import type { DocumentPlan, Lineage } from "./core/plan.ts";
import type { Replay } from "./core/replay.ts";
import type { Result } from "./core/result.ts";
import type { CanonicalSale } from "./core/sale.ts";
import type { Question } from "./core/setup-notes.ts";
import type { Json } from "./core/shapes.ts";
import type { DocumentState, RecordState } from "./core/state.ts";
import type { Unreachable } from "./ports.ts";

export type Role = "viewer" | "operator" | "approver" | "admin";
/** Who asks. `model` is true when a language model makes the call: it may never decide. */
export type Actor = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly model: boolean;
};

export type ConnectionInfo = {
  readonly id: string;
  readonly name: string;
  readonly environment: "sandbox" | "production";
  readonly storeUrl: string;
  readonly ledgerName: string;
};

/** What went wrong in a request: mapped once per border (HTTP status, exit code, isError). */
export type EngineError =
  | { readonly kind: "unknownConnection"; readonly message: string }
  | { readonly kind: "notFound"; readonly message: string }
  | { readonly kind: "invalid"; readonly message: string; readonly problems: readonly Problem[] }
  | { readonly kind: "noMapping"; readonly message: string }
  | { readonly kind: "held"; readonly message: string; readonly held: Held }
  | { readonly kind: "stale"; readonly message: string }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "upstream"; readonly message: string; readonly cause: Unreachable };

export type Outcome<T> = Promise<Result<T, EngineError>>;

export type Spec = {
  readonly version: number;
  readonly spec: MappingSpec;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly note: string;
  readonly proposalId: string | null;
};

export type DocumentView = {
  readonly id: string;
  readonly step: string;
  readonly resource: string;
  readonly state: DocumentState;
  readonly number: string | null;
  readonly ledgerId: string | null;
  readonly ledgerUrl: string | null;
  readonly total: string | null;
  readonly currency: string | null;
  readonly attempt: number;
  readonly error: { readonly kind: string; readonly messages: readonly string[] } | null;
  readonly specVersion: number;
};

export type RecordView = {
  readonly id: string;
  readonly order: string;
  readonly state: RecordState;
  readonly hold: Held | null;
  readonly currency: string | null;
  readonly total: string | null;
  readonly placedAt: string | null;
  readonly changedAt: string;
  readonly documents: readonly DocumentView[];
};

export type OrderView = {
  readonly sale: CanonicalSale | null;
  readonly hold: Held | null;
  readonly record: RecordView | null;
};

export type OrderRow = {
  readonly order: string;
  readonly placedAt: string | null;
  readonly state: RecordState;
  readonly storeState: string | null;
  readonly currency: string | null;
  readonly total: string | null;
  readonly paymentMethod: string | null;
  readonly hold: string | null;
};

/** What an order becomes; the same function decides it for preview, plan, replay and sync. */
export type PlanOutcome =
  | { readonly status: "planned"; readonly order: string; readonly plan: DocumentPlan }
  | { readonly status: "held"; readonly order: string; readonly held: Held };

export type Explanation = {
  readonly step: string;
  readonly resource: string;
  readonly field: string;
  readonly value: Json;
  readonly lineage: Lineage;
  readonly sentence: string;
};

export type ProposalState = "open" | "approved" | "rejected" | "stale";
export type Proposal = {
  readonly id: string;
  readonly connection: string;
  readonly kind: "mapping" | "setup" | "document";
  readonly title: string;
  readonly baseVersion: number;
  readonly edits: readonly Edit[];
  readonly questions: readonly Question[];
  readonly candidate: MappingSpec | null;
  readonly document: {
    readonly order: string;
    readonly plan: DocumentPlan;
    readonly steps: readonly string[];
  } | null;
  readonly replay: Replay | null;
  readonly digest: string;
  readonly state: ProposalState;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionNote: string | null;
  readonly publishedVersion: number | null;
};

export type Status = {
  readonly connection: string;
  readonly environment: "sandbox" | "production";
  readonly specVersion: number | null;
  readonly records: Readonly<Record<RecordState, number>>;
  readonly documents: Readonly<Partial<Record<DocumentState, number>>>;
  readonly queue: { readonly waiting: number; readonly oldestSeconds: number | null };
  readonly budget: {
    readonly minuteLeft: number;
    readonly dayLeft: number;
    readonly blockedUntil: string | null;
  };
  readonly postedTotals: readonly {
    readonly currency: string;
    readonly store: string;
    readonly ledger: string;
    readonly difference: string;
  }[];
  readonly completeAsOf: string | null;
  readonly openProposals: number;
};

export type Page<T> = {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
};

export type SyncOutcome = { readonly order: string; readonly record: RecordView; readonly settled: boolean };

export type Engine = {
  connections(): Promise<readonly ConnectionInfo[]>;
  /** The shop's real lists and the organisation's, from the mirror; `refresh` reads both again first. */
  profile(
    connection: string,
    options?: { readonly refresh?: boolean },
  ): Outcome<{ readonly org: Org; readonly store: StoreProfile; readonly asOf: string }>;

  order(connection: string, number: string): Outcome<OrderView>;
  searchOrders(
    connection: string,
    query: {
      readonly state?: RecordState;
      readonly text?: string;
      readonly limit: number;
      readonly cursor?: string;
    },
  ): Outcome<Page<OrderRow>>;
  /** Plans with the current spec (or a candidate) and saves nothing. */
  preview(connection: string, number: string, candidate?: MappingSpec): Outcome<PlanOutcome>;
  /** Puts Magento order JSON into the demo store, verbatim; only a sandbox connection takes it. */
  importOrders(
    connection: string,
    orders: readonly Json[],
  ): Outcome<{ readonly imported: readonly string[] }>;
  /** Reads the order, plans it by the approved spec, queues its documents and waits up to `waitMs` for their delivery. */
  sync(connection: string, number: string, options: { readonly waitMs: number }): Outcome<SyncOutcome>;
  retry(connection: string, order: string, options: { readonly waitMs: number }): Outcome<SyncOutcome>;
  /** A person who may approve takes an unusual order as it is; the audit keeps who did. It is then tried again. */
  accept(
    connection: string,
    order: string,
    options: { readonly waitMs: number },
    actor: Actor,
  ): Outcome<SyncOutcome>;
  record(connection: string, order: string): Outcome<RecordView>;
  /** Held, failed and uncertain records, newest first. */
  failed(
    connection: string,
    query: { readonly limit: number; readonly cursor?: string },
  ): Outcome<Page<RecordView>>;
  explain(connection: string, order: string, field?: string): Outcome<readonly Explanation[]>;
  status(connection: string): Outcome<Status>;

  currentSpec(connection: string): Outcome<Spec>;
  specs(connection: string, query: { readonly limit: number; readonly cursor?: string }): Outcome<Page<Spec>>;
  specVersion(connection: string, version: number): Outcome<Spec>;

  /** The first spec from chart of accounts, tax rates, store settings and past orders; what it cannot know is asked. */
  proposeSetup(
    connection: string,
    answers: Readonly<Record<string, string>>,
    actor: Actor,
  ): Outcome<Proposal>;
  /** Typed edits on the current version: validated for meaning, replayed on a frozen set of past orders, and stored. */
  proposeMapping(
    connection: string,
    request: { readonly title: string; readonly edits: readonly Edit[] },
    actor: Actor,
  ): Outcome<Proposal>;
  /** The contact or invoice of one order, prepared by the approved mapping; it goes out when a person has approved it. */
  proposeDocument(
    connection: string,
    request: { readonly order: string; readonly steps: readonly string[] },
    actor: Actor,
  ): Outcome<Proposal>;
  proposal(connection: string, id: string): Outcome<Proposal>;
  proposals(
    connection: string,
    query: { readonly state?: ProposalState; readonly limit: number; readonly cursor?: string },
  ): Outcome<Page<Proposal>>;
  /** A person decides. Refused for a model, for a role below approver, and when the digest is not the one that was shown. */
  decide(
    connection: string,
    id: string,
    decision: { readonly approve: boolean; readonly digest: string; readonly note: string | null },
    actor: Actor,
  ): Outcome<Proposal>;

  /** Starts the delivery worker and the sweep; `stop` lets what is in flight finish. */
  start(): Promise<void>;
  stop(): Promise<void>;
};
