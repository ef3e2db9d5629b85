/** What the engine needs of the world. Each port states its contract and its errors; adapters implement them. */
import type { SalesHistory } from "./core/anomalies.ts";
import type { Held, Hold } from "./core/hold.ts";
import type { MappingSpec } from "./core/mapping.ts";
import type { Org, StoreProfile } from "./core/org.ts";
import type { PlannedDocument, Resource } from "./core/plan.ts";
import type { LedgerItem } from "./core/plan-input.ts";
import type { Result } from "./core/result.ts";
import type { CanonicalSale } from "./core/sale.ts";
import type { Json } from "./core/shapes.ts";

export type Clock = { now(): Date };
export type Ids = { next(): string };
/** A fixed event name and flat fields; never customer data, never tokens. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** Why the store or the ledger gave no answer. `detail` is ours and safe to show; upstream text is never passed through. */
export type Unreachable =
  | { readonly kind: "unauthorised"; readonly detail: string }
  | { readonly kind: "rateLimited"; readonly retryAfterSeconds: number; readonly problem: string }
  | { readonly kind: "unavailable"; readonly detail: string }
  | { readonly kind: "notFound"; readonly detail: string };

/** One product as rules need it, keyed by sku. */
export type CatalogueProduct = {
  readonly sku: string;
  readonly type: string | null;
  readonly taxClass: string | null;
  readonly attributeSet: string | null;
  readonly categories: readonly string[];
};

/** The catalogue mirror: what orders do not carry. A sku that is not in `products` is unknown. */
export type Catalogue = {
  readonly products: ReadonlyMap<string, CatalogueProduct>;
  readonly profile: StoreProfile;
};

/** What was read of one order; JSON with decimals kept as text, so that no float is ever made of an amount. */
export type RawSale = {
  readonly order: Json;
  readonly invoices: readonly Json[];
  readonly creditMemos: readonly Json[];
  readonly shipments: readonly Json[];
};

export type OrderPage = { readonly orders: readonly Json[]; readonly total: number };

/** A Magento store. Reads only; it never books from an event body. */
export type SalesSource = {
  fetchOrder(number: string): Promise<Result<RawSale, Unreachable>>;
  /** Orders changed since an instant, oldest first, by (updated_at, entity_id); `page` from 1. */
  fetchChanged(query: {
    readonly since: string;
    readonly page: number;
    readonly pageSize: number;
  }): Promise<Result<OrderPage, Unreachable>>;
  fetchProducts(skus: readonly string[]): Promise<Result<readonly CatalogueProduct[], Unreachable>>;
  fetchProfile(): Promise<Result<StoreProfile, Unreachable>>;
  /** Pure: Magento JSON and the catalogue mirror -> the canonical sale, or a hold that names the field. */
  readSale(raw: RawSale, catalogue: Catalogue): Result<CanonicalSale, Held>;
};

/** A document as the ledger holds it; amounts are decimal text. */
export type LedgerDocument = {
  readonly id: string;
  readonly number: string | null;
  readonly reference: string | null;
  readonly type: string;
  readonly status: string;
  readonly contactId: string | null;
  readonly name: string | null;
  /** Of a contact that somebody merged into another one: that one's id. */
  readonly mergedTo?: string;
  readonly date: string | null;
  readonly currency: string | null;
  /** Units of the document's currency for one of the organisation's, as the ledger keeps it. */
  readonly currencyRate?: string | null;
  readonly total: string | null;
  readonly totalTax: string | null;
  /** Whether line amounts contain their tax; of documents with lines. */
  readonly lineAmountTypes?: string | null;
  readonly amountDue: string | null;
  readonly lines: readonly LedgerLine[];
  readonly payments: readonly LedgerPayment[];
  /** What a credit note is spent on. */
  readonly allocations: readonly LedgerAllocation[];
};
export type LedgerAllocation = {
  readonly id: string;
  readonly invoiceId: string;
  readonly amount: string;
};
export type LedgerLine = {
  readonly lineAmount: string;
  readonly taxAmount: string;
  readonly accountCode: string | null;
  readonly taxType: string | null;
};
export type LedgerPayment = {
  readonly id: string;
  readonly date: string;
  readonly amount: string;
  readonly reference: string | null;
  readonly status: string | null;
};

/** One element of a batch, settled alone (summarizeErrors=false). */
export type ElementAnswer =
  | { readonly ok: true; readonly document: LedgerDocument }
  | { readonly ok: false; readonly messages: readonly string[] };

/** What came of one write. A timeout is not a failure: the outcome is unknown until it has been looked up. */
export type WriteAnswer =
  | { readonly kind: "answered"; readonly elements: readonly ElementAnswer[] }
  | { readonly kind: "refused"; readonly messages: readonly string[] }
  | { readonly kind: "rateLimited"; readonly retryAfterSeconds: number; readonly problem: string }
  | { readonly kind: "unauthorised"; readonly detail: string }
  | { readonly kind: "unavailable"; readonly detail: string }
  | { readonly kind: "outcomeUnknown"; readonly detail: string };

/** What can be looked up, by which keys. Payments and allocations are found on the documents that they settle. */
export type Findable = {
  readonly Contacts: "ContactNumber" | "ContactID";
  readonly Invoices: "InvoiceNumber" | "InvoiceID";
  readonly CreditNotes: "CreditNoteNumber" | "CreditNoteID";
  readonly Items: "Code";
  readonly BankTransactions: "Reference";
};
export type FindQuery = {
  [Kind in keyof Findable]: {
    readonly resource: Kind;
    readonly by: Findable[Kind];
    readonly values: readonly string[];
  };
}[keyof Findable];

/** A Xero organisation. Every call is one HTTP call; limits are kept by the budget in front of it. */
export type Ledger = {
  fetchOrg(): Promise<Result<Org, Unreachable>>;
  /** PUT (create only). `bodies` are plan bodies whose ids are filled; amounts are text. Answers in the same order. */
  create(write: {
    readonly resource: Resource;
    readonly bodies: readonly Json[];
    readonly idempotencyKey: string;
    readonly timeoutMs: number;
  }): Promise<WriteAnswer>;
  /** Documents by a business key or id, with lines and payments; at most 50 values. */
  find(query: FindQuery): Promise<Result<readonly LedgerDocument[], Unreachable>>;
  /** All items, in one call. */
  fetchItems(): Promise<Result<readonly LedgerItem[], Unreachable>>;
};

export type Lookup = NonNullable<PlannedDocument["lookup"]>;

/** A connection as delivery needs it: lasting names of the store and of the organisation, never a URL with a port. */
export type Binding = { readonly id: string; readonly storeId: string; readonly organisationId: string };

/** One source record: what was read of it last, and why it waits when it does. */
export type SourceRecord = {
  readonly id: string;
  readonly connection: string;
  readonly number: string;
  readonly revision: string;
  readonly sale: CanonicalSale | null;
  readonly hold: Held | null;
  /** Anomalies that a person has accepted for this order. */
  readonly accepted: readonly Hold[];
};

/** What `observe` has read: a sale, or the hold that says which field cannot be read. */
export type Observation = {
  readonly sourceType: "order";
  readonly sourceId: string;
  readonly number: string;
  readonly revision: string;
  readonly raw: RawSale;
  readonly sale: CanonicalSale | null;
  readonly hold: Held | null;
};

/** Records, published specs and mirrors. Every method is one transaction. */
export type Records = {
  binding(connection: string): Promise<Binding | undefined>;
  bindings(): Promise<readonly Binding[]>;
  /** Inserts or updates by source; `changed` is false when the revision was known already. */
  save(
    connection: string,
    observation: Observation,
    at: Date,
  ): Promise<{ readonly record: SourceRecord; readonly changed: boolean }>;
  find(
    connection: string,
    by: { readonly id: string } | { readonly number: string },
  ): Promise<SourceRecord | undefined>;
  /** Records held for their day's summary, oldest first. */
  waitingForSummary(
    connection: string,
    query: { readonly placedBefore: Date; readonly limit: number },
  ): Promise<readonly SourceRecord[]>;
  saveHold(record: string, hold: Held | null, at: Date): Promise<void>;
  /** What is known of the store's other orders, for the anomaly checks. */
  history(record: SourceRecord): Promise<SalesHistory>;
  /** A person has looked at the order and takes it as it is: this hold does not come again. */
  accept(record: string, hold: Hold, at: Date): Promise<void>;
  /** The newest published spec. */
  spec(connection: string): Promise<{ readonly version: number; readonly spec: MappingSpec } | undefined>;
  mirror<Kind extends keyof Mirrored>(
    connection: string,
    kind: Kind,
  ): Promise<{ readonly content: Mirrored[Kind]; readonly asOf: Date } | undefined>;
  saveMirror<Kind extends keyof Mirrored>(
    connection: string,
    kind: Kind,
    content: Mirrored[Kind],
    asOf: Date,
  ): Promise<void>;
  /** What the catalogue mirror holds of these skus; `null` for one that the store does not know. */
  products(
    connection: string,
    skus: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly product: CatalogueProduct | null; readonly asOf: Date }>>;
  saveProducts(
    connection: string,
    products: ReadonlyMap<string, CatalogueProduct | null>,
    asOf: Date,
  ): Promise<void>;
  /** Every order changed up to `passedTo` has been seen; null before the first sweep. */
  sweep(connection: string): Promise<{ readonly passedTo: Date | null }>;
  saveSweep(connection: string, passedTo: Date, at: Date): Promise<void>;
};
export type Mirrored = {
  readonly org: Org;
  readonly profile: StoreProfile;
  readonly items: readonly LedgerItem[];
};

export type * from "./ports-outbox.ts";

/** Runs the delivery of connections, on any number of machines: at most one runs and one waits per connection. */
export type JobEngine = {
  start(): Promise<void>;
  wake(connection: string): Promise<void>;
  work(deliver: (connection: string) => Promise<void>): Promise<void>;
  /** Wake-ups that failed for good: a transport or a bug, never a bad invoice. */
  dead(): Promise<readonly { readonly connection: string; readonly at: Date }[]>;
  redrive(): Promise<number>;
  stop(): Promise<void>;
};

export type BudgetReason = "minute" | "day" | "concurrent" | "blocked";
/** Live orders may use every call; background work leaves the reserve to them. */
export type Priority = "live" | "background";

/** The calls of one organisation, shared by all workers (facts/stack.md section 4). */
export type Budget = {
  /** A lease for one request in flight, or for `calls` of them one after the other. */
  acquire(
    organisation: string,
    priority: Priority,
    calls?: number,
  ): Promise<
    | { readonly kind: "granted"; readonly lease: string }
    | { readonly kind: "wait"; readonly waitMs: number; readonly by: BudgetReason }
  >;
  release(lease: string): Promise<void>;
  /** What the ledger said itself: a block for some seconds, or how many calls of the day are left. */
  told(
    organisation: string,
    news: {
      readonly blockedSeconds?: number;
      readonly by?: string;
      readonly dayLeft?: number;
    },
  ): Promise<void>;
  left(organisation: string): Promise<{
    readonly minuteLeft: number;
    readonly dayLeft: number;
    readonly blockedUntil: Date | null;
  }>;
};
