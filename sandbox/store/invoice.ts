import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import { isDummy, itemsOf, moveState, quantityToInvoice } from "./order-state.ts";
import { phpRound, stored4 } from "./php.ts";
import type { Rounder } from "./prorate.ts";
import { addTo, documentRounder, INVOICING, shareOf } from "./prorate.ts";
import { takeStoredValue } from "./stored-value.ts";
import { weeeShare } from "./weee.ts";

export type DocumentIds = { entityId: number; incrementId: string; firstItemId: number; at: string };

export type InvoiceRequest = {
  ids: DocumentIds;
  /** Order item id to quantity; an item that is not listed is not invoiced. */
  quantities: ReadonlyMap<string, number>;
  earlier: readonly JsonObject[];
  fptInSubtotal: boolean;
  transactionId?: string;
};

/** An invoice over some pieces of an order, paid at once; changes the order's running sums and state. */
export function invoiceOrder(order: JsonObject, request: InvoiceRequest): JsonObject {
  const round = documentRounder();
  const items = itemsOf(order).filter((item) => (request.quantities.get(textAt(item, "item_id")) ?? 0) > 0);
  const quantityOf = (item: JsonObject): number => request.quantities.get(textAt(item, "item_id")) ?? 0;
  const lastOfAll = itemsOf(order).every(
    (item) =>
      isDummy(order, item) || quantityToInvoice(item) === quantityOf(item) || quantityToInvoice(item) === 0,
  );
  const rows = items.map((item, index) => {
    const row = rowHead(order, request.ids, item, index, quantityOf(item));
    if (!isDummy(order, item)) rowMoney({ row, item, quantity: quantityOf(item), round });
    return row;
  });
  const invoice = header(order, request, rows);
  for (const side of SIDES) collectSide({ order, request, invoice, items, rows, round, side, lastOfAll });
  takeStoredValue(order, invoice, "invoiced");
  register(order, invoice, items, rows);
  return invoice;
}

function rowHead(
  order: JsonObject,
  ids: DocumentIds,
  item: JsonObject,
  index: number,
  quantity: number,
): JsonObject {
  const row: JsonObject = {
    base_price: numberAt(item, "base_price"),
    entity_id: ids.firstItemId + index,
    name: textAt(item, "name"),
    parent_id: ids.entityId,
    price: numberAt(item, "price"),
    product_id: numberAt(item, "product_id"),
    sku: textAt(item, "sku"),
    order_item_id: numberAt(item, "item_id"),
    qty: quantity,
  };
  if (!isDummy(order, item)) {
    row.price_incl_tax = numberAt(item, "price_incl_tax");
    row.base_price_incl_tax = numberAt(item, "base_price_incl_tax");
  }
  return row;
}

function rowMoney(input: { row: JsonObject; item: JsonObject; quantity: number; round: Rounder }): void {
  const { row, item, quantity, round } = input;
  const last = quantity === quantityToInvoice(item);
  const share = (name: string, side: Side, negative = false): number =>
    shareOf({ item, name, side, stage: INVOICING, quantity, last, round, negative });
  for (const side of SIDES) {
    row[fieldOf(side, "row_total")] = stored4(share("row_total", side));
    const inclusive = numberAt(item, fieldOf(side, "row_total_incl_tax"));
    const kind = side === "base" ? "including_base" : "including";
    row[fieldOf(side, "row_total_incl_tax")] = round(
      (inclusive / numberAt(item, "qty_ordered")) * quantity,
      kind,
    );
    row[fieldOf(side, "discount_amount")] = share("discount_amount", side, true);
    row[fieldOf(side, "tax_amount")] = share("tax_amount", side);
    row[fieldOf(side, "discount_tax_compensation_amount")] = share("discount_tax_compensation_amount", side);
  }
}

type SideInput = {
  order: JsonObject;
  request: InvoiceRequest;
  invoice: JsonObject;
  items: readonly JsonObject[];
  rows: readonly JsonObject[];
  round: Rounder;
  side: Side;
  lastOfAll: boolean;
};

/** Invoice totals in Magento's order: subtotal, discount, shipping, tax, fixed product tax, grand total. */
function collectSide(input: SideInput): void {
  const { order, request, invoice, rows, side, lastOfAll } = input;
  const own = (name: string): number => numberAt(order, fieldOf(side, name));
  const sum = (name: string): number =>
    rows.reduce((total, row) => total + numberAt(row, fieldOf(side, name)), 0);
  // Shipping and its discount go to the first invoice whole (Invoice\Total\Shipping).
  const shipped = request.earlier.some(
    (earlier) => numberAt(earlier, "shipping_amount") !== 0 && numberAt(earlier, "state") !== 3,
  );
  const discounted = request.earlier.some((earlier) => numberAt(earlier, "discount_amount") !== 0);
  const shipping = (name: string): number => (shipped ? 0 : own(name));
  const weee = weeeTotals(input);
  const allowed = (name: string): number => own(name) - own(INVOICING.used(name));
  const capped = (name: string, amount: number): number =>
    lastOfAll ? allowed(name) : Math.min(allowed(name), amount);
  const subtotal = capped("subtotal", sum("row_total") + (request.fptInSubtotal ? weee.amount : 0));
  const tax = capped("tax_amount", sum("tax_amount") + shipping("shipping_tax_amount") + weee.tax);
  const compensation = capped("discount_tax_compensation_amount", sum("discount_tax_compensation_amount"));
  const discount = sum("discount_amount") + (discounted ? 0 : own("shipping_discount_amount"));
  const values = {
    subtotal,
    subtotal_incl_tax: sum("row_total_incl_tax") + weee.amount + weee.tax,
    discount_amount: discount === 0 ? 0 : -discount,
    discount_tax_compensation_amount: compensation,
    shipping_amount: shipping("shipping_amount"),
    shipping_incl_tax: shipping("shipping_incl_tax"),
    shipping_tax_amount: shipping("shipping_tax_amount"),
    shipping_discount_tax_compensation_amount: shipping("shipping_discount_tax_compensation_amount"),
    tax_amount: tax,
  };
  const grandTotal =
    values.subtotal +
    values.discount_amount +
    values.shipping_amount +
    values.tax_amount +
    values.discount_tax_compensation_amount +
    values.shipping_discount_tax_compensation_amount +
    (request.fptInSubtotal ? 0 : weee.amount);
  for (const [name, value] of Object.entries(values)) invoice[fieldOf(side, name)] = stored4(value);
  invoice[fieldOf(side, "grand_total")] = phpRound(grandTotal, 4);
}

function weeeTotals({ items, rows, round, side, order }: SideInput): { amount: number; tax: number } {
  let amount = 0;
  let tax = 0;
  items.forEach((item, index) => {
    const row = rows[index];
    if (row === undefined || isDummy(order, item)) return;
    const share = weeeShare({
      item,
      side,
      quantity: numberAt(row, "qty"),
      round,
      last: numberAt(row, "qty") === quantityToInvoice(item),
    });
    if (share === undefined) return;
    row[fieldOf(side, "weee_tax_applied_row_amount")] = share.amount;
    row[fieldOf(side, "weee_tax_applied_amount")] = numberAt(item, fieldOf(side, "weee_tax_applied_amount"));
    if (side === "order") row.weee_tax_applied = share.text;
    amount += share.amount;
    tax += share.tax;
  });
  return { amount, tax };
}

function header(order: JsonObject, request: InvoiceRequest, rows: JsonObject[]): JsonObject {
  const { ids } = request;
  const copied: JsonObject = {};
  for (const name of [
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
  ]) {
    const value = order[name];
    if (value !== undefined) copied[name] = value;
  }
  const quantity = rows
    .filter((_, index) => {
      const item = itemsOf(order).find((candidate) => candidate.item_id === rows[index]?.order_item_id);
      return item !== undefined && !isDummy(order, item);
    })
    .reduce((sum, row) => sum + numberAt(row, "qty"), 0);
  return {
    ...copied,
    can_void_flag: 0,
    created_at: ids.at,
    email_sent: 1,
    entity_id: ids.entityId,
    increment_id: ids.incrementId,
    order_id: numberAt(order, "entity_id"),
    state: 2,
    total_qty: stored4(quantity),
    ...(request.transactionId === undefined ? {} : { transaction_id: request.transactionId }),
    updated_at: ids.at,
    items: rows,
    comments: [],
  };
}

/** Invoice::register and pay: the order's running sums, the payment and the state. */
function register(
  order: JsonObject,
  invoice: JsonObject,
  items: readonly JsonObject[],
  rows: readonly JsonObject[],
): void {
  items.forEach((item, index) => {
    const row = rows[index] ?? {};
    addTo(item, "qty_invoiced", numberAt(row, "qty"));
    if (row.row_total === undefined) return;
    for (const side of SIDES) {
      for (const name of ["row_total", "tax_amount", "discount_amount", "discount_tax_compensation_amount"]) {
        addTo(item, fieldOf(side, INVOICING.used(name)), numberAt(row, fieldOf(side, name)));
      }
    }
  });
  const payment = objectAt(order, "payment");
  for (const side of SIDES) {
    const total = numberAt(invoice, fieldOf(side, "grand_total"));
    for (const name of [
      "subtotal",
      "tax_amount",
      "discount_amount",
      "shipping_amount",
      "discount_tax_compensation_amount",
    ]) {
      addTo(order, fieldOf(side, INVOICING.used(name)), numberAt(invoice, fieldOf(side, name)));
    }
    addTo(order, fieldOf(side, "total_invoiced"), total);
    addTo(order, fieldOf(side, "total_paid"), total);
    const due = numberAt(order, fieldOf(side, "grand_total")) - numberAt(order, fieldOf(side, "total_paid"));
    order[fieldOf(side, "total_due")] = stored4(due);
    addTo(payment, fieldOf(side, "amount_paid"), total);
    addTo(payment, fieldOf(side, "shipping_captured"), numberAt(invoice, fieldOf(side, "shipping_amount")));
  }
  addTo(order, "base_total_invoiced_cost", 0);
  if (invoice.transaction_id !== undefined) {
    payment.last_trans_id = invoice.transaction_id;
    addTo(payment, "base_amount_paid_online", numberAt(invoice, "base_grand_total"));
  }
  order.updated_at = textAt(invoice, "created_at");
  moveState(order, true);
}
