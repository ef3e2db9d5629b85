import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import { MagentoError } from "./errors.ts";
import { fieldOf } from "./fields.ts";
import type { DocumentIds } from "./invoice.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import { isDummy, itemsOf, moveState, quantityToInvoice, quantityToRefund } from "./order-state.ts";
import { phpRound, round2, stored4 } from "./php.ts";
import type { Rounder } from "./prorate.ts";
import { addTo, documentRounder, REFUNDING, shareOf } from "./prorate.ts";
import { takeStoredValue } from "./stored-value.ts";
import { weeeShare } from "./weee.ts";

export type RefundRequest = {
  ids: DocumentIds;
  /** Order item id to quantity; a listed quantity of 0 counts as listed (magento.md 4, #14713). */
  quantities: ReadonlyMap<string, number>;
  /** In base currency and without tax; undefined refunds what is left of shipping. */
  shippingAmount?: number;
  adjustmentPositive: number;
  adjustmentNegative: number;
  invoice?: JsonObject;
  online: boolean;
  fptInSubtotal: boolean;
  transactionId?: string;
};

/** A credit memo with core's arithmetic, its last-takes-all rule and its known defects. */
export function refundOrder(order: JsonObject, request: RefundRequest): JsonObject {
  const round = documentRounder();
  const listed = itemsOf(order).filter((item) => request.quantities.has(textAt(item, "item_id")));
  const quantityOf = (item: JsonObject): number => request.quantities.get(textAt(item, "item_id")) ?? 0;
  // Only the listed rows are looked at: listing one whole item refunds the full order tax (#14713).
  const lastOfAll = listed.every((item) => isDummy(order, item) || isLast(item, quantityOf(item)));
  const rows = listed.map((item, index) => {
    const quantity = quantityOf(item);
    const row = rowHead(item, request.ids, index, quantity);
    if (!isDummy(order, item)) rowMoney({ row, item, quantity, round });
    return row;
  });
  const memo = header(order, request, rows);
  for (const side of SIDES) collectSide({ order, request, memo, listed, rows, round, side, lastOfAll });
  assertRefundable(order, memo);
  takeStoredValue(order, memo, "refunded");
  register(order, memo, request, listed, rows);
  return memo;
}

const isLast = (item: JsonObject, quantity: number): boolean =>
  quantity === quantityToRefund(item) && quantityToInvoice(item) === 0;

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

function rowMoney(input: { row: JsonObject; item: JsonObject; quantity: number; round: Rounder }): void {
  const { row, item, quantity, round } = input;
  const last = isLast(item, quantity);
  const share = (name: string, side: Side, negative = false): number =>
    quantity === 0 && !last
      ? 0
      : shareOf({ item, name, side, stage: REFUNDING, quantity, last, round, negative });
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
  request: RefundRequest;
  memo: JsonObject;
  listed: readonly JsonObject[];
  rows: readonly JsonObject[];
  round: Rounder;
  side: Side;
  lastOfAll: boolean;
};

function collectSide(input: SideInput): void {
  const { order, request, memo, rows, side, lastOfAll } = input;
  const own = (name: string): number => numberAt(order, fieldOf(side, name));
  const sum = (name: string): number =>
    rows.reduce((total, row) => total + numberAt(row, fieldOf(side, name)), 0);
  const shipping = shippingShare(input);
  const weee = weeeTotals(input);
  const allowed = (name: string): number => own(REFUNDING.source(name)) - own(REFUNDING.used(name));
  const allowedCompensation =
    allowed("discount_tax_compensation_amount") +
    own("shipping_discount_tax_compensation_amount") -
    own("shipping_discount_tax_compensation_refunded");
  const wanted = sum("tax_amount") + shipping.tax + weee.tax;
  const wantedCompensation = sum("discount_tax_compensation_amount") + shipping.compensation;
  const takesAll = lastOfAll && !shipping.partial;
  const tax = takesAll ? allowed("tax_amount") : Math.min(allowed("tax_amount"), wanted);
  const compensation = takesAll ? allowedCompensation : Math.min(allowedCompensation, wantedCompensation);
  const subtotal = sum("row_total") + (request.fptInSubtotal ? weee.amount : 0);
  const discount = sum("discount_amount") + shipping.discount;
  const rate = side === "base" ? 1 : numberAt(order, "base_to_order_rate") || 1;
  const positive = round2(request.adjustmentPositive * rate);
  const negative = round2(request.adjustmentNegative * rate);
  const values: Record<string, number> = {
    subtotal,
    subtotal_incl_tax: sum("row_total_incl_tax") + weee.amount + weee.tax,
    discount_amount: discount === 0 ? 0 : -discount,
    // Here the header's compensation includes the shipping part (magento.md 4, E1 credit memo).
    discount_tax_compensation_amount: compensation,
    shipping_amount: shipping.amount,
    shipping_incl_tax: shipping.inclusive,
    shipping_tax_amount: shipping.tax,
    shipping_discount_tax_compensation_amount: shipping.compensation,
    tax_amount: tax,
    adjustment: positive - negative,
    adjustment_positive: positive,
    adjustment_negative: negative,
  };
  const grandTotal =
    subtotal -
    discount +
    shipping.amount +
    tax +
    compensation +
    (request.fptInSubtotal ? 0 : weee.amount) +
    positive -
    negative;
  for (const [name, value] of Object.entries(values)) memo[fieldOf(side, name)] = stored4(value);
  memo[fieldOf(side, "grand_total")] = phpRound(grandTotal, 4);
}

type ShippingShare = {
  amount: number;
  inclusive: number;
  tax: number;
  compensation: number;
  discount: number;
  partial: boolean;
};

/** Creditmemo\Total\Shipping, Tax and Discount for the shipping part. */
function shippingShare({ order, request, side }: SideInput): ShippingShare {
  const own = (name: string, of: Side = side): number => numberAt(order, fieldOf(of, name));
  const allowedBase = own("shipping_amount", "base") - own("shipping_refunded", "base");
  const wantedBase = request.shippingAmount === undefined ? allowedBase : round2(request.shippingAmount);
  if (wantedBase >= round2(allowedBase) + 0.0001) {
    throw new MagentoError(400, "Maximum shipping amount allowed to refund is: %1", [allowedBase.toFixed(2)]);
  }
  const none = {
    amount: 0,
    inclusive: 0,
    tax: 0,
    compensation: 0,
    discount: 0,
    partial: own("shipping_tax_amount") > 0,
  };
  const whole = own("shipping_amount", "base");
  if (whole === 0 || wantedBase === 0) return { ...none, partial: whole !== 0 && none.partial };
  const ratio = wantedBase / whole;
  const all = wantedBase > allowedBase - 0.0001;
  const left = (name: string, used: string): number => own(name) - own(used);
  return {
    amount: all ? left("shipping_amount", "shipping_refunded") : round2(own("shipping_amount") * ratio),
    inclusive: round2(own("shipping_incl_tax") * ratio),
    tax: all
      ? left("shipping_tax_amount", "shipping_tax_refunded")
      : round2(own("shipping_tax_amount") * ratio),
    compensation: all
      ? left("shipping_discount_tax_compensation_amount", "shipping_discount_tax_compensation_refunded")
      : round2(own("shipping_discount_tax_compensation_amount") * ratio),
    discount: own("shipping_discount_amount") * ratio,
    partial: !all && own("shipping_tax_amount") > 0,
  };
}

function weeeTotals({ listed, rows, round, side, order }: SideInput): { amount: number; tax: number } {
  let amount = 0;
  let tax = 0;
  listed.forEach((item, index) => {
    const row = rows[index];
    if (row === undefined || isDummy(order, item) || numberAt(row, "qty") === 0) return;
    const quantity = numberAt(row, "qty");
    const share = weeeShare({ item, side, quantity, round, last: isLast(item, quantity) });
    if (share === undefined) return;
    row[fieldOf(side, "weee_tax_applied_row_amount")] = share.amount;
    row[fieldOf(side, "weee_tax_applied_amount")] = numberAt(item, fieldOf(side, "weee_tax_applied_amount"));
    if (side === "order") row.weee_tax_applied = share.text;
    amount += share.amount;
    tax += share.tax;
  });
  return { amount, tax };
}

function assertRefundable(order: JsonObject, memo: JsonObject): void {
  const total = numberAt(memo, "base_grand_total");
  const available = numberAt(order, "base_total_paid") - numberAt(order, "base_total_refunded");
  // A part that goes back to gift cards or store credit is not money and is not limited by money.
  const values = objectAt(order, "extension_attributes");
  const stored = ["gift_cards", "customer_balance", "reward_currency"].reduce(
    (sum, tender) =>
      sum + numberAt(values, `base_${tender}_invoiced`) - numberAt(values, `base_${tender}_refunded`),
    0,
  );
  if (round2(total) > round2(available + stored)) {
    throw new MagentoError(400, "The most money available to refund is %1.", [available.toFixed(2)]);
  }
  if (total < 0) throw new MagentoError(400, "The credit memo's total must be positive.");
}

function header(order: JsonObject, request: RefundRequest, rows: JsonObject[]): JsonObject {
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
  return {
    ...copied,
    created_at: ids.at,
    email_sent: 1,
    entity_id: ids.entityId,
    increment_id: ids.incrementId,
    ...(request.invoice === undefined ? {} : { invoice_id: numberAt(request.invoice, "entity_id") }),
    order_id: numberAt(order, "entity_id"),
    state: 2,
    ...(request.transactionId === undefined ? {} : { transaction_id: request.transactionId }),
    updated_at: ids.at,
    items: rows,
    comments: [],
  };
}

function register(
  order: JsonObject,
  memo: JsonObject,
  request: RefundRequest,
  listed: readonly JsonObject[],
  rows: readonly JsonObject[],
): void {
  listed.forEach((item, index) => {
    const row = rows[index] ?? {};
    addTo(item, "qty_refunded", numberAt(row, "qty"));
    if (row.row_total === undefined) return;
    for (const side of SIDES) {
      for (const name of ["row_total", "tax_amount", "discount_amount", "discount_tax_compensation_amount"]) {
        addTo(item, fieldOf(side, REFUNDING.used(name)), numberAt(row, fieldOf(side, name)));
      }
    }
  });
  const payment = objectAt(order, "payment");
  for (const side of SIDES) {
    const amount = (name: string): number => numberAt(memo, fieldOf(side, name));
    const shippingCompensation = amount("shipping_discount_tax_compensation_amount");
    const sums: [string, number][] = [
      ["subtotal_refunded", amount("subtotal")],
      ["tax_refunded", amount("tax_amount")],
      ["discount_refunded", amount("discount_amount")],
      ["shipping_refunded", amount("shipping_amount")],
      ["shipping_tax_refunded", amount("shipping_tax_amount")],
      [
        "discount_tax_compensation_refunded",
        amount("discount_tax_compensation_amount") - shippingCompensation,
      ],
      ["shipping_discount_tax_compensation_refunded", shippingCompensation],
      ["adjustment_positive", amount("adjustment_positive")],
      ["adjustment_negative", amount("adjustment_negative")],
      ["total_refunded", amount("grand_total")],
      [request.online ? "total_online_refunded" : "total_offline_refunded", amount("grand_total")],
    ];
    for (const [name, value] of sums) addTo(order, fieldOf(side, name), value);
    addTo(payment, fieldOf(side, "amount_refunded"), amount("grand_total"));
    addTo(payment, fieldOf(side, "shipping_refunded"), amount("shipping_amount"));
  }
  if (request.online) addTo(payment, "base_amount_refunded_online", numberAt(memo, "base_grand_total"));
  order.updated_at = textAt(memo, "created_at");
  moveState(order, false);
}
