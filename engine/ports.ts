/** What the engine needs of the world. Each port states its contract and its errors; adapters implement them. */
import type { Held } from "./core/hold.ts";
import type { Org, StoreProfile } from "./core/org.ts";
import type { Resource } from "./core/plan.ts";
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
export type RawSale = { readonly order: Json; readonly invoices: readonly Json[] };

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
  readonly date: string | null;
  readonly currency: string | null;
  readonly total: string | null;
  readonly totalTax: string | null;
  readonly amountDue: string | null;
  readonly lines: readonly LedgerLine[];
  readonly payments: readonly LedgerPayment[];
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

export type FindBy = "ContactNumber" | "InvoiceNumber" | "InvoiceID" | "ContactID";

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
  find(query: {
    readonly resource: "Contacts" | "Invoices";
    readonly by: FindBy;
    readonly values: readonly string[];
  }): Promise<Result<readonly LedgerDocument[], Unreachable>>;
};
