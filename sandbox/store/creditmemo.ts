import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import type { DocumentIds, Draft, Quantities } from "./document-rows.ts";
import { bookRows, copiedFromOrder, draftRows, sumOfRows, weeeTotals } from "./document-rows.ts";
import { MagentoError } from "./errors.ts";
import { fieldOf } from "./fields.ts";
import type { WrappingShare } from "./gift-wrapping.ts";
import { putWrapping, wrappingShare, wrappingSum } from "./gift-wrapping.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import { isDummy, itemsOf, moneyLeft, moveState } from "./order-state.ts";
import { phpRound, round2, stored4 } from "./php.ts";
import { addTo, REFUNDING } from "./prorate.ts";
import { giveStoreCredit, storedValueLeft, takeStoredValue } from "./stored-value.ts";

export type RefundRequest = {
  ids: DocumentIds;
  /** A listed quantity of 0 counts as listed (magento.md 4, #14713). */
  quantities: Quantities;
  /** In base currency and without tax; undefined refunds what is left of shipping. */
  shippingAmount?: number;
  adjustmentPositive: number;
  adjustmentNegative: number;
  invoice?: JsonObject;
  online: boolean;
  fptInSubtotal: boolean;
  transactionId?: string;
  /** In base currency: what of the total goes to the customer's store credit instead of back by the way it was paid. */
  toStoreCredit?: number;
};

/** A credit memo with core's arithmetic, its last-takes-all rule and its known defects. */
export function refundOrder(order: JsonObject, request: RefundRequest): JsonObject {
  const { ids, quantities } = request;
  const items = itemsOf(order).filter((item) => quantities.has(textAt(item, "item_id")));
  // Only the listed rows are looked at: listing one whole item refunds the full order tax (#14713).
  const lastOfAll = items.every(
    (item) => isDummy(order, item) || REFUNDING.isLast(item, quantities.get(textAt(item, "item_id")) ?? 0),
  );
  const draft = draftRows({ order, stage: REFUNDING, ids, items, quantities });
  const memo = header(draft, request);
  const wrapping = { base: wrappingShare(draft, "base"), order: wrappingShare(draft, "order") };
  for (const side of SIDES) collectSide({ draft, request, memo, side, lastOfAll, wrapping: wrapping[side] });
  putWrapping(draft, memo, wrapping);
  assertRefundable(order, memo);
  takeStoredValue(order, memo, "refunded");
  if (request.toStoreCredit !== undefined) giveStoreCredit(order, memo, request.toStoreCredit);
  bookRows(draft);
  register(order, memo, request);
  return memo;
}

type SideInput = {
  draft: Draft;
  request: RefundRequest;
  memo: JsonObject;
  side: Side;
  lastOfAll: boolean;
  wrapping: WrappingShare;
};

function collectSide(input: SideInput): void {
  const { draft, request, memo, side, lastOfAll } = input;
  const { order } = draft;
  const own = (name: string): number => numberAt(order, fieldOf(side, name));
  const sum = (name: string): number => sumOfRows(draft, side, name);
  const shipping = shippingShare(input);
  const weee = weeeTotals(draft, side);
  const wrapping = wrappingSum(input.wrapping);
  const allowed = (name: string): number => own(REFUNDING.source(name)) - own(REFUNDING.used(name));
  const allowedCompensation =
    allowed("discount_tax_compensation_amount") +
    own("shipping_discount_tax_compensation_amount") -
    own("shipping_discount_tax_compensation_refunded");
  const wanted = sum("tax_amount") + shipping.tax + weee.tax + wrapping.tax;
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
    wrapping.price +
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
function shippingShare({ draft: { order }, request, side }: SideInput): ShippingShare {
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

function assertRefundable(order: JsonObject, memo: JsonObject): void {
  const total = numberAt(memo, "base_grand_total");
  const available = moneyLeft(order, "base");
  // A part that goes back to gift cards or store credit is not money and is not limited by money.
  if (round2(total) > round2(available + storedValueLeft(order))) {
    // Creditmemo\Validation\TotalsValidator: one of the findings that the service renders into its message.
    const finding = `The most money available to refund is ${round2(available)}.`;
    throw new MagentoError(400, `Creditmemo Document Validation Error(s):\n${finding}`);
  }
  if (total < 0) throw new MagentoError(400, "The credit memo's total must be positive.");
}

function header({ order, rows }: Draft, request: RefundRequest): JsonObject {
  const { ids } = request;
  return {
    ...copiedFromOrder(order),
    created_at: ids.at,
    email_sent: 1,
    entity_id: ids.entityId,
    increment_id: ids.incrementId,
    ...(request.invoice === undefined ? {} : { invoice_id: numberAt(request.invoice, "entity_id") }),
    state: 2,
    ...(request.transactionId === undefined ? {} : { transaction_id: request.transactionId }),
    updated_at: ids.at,
    items: rows,
    comments: [],
  };
}

/** The order's running sums, the payment and the state. */
function register(order: JsonObject, memo: JsonObject, request: RefundRequest): void {
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
