import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, textAt } from "./json.ts";
import { isDummy } from "./order-state.ts";
import { stored4 } from "./php.ts";
import type { Rounder, Stage } from "./prorate.ts";
import { addTo, documentRounder, shareOf } from "./prorate.ts";
import { weeeShare } from "./weee.ts";

export type DocumentIds = { entityId: number; incrementId: string; firstItemId: number; at: string };

/** Rows of an invoice or a credit memo under way, each beside the order item it takes its share from. */
export type Draft = {
  order: JsonObject;
  stage: Stage;
  items: readonly JsonObject[];
  rows: JsonObject[];
  round: Rounder;
};

/** Order item id to quantity. */
export type Quantities = ReadonlyMap<string, number>;

const ROW_AMOUNTS = [
  "row_total",
  "tax_amount",
  "discount_amount",
  "discount_tax_compensation_amount",
] as const;

/** Rows over some pieces of the given order items, with their shares on both sides, rounded over the document. */
export function draftRows(input: {
  order: JsonObject;
  stage: Stage;
  ids: DocumentIds;
  items: readonly JsonObject[];
  quantities: Quantities;
}): Draft {
  const { order, stage, ids, items, quantities } = input;
  const round = documentRounder();
  const rows = items.map((item, index) => {
    const quantity = quantities.get(textAt(item, "item_id")) ?? 0;
    const row = rowHead(item, ids, index, quantity);
    if (!isDummy(order, item)) putShares(row, item, { stage, quantity, round });
    return row;
  });
  return { order, stage, items, rows, round };
}

/** Members that a document repeats from its order. */
export function copiedFromOrder(order: JsonObject): JsonObject {
  const copied: JsonObject = {};
  for (const name of COPIED) {
    const value = order[name];
    if (value !== undefined) copied[name] = value;
  }
  return { ...copied, order_id: numberAt(order, "entity_id") };
}

export const sumOfRows = ({ rows }: Draft, side: Side, name: string): number =>
  rows.reduce((total, row) => total + numberAt(row, fieldOf(side, name)), 0);

/** The fixed product taxes of the rows, written into them and added up. */
export function weeeTotals(draft: Draft, side: Side): { amount: number; tax: number } {
  const { order, items, rows, stage, round } = draft;
  let amount = 0;
  let tax = 0;
  items.forEach((item, index) => {
    const row = rows[index];
    if (row === undefined || isDummy(order, item) || numberAt(row, "qty") === 0) return;
    const quantity = numberAt(row, "qty");
    const share = weeeShare({ item, side, quantity, round, last: stage.isLast(item, quantity) });
    if (share === undefined) return;
    row[fieldOf(side, "weee_tax_applied_row_amount")] = share.amount;
    row[fieldOf(side, "weee_tax_applied_amount")] = numberAt(item, fieldOf(side, "weee_tax_applied_amount"));
    if (side === "order") row.weee_tax_applied = share.text;
    amount += share.amount;
    tax += share.tax;
  });
  return { amount, tax };
}

/** The order items' running sums of what has been invoiced or refunded. */
export function bookRows({ items, rows, stage }: Draft): void {
  items.forEach((item, index) => {
    const row = rows[index] ?? {};
    addTo(item, stage.quantityUsed, numberAt(row, "qty"));
    if (row.row_total === undefined) return;
    for (const side of SIDES) {
      for (const name of ROW_AMOUNTS) {
        addTo(item, fieldOf(side, stage.used(name)), numberAt(row, fieldOf(side, name)));
      }
    }
  });
}

const COPIED = [
  "base_currency_code",
  "base_to_global_rate",
  "base_to_order_rate",
  "billing_address_id",
  "global_currency_code",
  "order_currency_code",
  "store_currency_code",
  "store_id",
  "store_to_base_rate",
  "store_to_order_rate",
];

function rowHead(item: JsonObject, ids: DocumentIds, index: number, quantity: number): JsonObject {
  const row: JsonObject = {
    base_price: numberAt(item, "base_price"),
    entity_id: ids.firstItemId + index,
    name: textAt(item, "name"),
    order_item_id: numberAt(item, "item_id"),
    parent_id: ids.entityId,
    price: numberAt(item, "price"),
    product_id: numberAt(item, "product_id"),
    qty: quantity,
    sku: textAt(item, "sku"),
  };
  for (const name of ["price_incl_tax", "base_price_incl_tax"]) {
    if (item[name] !== undefined) row[name] = numberAt(item, name);
  }
  return row;
}

function putShares(
  row: JsonObject,
  item: JsonObject,
  input: { stage: Stage; quantity: number; round: Rounder },
): void {
  const { stage, quantity, round } = input;
  const share = (name: string, side: Side): number => shareOf({ item, name, side, stage, quantity, round });
  for (const side of SIDES) {
    row[fieldOf(side, "row_total")] = stored4(share("row_total", side));
    const inclusive = numberAt(item, fieldOf(side, "row_total_incl_tax"));
    const kind = side === "base" ? "including_base" : "including";
    row[fieldOf(side, "row_total_incl_tax")] = round(
      (inclusive / numberAt(item, "qty_ordered")) * quantity,
      kind,
    );
    row[fieldOf(side, "discount_amount")] = share("discount_amount", side);
    row[fieldOf(side, "tax_amount")] = share("tax_amount", side);
    row[fieldOf(side, "discount_tax_compensation_amount")] = share("discount_tax_compensation_amount", side);
  }
}
