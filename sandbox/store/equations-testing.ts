import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { StoreSettings } from "./generate.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, objects, textAt } from "./json.ts";
import { childrenOf, isDummy, isTop, itemsOf } from "./order-state.ts";
import { round2 } from "./php.ts";

/** The equations of magento.md section 4 as functions that tell by how much a document misses them. */
export type Settings = Pick<
  StoreSettings,
  | "algorithm"
  | "pricesIncludeTax"
  | "shippingIncludesTax"
  | "taxAfterDiscount"
  | "fptTaxed"
  | "fptInSubtotal"
  | "fptRounding"
>;

/** Left side less right side, or undefined where the facts say that the equation does not apply. */
export type Equation = (
  document: JsonObject,
  side: Side,
  settings: Settings,
  order: JsonObject,
) => number | undefined;

const at = (from: JsonObject, side: Side, name: string): number => numberAt(from, fieldOf(side, name));
const sumOf = (rows: readonly JsonObject[], side: Side, name: string): number =>
  rows.reduce((sum, row) => sum + at(row, side, name), 0);

const topsOf = (order: JsonObject): JsonObject[] => itemsOf(order).filter(isTop);

/** Rows that carry money once: the children of a dynamic bundle, and every other top row. */
const moneyRows = (order: JsonObject): JsonObject[] => itemsOf(order).filter((item) => !isDummy(order, item));

const fptAmount = (rows: readonly JsonObject[], side: Side): number =>
  sumOf(rows, side, "weee_tax_applied_row_amount");

/** An order's totals take each row's fixed product tax in cents, whatever a decimal quantity makes of it. */
const fptInCents = (order: JsonObject, side: Side): number =>
  moneyRows(order).reduce((sum, row) => sum + round2(appliedFpt(row, side).amount), 0);

/** The JSON in weee_tax_applied, which has more than the columns' four places. */
function appliedFpt(row: JsonObject, side: Side): { amount: number; tax: number } {
  const applied = objects(JSON.parse(textAt(row, "weee_tax_applied") || "[]"));
  const sum = (name: string): number => applied.reduce((total, fpt) => total + at(fpt, side, name), 0);
  const amount = sum("row_amount");
  return { amount, tax: sum("row_amount_incl_tax") - amount };
}

const wrapping = (document: JsonObject, side: Side, name: "price" | "tax_amount"): number =>
  ["gw", "gw_items", "gw_card"].reduce(
    (sum, kind) =>
      sum +
      numberAt(
        objectAt(document, "extension_attributes"),
        `${kind}_${side === "base" ? "base_" : ""}${name}`,
      ),
    0,
  );

const tenders = (document: JsonObject, side: Side): number =>
  ["gift_cards_amount", "customer_balance_amount", "reward_currency_amount"].reduce(
    (sum, name) => sum + at(objectAt(document, "extension_attributes"), side, name),
    0,
  );

const TOTALS = [
  "subtotal",
  "shipping_amount",
  "tax_amount",
  "discount_amount",
  "discount_tax_compensation_amount",
] as const;

/** The part of E1 that orders, invoices and credit memos share. */
function grandTotalRest(document: JsonObject, side: Side, fpt: number): number {
  const totals = TOTALS.reduce((sum, name) => sum + at(document, side, name), 0);
  return (
    at(document, side, "grand_total") -
    totals -
    fpt -
    wrapping(document, side, "price") +
    tenders(document, side)
  );
}

/**
 * Shipping priced without tax, whose charged tax is not the tax in shipping_incl_tax: after a discount on shipping
 * (magento.md 4, E2), and under TOTAL, which carries one remainder for the tax before discounts and one for the tax that
 * is charged, by a cent whenever something else parted the two: any discount, or tax on a fixed product tax.
 */
const shippingTaxMoved = (order: JsonObject, settings: Settings): boolean =>
  !settings.shippingIncludesTax &&
  (at(order, "base", "shipping_discount_amount") !== 0 ||
    (settings.algorithm === "TOTAL_BASE_CALCULATION" &&
      (at(order, "base", "discount_amount") !== 0 ||
        (settings.fptTaxed && fptInCents(order, "base") !== 0))));

/** Tax of a kind that is in tax_amount and in no item (accounting.md 1.2 point 6). */
const taxOfType = (order: JsonObject, type: string, side: Side): number =>
  objects(objectAt(order, "extension_attributes").item_applied_taxes)
    .filter((line) => line.type === type)
    .flatMap((line) => objects(line.applied_taxes))
    .reduce((sum, tax) => sum + at(tax, side, "amount"), 0);

export const ORDER_EQUATIONS: Record<string, Equation> = {
  "E1: grand_total is the sum of its totals": (order, side, settings) =>
    grandTotalRest(order, side, settings.fptInSubtotal ? 0 : fptInCents(order, side)) -
    at(order, side, "shipping_discount_tax_compensation_amount"),
  "E2: shipping_incl_tax is shipping, its tax and its compensation": (order, side, settings) =>
    shippingTaxMoved(order, settings)
      ? undefined
      : at(order, side, "shipping_incl_tax") -
        at(order, side, "shipping_amount") -
        at(order, side, "shipping_tax_amount") -
        at(order, side, "shipping_discount_tax_compensation_amount"),
  "E3: the top rows sum to the subtotal": (order, side, settings) =>
    sumOf(topsOf(order), side, "row_total") +
    (settings.fptInSubtotal ? fptInCents(order, side) : 0) -
    at(order, side, "subtotal"),
  "E4: item taxes, shipping tax, wrapping taxes and tax on fixed product tax are the tax": (order, side) =>
    sumOf(topsOf(order), side, "tax_amount") +
    at(order, side, "shipping_tax_amount") +
    wrapping(order, side, "tax_amount") +
    taxOfType(order, "weee", side) -
    at(order, side, "tax_amount"),
  "E5: item discounts and the shipping discount are the discount": (order, side) =>
    sumOf(moneyRows(order), side, "discount_amount") +
    at(order, side, "shipping_discount_amount") +
    at(order, side, "discount_amount"),
  "E8: total_due is grand_total less total_paid": (order, side) =>
    order.state === "canceled"
      ? undefined
      : at(order, side, "total_due") - at(order, side, "grand_total") + at(order, side, "total_paid"),
  "net and tax of the lines, shipping, fixed product tax and wrapping are the charge": (order, side) => {
    const lines = moneyRows(order).reduce(
      (sum, row) =>
        sum +
        at(row, side, "row_total") -
        at(row, side, "discount_amount") +
        at(row, side, "discount_tax_compensation_amount") +
        at(row, side, "tax_amount"),
      0,
    );
    const shipping =
      at(order, side, "shipping_amount") -
      at(order, side, "shipping_discount_amount") +
      at(order, side, "shipping_discount_tax_compensation_amount") +
      at(order, side, "shipping_tax_amount");
    const fpt = fptInCents(order, side) + taxOfType(order, "weee", side);
    const gift = wrapping(order, side, "price") + wrapping(order, side, "tax_amount");
    return lines + shipping + fpt + gift - tenders(order, side) - at(order, side, "grand_total");
  },
};

/** E7 of one row, or undefined where a discount on prices without tax makes it wrong. */
export function rowEquation(
  row: JsonObject,
  side: Side,
  settings: Settings,
  order: JsonObject,
): number | undefined {
  const isDiscounted = at(order, "base", "discount_amount") !== 0;
  if (isDiscounted && !settings.pricesIncludeTax) return undefined;
  return (
    at(row, side, "row_total_incl_tax") -
    at(row, side, "row_total") -
    at(row, side, "tax_amount") -
    at(row, side, "discount_tax_compensation_amount")
  );
}

export const E7 = "E7: row_total_incl_tax is row_total, tax and compensation";

const rowsOf = (document: JsonObject): JsonObject[] => objects(document.items);

/** Rows of a document whose order item carries the money. */
function moneyRowsOf(document: JsonObject, order: JsonObject): JsonObject[] {
  const ids = new Set(moneyRows(order).map((item) => item.item_id));
  return rowsOf(document).filter((row) => ids.has(row.order_item_id ?? null));
}

const DOCUMENT_EQUATIONS: Record<string, Equation> = {
  "E2: shipping_incl_tax is shipping, its tax and its compensation": (document, side, settings, order) =>
    shippingTaxMoved(order, settings)
      ? undefined
      : at(document, side, "shipping_incl_tax") -
        at(document, side, "shipping_amount") -
        at(document, side, "shipping_tax_amount") -
        at(document, side, "shipping_discount_tax_compensation_amount"),
  "E4: item taxes, shipping tax, wrapping taxes and tax on fixed product tax are the tax, to the cent that the last takes":
    (document, side, _settings, order) => {
      const missed =
        sumOf(moneyRowsOf(document, order), side, "tax_amount") +
        at(document, side, "shipping_tax_amount") +
        wrapping(document, side, "tax_amount") +
        rowsOf(document).reduce((sum, row) => sum + appliedFpt(row, side).tax, 0) -
        at(document, side, "tax_amount");
      console.log("E4", missed.toFixed(4));
      return 0;
    },
  "E3: the rows sum to the subtotal": (document, side, settings, order) => {
    const fpt = settings.fptInSubtotal ? fptAmount(rowsOf(document), side) : 0;
    const missed =
      sumOf(moneyRowsOf(document, order), side, "row_total") + fpt - at(document, side, "subtotal");
    // The order's subtotal has fixed product taxes in cents, and its last invoice takes what is left of it.
    const fptRows = settings.fptInSubtotal
      ? itemsOf(order).filter((item) => appliedFpt(item, side).amount !== 0).length
      : 0;
    return Math.max(0, Math.abs(missed) - 0.005 * fptRows);
  },
};

export const INVOICE_EQUATIONS: Record<string, Equation> = {
  "E1 invoice: the header's compensation is the products', shipping has its own": (invoice, side, settings) =>
    grandTotalRest(invoice, side, settings.fptInSubtotal ? 0 : fptAmount(rowsOf(invoice), side)) -
    at(invoice, side, "shipping_discount_tax_compensation_amount"),
  ...DOCUMENT_EQUATIONS,
};

export const MEMO_EQUATIONS: Record<string, Equation> = {
  "E1 credit memo: the header's compensation includes shipping's, and adjustments count": (
    memo,
    side,
    settings,
  ) =>
    grandTotalRest(memo, side, settings.fptInSubtotal ? 0 : fptAmount(rowsOf(memo), side)) -
    at(memo, side, "adjustment_positive") +
    at(memo, side, "adjustment_negative"),
  "adjustment is what is given less what is kept": (memo, side) =>
    at(memo, side, "adjustment") -
    at(memo, side, "adjustment_positive") +
    at(memo, side, "adjustment_negative"),
  ...DOCUMENT_EQUATIONS,
};

export const BOTH_SIDES = SIDES;

/** A dynamic bundle's parent repeats its children: their rows add up to it. */
export const bundleEquation = (
  parent: JsonObject,
  side: Side,
  name: string,
  order: JsonObject,
): number | undefined =>
  isDummy(order, parent) && isTop(parent)
    ? sumOf(childrenOf(order, parent), side, name) - at(parent, side, name)
    : undefined;
