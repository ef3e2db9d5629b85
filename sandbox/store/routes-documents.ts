import type { ItemQuantity } from "./actions.ts";
import { createInvoice, createRefund, createShipment } from "./actions.ts";
import type { Route, RouteContext } from "./context.ts";
import { actionContext, bodyObject, eitherSpelling, idParam } from "./context.ts";
import { MagentoError, noSuchEntity, requiredField, wrongType } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, numberAt, objectAt, objects, textAt } from "./json.ts";
import { noAccessor } from "./no-accessor.ts";
import { isOnline } from "./payments.ts";

/** The routes that make invoices, shipments and credit memos (magento.md 7). Each answers the new entity id. */
export const DOCUMENT_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "order/:orderId/invoice",
    resource: "Magento_Sales::invoice",
    run: (context) => {
      const invoice = createInvoice(actionContext(context), {
        orderId: idParam(context, "orderId"),
        items: itemsIn(context, "Magento\\Sales\\Api\\Data\\InvoiceItemCreationInterface"),
        capture: flagIn(context, "capture"),
      });
      // The service is typed int, but the answer is the id as text (magento.md 7).
      return String(invoice.entity_id);
    },
  },
  { method: "POST", path: "order/:orderId/ship", resource: "Magento_Sales::ship", run: ship },
  {
    method: "POST",
    path: "order/:orderId/refund",
    resource: "Magento_Sales::creditmemo",
    run: (context) => refund(context, idParam(context, "orderId"), undefined, false),
  },
  {
    method: "POST",
    path: "invoice/:invoiceId/refund",
    resource: "Magento_Sales::sales_invoice",
    run: (context) => {
      const invoice = context.transaction.get("invoices", idParam(context, "invoiceId"));
      if (invoice === undefined) throw noSuchEntity();
      return refund(context, numberAt(invoice, "order_id"), invoice, flagIn(context, "isOnline"));
    },
  },
];

function ship(context: RouteContext): Json {
  const body = bodyObject(context);
  const tracks = objects(body.tracks).map((track) => {
    for (const name of ["track_number", "title", "carrier_code"]) {
      if (typeof track[name] !== "string") throw requiredField(name);
    }
    return {
      track_number: textAt(track, "track_number"),
      title: textAt(track, "title"),
      carrier_code: textAt(track, "carrier_code"),
    };
  });
  const attributes = objectAt(objectAt(body, "arguments"), "extension_attributes");
  const shipment = createShipment(actionContext(context), {
    orderId: idParam(context, "orderId"),
    items: itemsIn(context, "Magento\\Sales\\Api\\Data\\ShipmentItemCreationInterface"),
    tracks,
    sourceCode: textAt(attributes, "source_code") || "default",
  });
  return String(shipment.entity_id);
}

function refund(
  context: RouteContext,
  orderId: number,
  invoice: JsonObject | undefined,
  online: boolean,
): Json {
  const order = context.transaction.get("orders", orderId);
  const method = textAt(objectAt(order ?? {}, "payment"), "method");
  if (online && !isOnline(method)) {
    throw new MagentoError(400, "The online refund isn't available for this payment method.");
  }
  const given = objectAt(bodyObject(context), "arguments");
  const shippingAmount = amountIn(given, "shipping_amount");
  const memo = createRefund(actionContext(context), {
    orderId,
    items: itemsIn(context, "Magento\\Sales\\Api\\Data\\CreditmemoItemCreationInterface"),
    online,
    ...(invoice === undefined ? {} : { invoice }),
    ...(shippingAmount === undefined ? {} : { shippingAmount }),
    adjustmentPositive: amountIn(given, "adjustment_positive") ?? 0,
    adjustmentNegative: amountIn(given, "adjustment_negative") ?? 0,
  });
  returnToStock(context, order, memo, objectAt(given, "extension_attributes").return_to_stock_items);
  return String(memo.entity_id);
}

function returnToStock(
  context: RouteContext,
  order: JsonObject | undefined,
  memo: JsonObject,
  returned: Json | undefined,
): void {
  if (!Array.isArray(returned) || order === undefined) return;
  for (const row of objects(memo.items)) {
    if (!returned.map(Number).includes(numberAt(row, "order_item_id"))) continue;
    const item = objects(order.items).find((own) => own.item_id === row.order_item_id);
    const key = `${textAt(row, "sku")}/default`;
    const source = context.transaction.get("sourceItems", key);
    if (source === undefined || item === undefined || numberAt(item, "qty_shipped") === 0) continue;
    context.transaction.put("sourceItems", {
      ...source,
      quantity: numberAt(source, "quantity") + numberAt(row, "qty"),
    });
  }
}

function amountIn(given: JsonObject, name: string): number | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  const amount = Number(value);
  if (typeof value === "object" || !Number.isFinite(amount)) throw wrongType(String(value), "float");
  return amount;
}

function flagIn(context: RouteContext, name: string): boolean {
  const value = eitherSpelling(bodyObject(context), name);
  return value === true || value === 1 || value === "1" || value === "true";
}

function itemsIn(context: RouteContext, type: string): ItemQuantity[] {
  const items = bodyObject(context).items;
  if (items === undefined || items === null) return [];
  if (!Array.isArray(items)) throw wrongType(String(items), `${type}[]`);
  return items.map((item) => {
    if (!isObject(item)) throw wrongType(String(item), type);
    const unknown = Object.keys(item).find(
      (name) => !["order_item_id", "qty", "extension_attributes"].includes(name),
    );
    if (unknown !== undefined) throw noAccessor(unknown, type);
    if (item.order_item_id === undefined) throw requiredField("order_item_id");
    if (item.qty === undefined) throw requiredField("qty");
    const quantity = Number(item.qty);
    if (!Number.isFinite(quantity) || quantity < 0) throw wrongType(String(item.qty), "float");
    return { order_item_id: Number(item.order_item_id), qty: quantity };
  });
}
