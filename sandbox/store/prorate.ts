import type { Side } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt } from "./json.ts";
import { quantityToInvoice, quantityToRefund } from "./order-state.ts";
import { round2, stored4 } from "./php.ts";

/** Sales\Order\Invoice::roundPrice: one rounding remainder per document and kind of amount. */
export type Rounder = (price: number, kind: string, negative?: boolean) => number;

export function documentRounder(): Rounder {
  const remainders = new Map<string, number>();
  return (price, kind, negative = false) => {
    if (price === 0) return 0;
    const sign = negative ? -1 : 1;
    const carried = price + sign * (remainders.get(kind) ?? 0);
    const rounded = round2(carried);
    remainders.set(kind, sign * (carried - rounded));
    return rounded;
  };
}

/** Which columns a document takes from and books to: an invoice from ordered, a credit memo from invoiced. */
export type Stage = {
  source: (name: string) => string;
  used: (name: string) => string;
  quantityAll: string;
  quantityUsed: string;
  /** Whether these pieces are the last of the item, which take what is left of it to the cent. */
  isLast: (item: JsonObject, quantity: number) => boolean;
};

/** row_invoiced and amount_refunded are the two names that do not follow the pattern. */
const ROW_USED: Record<string, string> = { invoiced: "row_invoiced", refunded: "amount_refunded" };
const usedName = (name: string, suffix: "invoiced" | "refunded"): string =>
  name === "row_total" ? (ROW_USED[suffix] ?? name) : `${name.replace(/_amount$/, "")}_${suffix}`;

export const INVOICING: Stage = {
  source: (name) => name,
  used: (name) => usedName(name, "invoiced"),
  quantityAll: "qty_ordered",
  quantityUsed: "qty_invoiced",
  isLast: (item, quantity) => quantity === quantityToInvoice(item),
};

export const REFUNDING: Stage = {
  source: (name) => usedName(name, "invoiced"),
  used: (name) => usedName(name, "refunded"),
  quantityAll: "qty_invoiced",
  quantityUsed: "qty_refunded",
  isLast: (item, quantity) => quantity === quantityToRefund(item) && quantityToInvoice(item) === 0,
};

/** The share of an order item's amount for some of its pieces; the last pieces take the remainder. */
export function shareOf(input: {
  item: JsonObject;
  name: string;
  side: Side;
  stage: Stage;
  quantity: number;
  round: Rounder;
}): number {
  const { item, name, side, stage, quantity } = input;
  const left =
    numberAt(item, fieldOf(side, stage.source(name))) - numberAt(item, fieldOf(side, stage.used(name)));
  if (stage.isLast(item, quantity)) return stored4(left);
  const available = numberAt(item, stage.quantityAll) - numberAt(item, stage.quantityUsed);
  if (available <= 0 || quantity === 0) return 0;
  const kind = side === "base" ? "base" : "regular";
  return input.round((left / available) * quantity, kind, name === "discount_amount");
}

/** Adds to a running sum of an order or an item, which is absent until it happens. */
export function addTo(document: JsonObject, name: string, amount: number): void {
  document[name] = stored4(numberAt(document, name) + amount);
}
