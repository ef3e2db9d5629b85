import { SIDES } from "./cart.ts";
import { refundOrder } from "./creditmemo.ts";
import type { DocumentIds } from "./document-rows.ts";
import { MagentoError, noSuchEntity } from "./errors.ts";
import { fieldOf } from "./fields.ts";
import { invoiceOrder } from "./invoice.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, objects, textAt } from "./json.ts";
import {
  canCancel,
  canHold,
  canInvoice,
  canRefund,
  canShip,
  childrenOf,
  isDummy,
  isTop,
  itemsOf,
  notAllowed,
  quantityToCancel,
  quantityToInvoice,
  quantityToRefund,
  quantityToShip,
  refreshCopies,
} from "./order-state.ts";
import { putTransaction } from "./payment-transactions.ts";
import { isOnline } from "./payments.ts";
import { stored4 } from "./php.ts";
import { shipOrder } from "./shipment.ts";
import type { Shop } from "./shop.ts";
import type { Transaction } from "./state.ts";
import { storedValueLeft } from "./stored-value.ts";

export type ActionContext = { transaction: Transaction; shop: Shop; now: string };
export type ItemQuantity = { order_item_id: number; qty: number };

export function orderOf(transaction: Transaction, id: string | number): JsonObject {
  const order = transaction.get("orders", id);
  if (order === undefined) throw noSuchEntity();
  return order;
}

function saveOrder(context: ActionContext, order: JsonObject): void {
  refreshCopies(order);
  context.transaction.put("orders", order);
}

/** POST order/:id/invoice. Without items everything that is left is invoiced. */
export function createInvoice(
  context: ActionContext,
  input: { orderId: string | number; items: readonly ItemQuantity[]; capture: boolean },
): JsonObject {
  const { transaction, shop } = context;
  const order = orderOf(transaction, input.orderId);
  if (!canInvoice(order)) throw refused("Invoice", notAllowed(order, "Invoice"));
  const quantities = expand(order, input.items, {
    document: "Invoice",
    left: quantityToInvoice,
    tooMany: 'The quantity to invoice must not be greater than the uninvoiced quantity for product SKU "%1".',
    foreign: "The invoice contains one or more items that are not part of the original order.",
  });
  if (![...quantities.values()].some((quantity) => quantity > 0)) {
    throw refused("Invoice", "The invoice can't be created without products. Add products and try again.");
  }
  const method = textAt(objectAt(order, "payment"), "method");
  const online = isOnline(method) && input.capture;
  const ids = documentIds(context, "invoices", order);
  const transactionId = online
    ? `demo-${method}-${textAt(order, "increment_id")}-${ids.entityId}`
    : undefined;
  const invoice = invoiceOrder(order, {
    ids,
    quantities,
    earlier: transaction.ofOrder("invoices", textAt(order, "entity_id")),
    fptInSubtotal: shop.settings.fptInSubtotal,
    ...(transactionId === undefined ? {} : { transactionId }),
  });
  if (transactionId !== undefined) {
    putTransaction(context, order, transactionId, "capture");
    addHistory(
      context,
      order,
      "invoice",
      `Captured amount of ${money(invoice)} online. Transaction ID: "${transactionId}"`,
    );
  }
  transaction.put("invoices", invoice);
  saveOrder(context, order);
  return invoice;
}

/** The gateway holds the order's total until an invoice captures it; no money has moved (payment action "authorize"). */
export function authorizeOrder(context: ActionContext, orderId: string | number): void {
  const order = orderOf(context.transaction, orderId);
  const payment = objectAt(order, "payment");
  const method = textAt(payment, "method");
  if (!isOnline(method))
    throw new MagentoError(400, `The method "${method}" has no gateway to authorize with.`);
  const transactionId = `demo-${method}-${textAt(order, "increment_id")}-authorization`;
  putTransaction(context, order, transactionId, "authorization");
  for (const side of SIDES) {
    payment[fieldOf(side, "amount_authorized")] = numberAt(order, fieldOf(side, "grand_total"));
  }
  payment.last_trans_id = transactionId;
  order.state = "processing";
  order.status = "processing";
  addHistory(
    context,
    order,
    "order",
    `Authorized amount of ${money(order)}. Transaction ID: "${transactionId}"`,
  );
  saveOrder(context, order);
}

const money = (document: JsonObject): string =>
  `${textAt(document, "base_currency_code")} ${numberAt(document, "base_grand_total").toFixed(2)}`;

/** POST order/:id/refund (offline) and invoice/:id/refund (online when asked for). */
export function createRefund(
  context: ActionContext,
  input: {
    orderId: string | number;
    invoice?: JsonObject;
    items: readonly ItemQuantity[];
    online: boolean;
    shippingAmount?: number;
    adjustmentPositive: number;
    adjustmentNegative: number;
    /** In base currency. */
    toStoreCredit?: number;
  },
): JsonObject {
  const { transaction, shop } = context;
  const order = orderOf(transaction, input.orderId);
  if (!canRefund(order) && storedValueLeft(order) <= 0) {
    throw refused("Creditmemo", notAllowed(order, "Creditmemo"));
  }
  const ids = documentIds(context, "creditmemos", order);
  const quantities = expand(order, input.items, {
    document: "Creditmemo",
    left: quantityToRefund,
    tooMany:
      'The quantity to creditmemo must not be greater than the unrefunded quantity for product SKU "%1".',
    foreign: 'The creditmemo contains product SKU "%1" that is not part of the original order.',
  });
  const transactionId = input.online
    ? `demo-refund-${textAt(order, "increment_id")}-${ids.entityId}`
    : undefined;
  const memo = refundOrder(order, {
    ids,
    quantities,
    online: input.online,
    adjustmentPositive: input.adjustmentPositive,
    adjustmentNegative: input.adjustmentNegative,
    fptInSubtotal: shop.settings.fptInSubtotal,
    ...(input.shippingAmount === undefined ? {} : { shippingAmount: input.shippingAmount }),
    ...(input.invoice === undefined ? {} : { invoice: input.invoice }),
    ...(input.toStoreCredit === undefined ? {} : { toStoreCredit: input.toStoreCredit }),
    ...(transactionId === undefined ? {} : { transactionId }),
  });
  if (transactionId !== undefined) putTransaction(context, order, transactionId, "refund");
  addHistory(
    context,
    order,
    "creditmemo",
    `We refunded ${money(memo)} ${input.online ? "online" : "offline"}.`,
  );
  transaction.put("creditmemos", memo);
  saveOrder(context, order);
  return memo;
}

/** POST order/:id/ship. Source quantities fall when goods leave, not when they are ordered (magento.md 6). */
export function createShipment(
  context: ActionContext,
  input: {
    orderId: string | number;
    items: readonly ItemQuantity[];
    tracks: readonly { track_number: string; title: string; carrier_code: string }[];
    sourceCode: string;
  },
): JsonObject {
  const { transaction } = context;
  const order = orderOf(transaction, input.orderId);
  if (!canShip(order)) throw refused("Shipment", notAllowed(order, "Shipment"));
  const quantities = expand(order, input.items, {
    document: "Shipment",
    left: (item) => (isTop(item) ? quantityToShip(item) : 0),
    tooMany: 'The quantity to ship must not be greater than the unshipped quantity for product SKU "%1".',
    foreign: 'The shipment contains product SKU "%1" that is not part of the original order.',
  });
  if (![...quantities.values()].some((quantity) => quantity > 0)) {
    throw refused("Shipment", "You can't create a shipment without products.");
  }
  const ids = documentIds(context, "shipments", order);
  const shipment = shipOrder(order, { ids, quantities, tracks: input.tracks, sourceCode: input.sourceCode });
  for (const item of itemsOf(order)) takeFromSource(transaction, order, item, quantities, input.sourceCode);
  transaction.put("shipments", shipment);
  saveOrder(context, order);
  return shipment;
}

function takeFromSource(
  transaction: Transaction,
  order: JsonObject,
  item: JsonObject,
  quantities: ReadonlyMap<string, number>,
  sourceCode: string,
): void {
  if (isTop(item) && childrenOf(order, item).length > 0) return;
  const parentId = isTop(item) ? textAt(item, "item_id") : textAt(item, "parent_item_id");
  const parent = itemsOf(order).find((other) => textAt(other, "item_id") === parentId) ?? item;
  const perParent = numberAt(item, "qty_ordered") / (numberAt(parent, "qty_ordered") || 1);
  const quantity = (quantities.get(parentId) ?? 0) * perParent;
  const row = transaction.get("sourceItems", `${textAt(item, "sku")}/${sourceCode}`);
  if (row === undefined || quantity === 0) return;
  transaction.put("sourceItems", { ...row, quantity: stored4(numberAt(row, "quantity") - quantity) });
}

/** POST orders/:id/cancel answers false when the order cannot be cancelled; total_due stays (magento.md 3). */
export function cancelOrder(context: ActionContext, orderId: string | number): boolean {
  const order = orderOf(context.transaction, orderId);
  if (!canCancel(order)) return false;
  for (const item of itemsOf(order)) {
    // The parent is what counts; a child of a configurable follows it only in part (order-23).
    if (isTop(item)) item.qty_canceled = quantityToCancel(item);
  }
  for (const side of SIDES) {
    const left = (name: string, invoiced: string): number =>
      numberAt(order, fieldOf(side, name)) - numberAt(order, fieldOf(side, invoiced));
    order[fieldOf(side, "subtotal_canceled")] = stored4(left("subtotal", "subtotal_invoiced"));
    order[fieldOf(side, "tax_canceled")] = stored4(left("tax_amount", "tax_invoiced"));
    order[fieldOf(side, "shipping_canceled")] = stored4(left("shipping_amount", "shipping_invoiced"));
    order[fieldOf(side, "discount_canceled")] = stored4(
      Math.abs(numberAt(order, fieldOf(side, "discount_amount"))) -
        Math.abs(numberAt(order, fieldOf(side, "discount_invoiced"))),
    );
    order[fieldOf(side, "total_canceled")] = stored4(left("grand_total", "total_paid"));
  }
  order.state = "canceled";
  order.status = "canceled";
  order.updated_at = context.now;
  saveOrder(context, order);
  return true;
}

export function holdOrder(context: ActionContext, orderId: string | number): boolean {
  const order = orderOf(context.transaction, orderId);
  if (!canHold(order)) throw new MagentoError(400, "A hold action is not available.");
  order.hold_before_state = textAt(order, "state");
  order.hold_before_status = textAt(order, "status");
  order.state = "holded";
  order.status = "holded";
  order.updated_at = context.now;
  saveOrder(context, order);
  return true;
}

export function unholdOrder(context: ActionContext, orderId: string | number): boolean {
  const order = orderOf(context.transaction, orderId);
  if (textAt(order, "state") !== "holded") throw new MagentoError(400, "You cannot remove the hold.");
  order.state = textAt(order, "hold_before_state");
  order.status = textAt(order, "hold_before_status");
  delete order.hold_before_state;
  delete order.hold_before_status;
  order.updated_at = context.now;
  saveOrder(context, order);
  return true;
}

export function addHistory(context: ActionContext, order: JsonObject, entity: string, comment: string): void {
  const entry: JsonObject = {
    comment,
    created_at: context.now,
    entity_id: context.transaction.nextId("comments"),
    entity_name: entity,
    is_customer_notified: null,
    is_visible_on_front: 0,
    parent_id: numberAt(order, "entity_id"),
    status: textAt(order, "status"),
  };
  // Newest first, as the collection is sorted.
  order.status_histories = [entry, ...objects(order.status_histories)];
}

function documentIds(
  context: ActionContext,
  table: "invoices" | "creditmemos" | "shipments",
  order: JsonObject,
): DocumentIds {
  const { transaction } = context;
  const entityId = transaction.nextId(table);
  const storeId = textAt(order, "store_id") || "1";
  const number = String(transaction.nextId(`${table}.increment.${storeId}`)).padStart(9, "0");
  const first = transaction.nextId(`${table}.items`);
  for (let used = 1; used < itemsOf(order).length; used += 1) transaction.nextId(`${table}.items`);
  return {
    entityId,
    incrementId: storeId === "1" ? number : `${storeId}${number}`,
    firstItemId: first,
    at: context.now,
  };
}

type Expansion = { document: string; left: (item: JsonObject) => number; tooMany: string; foreign: string };

/** Checks the listed items and adds what belongs to them: a parent's children, a child's parent. */
function expand(order: JsonObject, items: readonly ItemQuantity[], rule: Expansion): Map<string, number> {
  const quantities = new Map<string, number>();
  if (items.length === 0) {
    for (const item of itemsOf(order)) {
      const left =
        rule.document === "Shipment" || !isDummy(order, item)
          ? rule.left(item)
          : dummyQuantity(order, item, rule);
      if (left > 0) quantities.set(textAt(item, "item_id"), left);
    }
    return quantities;
  }
  const problems: string[] = [];
  for (const { order_item_id: id, qty } of items) {
    const item = itemsOf(order).find((own) => Number(own.item_id) === id);
    if (item === undefined) {
      problems.push(rule.foreign.replace("%1", String(id)));
      continue;
    }
    if (!isDummy(order, item) && qty > rule.left(item))
      problems.push(rule.tooMany.replace("%1", textAt(item, "sku")));
    quantities.set(textAt(item, "item_id"), qty);
    for (const child of childrenOf(order, item)) {
      if (isDummy(order, child)) quantities.set(textAt(child, "item_id"), qty * ratioOf(item, child));
    }
  }
  if (problems.length > 0) throw refused(rule.document, problems.join("\n"));
  return quantities;
}

const ratioOf = (parent: JsonObject, child: JsonObject): number =>
  numberAt(child, "qty_ordered") / (numberAt(parent, "qty_ordered") || 1);

function dummyQuantity(order: JsonObject, item: JsonObject, rule: Expansion): number {
  if (!isTop(item)) {
    const parent = itemsOf(order).find((own) => textAt(own, "item_id") === textAt(item, "parent_item_id"));
    return parent === undefined ? 0 : rule.left(parent) * ratioOf(parent, item);
  }
  return childrenOf(order, item).some((child) => rule.left(child) > 0) ? rule.left(item) : 0;
}

/** The services render all findings into one message. */
const refused = (document: string, message: string): MagentoError =>
  new MagentoError(400, `${document} Document Validation Error(s):\n${message}`);
