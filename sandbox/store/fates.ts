import type { ActionContext, ItemQuantity } from "./actions.ts";
import { cancelOrder, createInvoice, createRefund, createShipment } from "./actions.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import type { Fate } from "./occasions.ts";
import { canRefund, isDummy, itemsOf, quantityToInvoice, quantityToRefund } from "./order-state.ts";
import { isOnline } from "./payments.ts";
import type { Random } from "./random.ts";
import { storedValueLeft } from "./stored-value.ts";
import { magentoTime } from "./time.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TRANSFER_DAYS = 2;
const WAITS_DAYS = 14;
const SECOND_INVOICE_DAYS = 10;

/** Takes an order from where it was placed to where it is now; what has not come yet by then does not happen. */
export function befall(input: {
  context: ActionContext;
  order: JsonObject;
  fate: Fate;
  random: Random;
  placedMs: number;
  nowMs: number;
}): void {
  const { context, order, fate, random, placedMs, nowMs } = input;
  const id = numberAt(order, "entity_id");
  const online = isOnline(textAt(objectAt(order, "payment"), "method"));
  const ageMs = nowMs - placedMs;
  const after = (ms: number): ActionContext => ({
    ...context,
    now: magentoTime(new Date(Math.min(placedMs + ms, nowMs))),
  });
  switch (fate) {
    case "canceled":
      cancelOrder(after(HOUR_MS), id);
      return;
    case "edited":
      return;
    case "waits":
      if (ageMs < WAITS_DAYS * DAY_MS) return;
      deliver({ after, id, online, ageMs });
      return;
    case "partlyInvoiced":
      invoicePart(after(DAY_MS), order, online);
      if (ageMs > SECOND_INVOICE_DAYS * DAY_MS)
        createInvoice(after(SECOND_INVOICE_DAYS * DAY_MS), { orderId: id, items: [], capture: online });
      return;
    case "delivered":
      deliver({ after, id, online, ageMs });
      return;
    case "refunded":
    case "partlyRefunded":
      deliver({ after, id, online, ageMs: Math.max(ageMs, (TRANSFER_DAYS + 1) * DAY_MS) });
      refund(after((TRANSFER_DAYS + 4) * DAY_MS), { id, online, random, isWhole: fate === "refunded" });
      return;
    default:
      fate satisfies never;
  }
}

/** Paid at once or by a transfer of some days, and sent a day later. */
function deliver(input: {
  after: (ms: number) => ActionContext;
  id: number;
  online: boolean;
  ageMs: number;
}): void {
  const { after, id, online, ageMs } = input;
  const paidMs = online ? 60_000 : TRANSFER_DAYS * DAY_MS;
  if (ageMs < paidMs) return;
  createInvoice(after(paidMs), { orderId: id, items: [], capture: online });
  if (ageMs > paidMs + DAY_MS) ship(after(paidMs + DAY_MS), id);
}

export function ship(context: ActionContext, id: number): void {
  const order = context.transaction.get("orders", id);
  if (order === undefined || numberAt(order, "is_virtual") === 1) return;
  createShipment(context, {
    orderId: id,
    items: [],
    tracks: [
      { track_number: `DEMO${String(id).padStart(8, "0")}`, title: "Demo Post", carrier_code: "custom" },
    ],
    sourceCode: "default",
  });
}

/** What is on the shelf is sent and invoiced; the rest follows. Everything, when there is one piece. */
function invoicePart(context: ActionContext, order: JsonObject, online: boolean): void {
  const rows = itemsOf(order).filter((item) => !isDummy(order, item) && quantityToInvoice(item) > 0);
  const [first] = rows;
  const id = numberAt(order, "entity_id");
  if (first === undefined) return;
  const half = Math.floor(quantityToInvoice(first) / 2);
  const items: ItemQuantity[] =
    half > 0 || rows.length > 1
      ? [{ order_item_id: numberAt(first, "item_id"), qty: Math.max(1, half) }]
      : [];
  createInvoice(context, { orderId: id, items, capture: online });
}

/** An order that a coupon paid for is closed once it is sent: there is nothing to give back. */
const hasMoneyBack = (order: JsonObject): boolean =>
  textAt(order, "state") !== "closed" && (canRefund(order) || storedValueLeft(order) > 0);

/** Gives back everything, or one piece of one row; nothing, where nothing was paid. */
export function refund(
  context: ActionContext,
  input: { id: number; online: boolean; random: Random; isWhole: boolean },
): void {
  const { id, online, random, isWhole } = input;
  const order = context.transaction.get("orders", id);
  if (order === undefined || !hasMoneyBack(order)) return;
  const invoice = context.transaction.ofOrder("invoices", id)[0];
  const rows = itemsOf(order).filter((item) => !isDummy(order, item) && quantityToRefund(item) > 0);
  const chosen = random.int(0, Math.max(0, rows.length - 1));
  createRefund(context, {
    orderId: id,
    // Every item is listed, with 0 for what stays: listing one alone refunds all tax (magento.md 4, #14713).
    items: isWhole
      ? []
      : rows.map((item, index) => ({
          order_item_id: numberAt(item, "item_id"),
          qty: index === chosen ? Math.min(1, quantityToRefund(item)) : 0,
        })),
    online: online && invoice !== undefined,
    ...(invoice && online ? { invoice } : {}),
    ...(isWhole ? {} : { shippingAmount: 0 }),
    adjustmentPositive: 0,
    adjustmentNegative: 0,
  });
}
