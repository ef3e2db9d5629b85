/**
 * An invoice or credit note read back line by line, whether it is in the ledger or planned beside: what credit notes correct,
 * and what earlier ones gave back. The body says what was booked; the lineage says which part of the sale each line is.
 */
import type { Held } from "./hold.ts";
import { e4Of, parseE4, roundToCents } from "./money.ts";
import { type Org, taxRateByType } from "./org.ts";
import type { Leaf, Lineage, Node, PlannedDocument } from "./plan.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { evaluate, type LineAmountTypes, taxCents } from "./xero-arithmetic.ts";

export type DocumentLine = {
  readonly kind: "part" | "discount" | "tax" | "points" | "rounding" | "adjustment";
  /** The parts of the sale that it stands for: `line-<id>`, `fixedTax-<id>`, `parts-<id>`, `shipping`, `fee-<code>`. */
  readonly keys: readonly string[];
  readonly paths: readonly string[];
  readonly accountCode: string;
  readonly taxType: string;
  readonly rateE4: bigint;
  readonly amountCents: bigint;
  readonly taxCents: bigint;
  /** What the account is posted: the amount without the tax. */
  readonly netCents: bigint;
  readonly account: Lineage;
  readonly tax: Lineage;
  readonly tracking: readonly Node[];
  readonly itemCode: Leaf | null;
};

export type DocumentRead = {
  readonly step: string;
  readonly identity: PlannedDocument["identity"];
  readonly mode: LineAmountTypes;
  readonly currency: string;
  readonly date: string;
  readonly isDraft: boolean;
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  readonly lines: readonly DocumentLine[];
  /** A member of the body with its lineage, `undefined` when it has none. */
  readonly leaf: (member: string) => Leaf | undefined;
};

type Documented = Pick<PlannedDocument, "step" | "identity" | "body" | "lineage">;

/** A tax type that the ledger no longer lists holds: its tax cannot be known. */
export function readDocument(
  document: Documented,
  sale: CanonicalSale,
  org: Org,
): Result<DocumentRead, Held> {
  const { step, identity, body } = document;
  const mode = modeOf(body.LineAmountTypes);
  const items = Array.isArray(body.LineItems) ? body.LineItems : [];
  const lines: DocumentLine[] = [];
  for (const [index, item] of items.entries()) {
    const rate = taxRateByType(org, textOf(item, "TaxType"));
    if (rate === undefined) return err(taxTypeGone(`/LineItems/${index}/TaxType`, textOf(item, "TaxType")));
    lines.push(lineOf({ document, sale, mode, index, item, rateE4: parseE4(rate.rate) ?? 0n }));
  }
  return ok({
    step,
    identity,
    mode,
    currency: textOf(body, "CurrencyCode"),
    date: textOf(body, "Date"),
    isDraft: body.Status === "DRAFT",
    lines,
    ...evaluate(lines, mode),
    leaf: (member) => leafOf(document, `/${member}`, body[member]),
  });
}

type LineParts = {
  readonly document: Documented;
  readonly sale: CanonicalSale;
  readonly mode: LineAmountTypes;
  readonly index: number;
  readonly item: Json;
  readonly rateE4: bigint;
};

const UNSAID: Lineage = { from: "fixed", why: "the document does not say" };

function lineOf({ document, sale, mode, index, item, rateE4 }: LineParts): DocumentLine {
  const { lineage } = document;
  const at = (member: string) => `/LineItems/${index}/${member}`;
  const amountCents = centsOf(textOf(item, "LineAmount"));
  const stated = textOf(item, "TaxAmount");
  const tax = stated === "" ? taxCents(amountCents, rateE4, mode) : centsOf(stated);
  const from = lineage[at("LineAmount")];
  const paths = from?.from === "computed" ? from.inputs.filter((path) => !path.startsWith("/totals")) : [];
  const account = lineage[at("AccountCode")] ?? UNSAID;
  const tracking = memberOf(item, "Tracking");
  return {
    kind: kindOf(account, paths),
    keys: paths.flatMap((path) => keyOf(path, document, sale) ?? []),
    paths,
    accountCode: textOf(item, "AccountCode"),
    taxType: textOf(item, "TaxType"),
    rateE4,
    amountCents,
    taxCents: tax,
    netCents: mode === "Inclusive" ? amountCents - tax : amountCents,
    account,
    tax: lineage[at("TaxType")] ?? UNSAID,
    tracking: Array.isArray(tracking)
      ? tracking.map((entry, place) => nodeOf(entry, `${at("Tracking")}/${place}`, lineage))
      : [],
    itemCode: leafOf(document, at("ItemCode"), memberOf(item, "ItemCode")) ?? null,
  };
}

/** The table that decided a line's account says what it is. */
function kindOf(account: Lineage, paths: readonly string[]): DocumentLine["kind"] {
  if (paths.some((path) => /\/adjustment(Refund|Fee)$/.test(path))) return "adjustment";
  if (account.from === "spec") return "rounding";
  if (account.from !== "rule") return "part";
  if (account.table === "taxTreatment") return "tax";
  if (account.table !== "discountAccount") return "part";
  return paths.some((path) => /\/(tenders|refunds)\//.test(path)) ? "points" : "discount";
}

const PART = /^(?:\/invoices\/\d+)?\/(lines|shipping|fees)(?:\/(\d+))?(\/fixedTaxNet|\/parts\/\d+)?$/;

/** A store invoice's document counts its own rows, whatever their place in the store's list is now. */
function keyOf(path: string, { identity }: Documented, sale: CanonicalSale): string | undefined {
  const [, part, place, below = ""] = PART.exec(path) ?? [];
  const index = Number(place);
  const invoice =
    identity.sourceType === "invoice" ? sale.invoices.find(({ id }) => id === identity.sourceId) : undefined;
  if (part === "shipping") return "shipping";
  if (part === "fees") {
    const code = (invoice ?? sale).fees[index]?.code;
    return code === undefined ? undefined : feeKey(code);
  }
  const isOrders = invoice === undefined || below.startsWith("/parts");
  const id = isOrders ? sale.lines[index]?.id : invoice.lines[index]?.lineId;
  if (part === undefined || id === undefined) return undefined;
  if (below === "") return lineKey(id);
  return below === "/fixedTaxNet" ? fixedTaxKey(id) : partsKey(id);
}

export const lineKey = (id: string): string => `line-${id}`;
/** The parts of a kit, which an invoice takes from stock by lines of nothing; their places are those of the order. */
export const partsKey = (id: string): string => `parts-${id}`;
export const fixedTaxKey = (id: string): string => `fixedTax-${id}`;
export const feeKey = (code: string): string => `fee-${code}`;

function nodeOf(value: Json, path: string, lineage: Documented["lineage"]): Node {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return { leaf: Array.isArray(value) ? null : value, from: lineage[path] ?? UNSAID };
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, nodeOf(member, `${path}/${key}`, lineage)]),
  );
}

function leafOf({ lineage }: Documented, path: string, value: Json | undefined): Leaf | undefined {
  if (value === undefined || (value !== null && typeof value === "object")) return undefined;
  const from = lineage[path];
  return from === undefined ? undefined : { leaf: value, from };
}

const modeOf = (value: Json | undefined): LineAmountTypes =>
  value === "Exclusive" || value === "NoTax" ? value : "Inclusive";

const memberOf = (value: Json, key: string): Json | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value[key] : undefined;

function textOf(value: Json, key: string): string {
  const member = memberOf(value, key);
  return typeof member === "string" ? member : "";
}

const centsOf = (text: string): bigint => roundToCents(e4Of(text));

const taxTypeGone = (field: string, taxType: string): Held => ({
  hold: "taxTypeUnknown",
  field,
  detail: `The invoice uses tax type ${taxType}, which the organisation no longer lists, so what is left of it cannot be known.`,
  action: "Restore the tax rate in Xero, or credit the invoice by hand.",
});
