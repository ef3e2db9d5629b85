import type { Side } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { isObject, numberAt, objectAt, objects, textAt } from "./json.ts";

/** What an order still allows, and the state it moves to on save (magento.md 7, ResourceModel/Order/Handler/State). */

export const itemsOf = (order: JsonObject): JsonObject[] => objects(order.items);

export const isTop = (item: JsonObject): boolean =>
  item.parent_item_id === undefined || item.parent_item_id === null || item.parent_item_id === "";

export const childrenOf = (order: JsonObject, item: JsonObject): JsonObject[] =>
  itemsOf(order).filter((other) => !isTop(other) && String(other.parent_item_id) === String(item.item_id));

/** No flag tells a dynamic bundle; its children carry row totals (magento.md 3). */
const isDynamicBundle = (order: JsonObject, item: JsonObject): boolean =>
  childrenOf(order, item).some((child) => numberAt(child, "row_total") !== 0);

/**
 * A dummy row has no money of its own in documents: the children of a configurable or fixed bundle, and the
 * parent of a dynamic bundle (Sales\Order\Item::isDummy).
 */
export function isDummy(order: JsonObject, item: JsonObject): boolean {
  if (isTop(item)) return isDynamicBundle(order, item);
  const parent = itemsOf(order).find((other) => String(other.item_id) === String(item.parent_item_id));
  return parent === undefined || !isDynamicBundle(order, parent);
}

const positive = (quantity: number): number => Math.max(0, Math.round(quantity * 10_000) / 10_000);

export const quantityToInvoice = (item: JsonObject): number =>
  positive(numberAt(item, "qty_ordered") - numberAt(item, "qty_invoiced") - numberAt(item, "qty_canceled"));

export const quantityToRefund = (item: JsonObject): number =>
  positive(numberAt(item, "qty_invoiced") - numberAt(item, "qty_refunded"));

export const quantityToShip = (item: JsonObject): number =>
  numberAt(item, "is_virtual") === 1
    ? 0
    : positive(
        numberAt(item, "qty_ordered") -
          Math.max(numberAt(item, "qty_shipped"), numberAt(item, "qty_refunded")) -
          numberAt(item, "qty_canceled"),
      );

export const quantityToCancel = (item: JsonObject): number =>
  numberAt(item, "is_virtual") === 1
    ? quantityToInvoice(item)
    : Math.min(quantityToInvoice(item), quantityToShip(item));

const BLOCKED_STATES = new Set(["canceled", "complete", "closed", "holded", "payment_review"]);

const isBlocked = (order: JsonObject): boolean => BLOCKED_STATES.has(textAt(order, "state"));

export const canInvoice = (order: JsonObject): boolean =>
  !isBlocked(order) && itemsOf(order).some((item) => !isDummy(order, item) && quantityToInvoice(item) > 0);

export const canShip = (order: JsonObject): boolean =>
  !["canceled", "holded", "payment_review"].includes(textAt(order, "state")) &&
  numberAt(order, "is_virtual") !== 1 &&
  itemsOf(order).some((item) => isTop(item) && quantityToShip(item) > 0);

/** Money that came in and has gone back neither as money nor, by choice, as store credit. */
export function moneyLeft(order: JsonObject, side: Side): number {
  const values = objectAt(order, "extension_attributes");
  const asCredit =
    numberAt(values, fieldOf(side, "customer_balance_total_refunded")) -
    numberAt(values, fieldOf(side, "customer_balance_refunded"));
  return (
    numberAt(order, fieldOf(side, "total_paid")) - numberAt(order, fieldOf(side, "total_refunded")) - asCredit
  );
}

/** Sales\Order::canCreditmemo, and CustomerBalance's say in it. */
export const canRefund = (order: JsonObject): boolean =>
  !["canceled", "closed", "holded", "payment_review"].includes(textAt(order, "state")) &&
  moneyLeft(order, "order") >= 0.0001;

export const canCancel = (order: JsonObject): boolean =>
  !isBlocked(order) && itemsOf(order).some((item) => !isDummy(order, item) && quantityToCancel(item) > 0);

export const canHold = (order: JsonObject): boolean => !isBlocked(order);

const NOT_ALLOWED = {
  Invoice: {
    states: BLOCKED_STATES,
    named: "An invoice cannot be created when an order has a status of",
    plain: "The order does not allow an invoice to be created.",
  },
  Shipment: {
    states: new Set(["canceled", "holded", "payment_review"]),
    named: "A shipment cannot be created when an order has a status of",
    plain: "The order does not allow a shipment to be created.",
  },
  Creditmemo: {
    states: new Set(["canceled", "closed", "holded", "payment_review"]),
    named: "A creditmemo can not be created when an order has a status of",
    plain: "The order does not allow a creditmemo to be created.",
  },
} as const;

/** A state that forbids a document is told by its status (Order\Validation\CanInvoice, CanShip, CanRefund). */
export function notAllowed(order: JsonObject, document: keyof typeof NOT_ALLOWED): string {
  const { states, named, plain } = NOT_ALLOWED[document];
  const isNamed =
    states.has(textAt(order, "state")) || (document === "Shipment" && numberAt(order, "is_virtual") === 1);
  return isNamed ? `${named} ${textAt(order, "status")}` : plain;
}

/** Applies the state handler after a document was saved; inProcess when an invoice or shipment was made. */
export function moveState(order: JsonObject, inProcess: boolean): void {
  const setState = (state: string): void => {
    order.state = state;
    order.status = state;
  };
  if (textAt(order, "state") === "new" && inProcess) setState("processing");
  if (textAt(order, "state") === "canceled" || textAt(order, "state") === "holded" || canInvoice(order))
    return;
  const state = textAt(order, "state");
  if ((state === "processing" || state === "complete") && !canRefund(order) && !canShip(order)) {
    setState("closed");
  } else if (state === "processing" && !canShip(order)) {
    setState("complete");
  }
}

/**
 * An order repeats its items: each child holds its parent, and the shipping assignment lists them all. Magento
 * reads the same rows for every copy, so the copies follow after a change.
 */
export function refreshCopies(order: JsonObject): void {
  const byId = new Map(itemsOf(order).map((item) => [textAt(item, "item_id"), item]));
  for (const item of byId.values()) {
    const parent = byId.get(textAt(item, "parent_item_id"));
    if (isObject(item.parent_item) && parent !== undefined) item.parent_item = parent;
  }
  for (const assignment of objects(objectAt(order, "extension_attributes").shipping_assignments)) {
    assignment.items = objects(assignment.items).map((item) => byId.get(textAt(item, "item_id")) ?? item);
  }
}
