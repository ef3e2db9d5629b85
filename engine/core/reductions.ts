/**
 * What took back a part of a sale: credit memos, and what was cancelled after it was invoiced. Each reads like a sale of its
 * own, so that the same components and line algorithm serve it (facts/accounting.md 3.5).
 */
import type { Held } from "./hold.ts";
import { compareText, e4Of, formatE4, sumOf } from "./money.ts";
import type { Identity } from "./plan.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, CreditMemo, SaleFee, SaleLine, SaleShipping, StoreInvoice } from "./sale.ts";
import { partLines, type Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";

export type Reduction = {
  readonly id: string;
  readonly identity: Pick<Identity, "sourceType" | "sourceId" | "part">;
  readonly number: string;
  readonly numberPath: string;
  /** What it gives back, as a sale: its parts, its total with what went back to stored value, its tax; no adjustments. */
  readonly sale: CanonicalSale;
  readonly base: string;
  /** `null` for a cancellation. */
  readonly memo: CreditMemo | null;
};

/** Everything that took back a part of the invoices, in the order in which it happened; cancellations are known last. */
export function reductionsOf(sale: CanonicalSale, sections: readonly Section[]): Result<Reduction[], Held> {
  const memos = sale.creditMemos
    .map((memo, index) => memoReduction(sale, memo, index))
    .toSorted((a, b) => compareText(a.memo?.at ?? "", b.memo?.at ?? "") || byNumber(a.id, b.id));
  const [first] = sections;
  if (first === undefined || first.storeInvoice !== null)
    return ok([...memos, ...sections.filter(isCancelled).map(invoiceReduction)]);
  const cancelled = cancelledPart(sale);
  if (!cancelled.ok) return cancelled;
  return ok([...memos, ...(cancelled.value === null ? [] : [orderReduction(sale, cancelled.value)])]);
}

const isCancelled = ({ storeInvoice }: Section): boolean => storeInvoice?.state === "cancelled";

/** Entity ids are numbers without a fixed width. */
const byNumber = (a: string, b: string): number => a.length - b.length || compareText(a, b);

function memoReduction(sale: CanonicalSale, memo: CreditMemo, index: number): Reduction {
  return {
    id: memo.id,
    identity: { sourceType: "creditmemo", sourceId: memo.id, part: "" },
    number: `CN-${memo.number}`,
    numberPath: pointerOf("creditMemos", index, "number"),
    base: pointerOf("creditMemos", index),
    memo,
    sale: {
      ...sale,
      lines: partLines(sale, memo.lines),
      shipping: memo.shipping && shippingLike(memo.shipping, sale.shipping),
      fees: memo.fees,
      tenders: [],
      receipts: [],
      totals: { ...sale.totals, grandTotal: formatE4(partsE4(memo)), tax: memo.tax },
    },
  };
}

/** Of the shipping that a part gives back, the order says at which rate it was taxed. */
const shippingLike = (part: SaleShipping, whole: SaleShipping | null): SaleShipping => ({
  ...part,
  taxRate: part.taxRate ?? whole?.taxRate ?? null,
  appliedTaxes: part.appliedTaxes.length > 0 ? part.appliedTaxes : (whole?.appliedTaxes ?? []),
});

/** What the rows, shipping and named totals of a memo come to; adjustments are lines of their own. */
const partsE4 = ({ grandTotal, adjustmentRefund, adjustmentFee }: CreditMemo): bigint =>
  e4Of(grandTotal) - e4Of(adjustmentRefund) + e4Of(adjustmentFee);

type Parts = Pick<CanonicalSale, "lines" | "shipping" | "fees">;

function grossE4({ lines, shipping, fees }: Parts): bigint {
  const charges = shipping === null ? lines : [...lines, shipping];
  return (
    sumOf(
      charges.map(
        (charge) => e4Of(charge.net) + e4Of(charge.tax) + e4Of(charge.discountTax) - e4Of(charge.discount),
      ),
    ) +
    sumOf(lines.map((line) => e4Of(line.fixedTaxNet) + e4Of(line.fixedTaxTax))) +
    sumOf(fees.map(({ gross }) => e4Of(gross)))
  );
}

const invoiceReduction = ({ sale, storeInvoice, base, identity, number, step }: Section): Reduction => ({
  id: `${step}-cancelled`,
  identity: { ...identity, part: "cancelled" },
  number: `CN-${number}-invoice-cancelled`,
  numberPath: `${base}/number`,
  base,
  memo: null,
  sale: {
    ...sale,
    tenders: [],
    totals: {
      ...sale.totals,
      grandTotal: formatE4(totalE4(storeInvoice ?? { ...sale.totals, tenders: [] })),
    },
  },
});

const orderReduction = (sale: CanonicalSale, part: CanonicalSale): Reduction => ({
  id: "cancelled",
  identity: { sourceType: "order", sourceId: sale.source.id, part: "cancelled" },
  number: `CN-${sale.source.number}-cancelled`,
  numberPath: "/source/number",
  base: "",
  memo: null,
  sale: part,
});

/** With what gift cards, store credit and points paid of it. */
const totalE4 = ({ grandTotal, tenders }: Pick<StoreInvoice, "grandTotal" | "tenders">): bigint =>
  e4Of(grandTotal) + sumOf(tenders.map(({ amount }) => e4Of(amount)));

/** What was cancelled of an order that is one invoice: all of it, or what no store invoice covers; `null` for nothing. */
function cancelledPart(sale: CanonicalSale): Result<CanonicalSale | null, Held> {
  const { state, totals } = sale;
  if (state !== "canceled" && e4Of(totals.cancelled) === 0n) return ok(null);
  const standing = sale.invoices.filter((invoice) => invoice.state !== "cancelled");
  const isWhole = standing.length === 0 && state === "canceled" && sale.receipts.length === 0;
  const orderE4 = totalE4({ grandTotal: totals.grandTotal, tenders: sale.tenders });
  if (standing.length === 0 && !isWhole) return err(partlyCancelled(totals.cancelled));
  const part: CanonicalSale = {
    ...sale,
    lines: sale.lines.map((line) => withoutParts(line, standing)),
    shipping:
      sale.shipping &&
      less(
        sale.shipping,
        standing.flatMap(({ shipping }) => shipping ?? []),
        CHARGE,
      ),
    fees: sale.fees.map((fee) =>
      less(
        fee,
        standing.flatMap(({ fees }) => fees.filter(({ code }) => code === fee.code)),
        FEE,
      ),
    ),
    tenders: [],
    totals: {
      ...totals,
      grandTotal: formatE4(orderE4 - sumOf(standing.map(totalE4))),
      tax: formatE4(e4Of(totals.tax) - sumOf(standing.map(({ tax }) => e4Of(tax)))),
    },
  };
  return grossE4(part) > 0n ? ok(part) : err(partlyCancelled(totals.cancelled));
}

const CHARGE = ["net", "tax", "discount", "discountTax"] as const satisfies readonly (keyof SaleShipping)[];
const FEE = ["gross", "tax"] as const satisfies readonly (keyof SaleFee)[];
const LINE = [
  ...CHARGE,
  "quantity",
  "fixedTaxNet",
  "fixedTaxTax",
] as const satisfies readonly (keyof SaleLine)[];

const withoutParts = (line: SaleLine, invoices: readonly StoreInvoice[]): SaleLine =>
  less(
    line,
    invoices.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === line.id)),
    LINE,
  );

/** The amounts of the whole less those of its parts. */
function less<Key extends string, Whole extends Record<Key, string>>(
  whole: Whole,
  parts: readonly Record<Key, string>[],
  keys: readonly Key[],
): Whole {
  const rest = keys.map((key) => [
    key,
    formatE4(e4Of(whole[key]) - sumOf(parts.map((part) => e4Of(part[key])))),
  ]);
  return { ...whole, ...Object.fromEntries(rest) };
}

/** What keeps a reduced sale from being planned: money or goods went back, and the store does not say which. */
export function unexplained({ state, totals, tenders, creditMemos }: CanonicalSale): Held | undefined {
  const amounts = [totals.grandTotal, ...tenders.map(({ amount }) => amount)];
  // Magento closes free orders too; a closed order of any other total was given back, also to store credit.
  const isGivenBack = state === "closed" && amounts.some((amount) => e4Of(amount) !== 0n);
  if ((isGivenBack || e4Of(totals.refunded) !== 0n) && creditMemos.length === 0)
    return refunded(totals.refunded);
  return undefined;
}

/** Cancelled before it was invoiced or paid: no supply, no document (facts/accounting.md REF-13, L11). */
export function neverSupplied({ state, receipts, invoices, totals }: CanonicalSale): Held | undefined {
  const isOpen = invoices.some((invoice) => invoice.state !== "cancelled");
  const isPaid = receipts.length > 0 || e4Of(totals.paid) !== 0n;
  return state === "canceled" && !isPaid && !isOpen ? orderCancelled : undefined;
}

const refunded = (amount: string): Held => ({
  hold: "refunded",
  field: "total_refunded",
  detail: `${formatE4(e4Of(amount))} of the order was refunded, its state says what was closed, and no credit memo of it can be read; the invoice alone would overstate the sale.`,
  action:
    "Let the store's user read credit memos (right sales_creditmemo) and sync the order again, or book the refund by hand.",
});

const partlyCancelled = (amount: string): Held => ({
  hold: "partlyCancelled",
  field: "total_canceled",
  detail: `${formatE4(e4Of(amount))} of the order was cancelled, and the store's invoices do not say which part of it stands.`,
  action:
    "Let the store's user read invoices (right sales_invoice) and sync the order again, or credit the cancelled part by hand.",
});

const orderCancelled: Held = {
  hold: "orderCancelled",
  field: "state",
  detail: "The order is cancelled and nothing was paid, so there is no sale to book.",
  action: "Nothing needs doing; if it was cancelled by mistake, place it again in Magento.",
};
