import { addHistory, cancelOrder, holdOrder, orderOf, unholdOrder } from "./actions.ts";
import type { Route, RouteContext } from "./context.ts";
import { actionContext, bodyParam, idParam } from "./context.ts";
import { noSuchEntity, requiredField } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { numberAt, objects, textAt } from "./json.ts";
import { noAccessor } from "./no-accessor.ts";
import { saveOrderEntity } from "./order-save.ts";
import { search } from "./search.ts";
import { parseSearchCriteria } from "./search-criteria.ts";
import { served } from "./served.ts";
import type { Table } from "./state.ts";

const ORDER_COLUMNS = [
  "entity_id",
  "increment_id",
  "state",
  "status",
  "created_at",
  "updated_at",
  "store_id",
  "customer_id",
  "customer_email",
  "customer_group_id",
  "customer_is_guest",
  "customer_firstname",
  "customer_lastname",
  "customer_taxvat",
  "coupon_code",
  "applied_rule_ids",
  "grand_total",
  "base_grand_total",
  "subtotal",
  "tax_amount",
  "shipping_amount",
  "discount_amount",
  "total_paid",
  "total_due",
  "total_refunded",
  "total_invoiced",
  "total_canceled",
  "is_virtual",
  "quote_id",
  "order_currency_code",
  "base_currency_code",
  "ext_order_id",
  "edit_increment",
  "original_increment_id",
  "relation_parent_id",
  "relation_child_id",
  "remote_ip",
  "protect_code",
];
const DOCUMENT_COLUMNS = [
  "entity_id",
  "increment_id",
  "order_id",
  "state",
  "created_at",
  "updated_at",
  "store_id",
  "grand_total",
  "base_grand_total",
  "invoice_id",
  "transaction_id",
  "order_currency_code",
  "billing_address_id",
  "shipping_address_id",
];
const ITEM_COLUMNS = [
  "item_id",
  "order_id",
  "parent_item_id",
  "sku",
  "product_id",
  "product_type",
  "name",
  "store_id",
  "created_at",
  "updated_at",
];
const TRANSACTION_COLUMNS = [
  "transaction_id",
  "parent_id",
  "order_id",
  "payment_id",
  "txn_id",
  "parent_txn_id",
  "txn_type",
  "is_closed",
  "created_at",
];
const COMMENT_COLUMNS = ["entity_id", "parent_id", "status", "entity_name", "created_at", "comment"];

const list = (
  context: RouteContext,
  rows: readonly JsonObject[],
  columns: readonly string[],
  key: string,
): Json => {
  const found = search(rows, parseSearchCriteria(context.query), {
    columns,
    key,
    eav: false,
    pastEndRepeatsLastPage: context.shop.pastEndRepeatsLastPage,
    inputLimits: context.shop.inputLimits,
  });
  return { ...found, items: objects(found.items).map(served) };
};

const one = (context: RouteContext, table: Table): Json => {
  const row = context.transaction.get(table, idParam(context, "id"));
  if (row === undefined) throw noSuchEntity();
  return served(row);
};

const orderItems = (context: RouteContext): JsonObject[] =>
  context.transaction.all("orders").flatMap((order) => objects(order.items));

/** GET and POST of orders and of what belongs to them, each with its ACL resource (magento.md 1). */
export const SALES_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "orders",
    resource: "Magento_Sales::actions_view",
    run: (context) => list(context, context.transaction.all("orders"), ORDER_COLUMNS, "entity_id"),
  },
  {
    method: "POST",
    path: "orders",
    resource: "Magento_Sales::create",
    run: (context) => served(saveOrderEntity(context)),
  },
  {
    method: "PUT",
    path: "orders/create",
    resource: "Magento_Sales::create",
    run: (context) => served(saveOrderEntity(context)),
  },
  {
    method: "GET",
    path: "orders/items",
    resource: "Magento_Sales::actions_view",
    run: (context) => list(context, orderItems(context), ITEM_COLUMNS, "item_id"),
  },
  {
    method: "GET",
    path: "orders/items/:id",
    resource: "Magento_Sales::actions_view",
    run: (context) => {
      const id = idParam(context, "id");
      const item = orderItems(context).find((row) => numberAt(row, "item_id") === id);
      if (item === undefined) throw noSuchEntity();
      return item;
    },
  },
  {
    method: "GET",
    path: "orders/:id",
    resource: "Magento_Sales::actions_view",
    run: (context) => one(context, "orders"),
  },
  {
    method: "GET",
    path: "orders/:id/statuses",
    resource: "Magento_Sales::actions_view",
    run: (context) => textAt(orderOf(context.transaction, idParam(context, "id")), "status"),
  },
  { method: "GET", path: "orders/:id/comments", resource: "Magento_Sales::actions_view", run: listComments },
  { method: "POST", path: "orders/:id/comments", resource: "Magento_Sales::comment", run: addComment },
  {
    method: "POST",
    path: "orders/:id/cancel",
    resource: "Magento_Sales::cancel",
    run: (context) => cancelOrder(actionContext(context), idParam(context, "id")),
  },
  {
    method: "POST",
    path: "orders/:id/hold",
    resource: "Magento_Sales::hold",
    run: (context) => holdOrder(actionContext(context), idParam(context, "id")),
  },
  {
    method: "POST",
    path: "orders/:id/unhold",
    resource: "Magento_Sales::unhold",
    run: (context) => unholdOrder(actionContext(context), idParam(context, "id")),
  },
  {
    method: "GET",
    path: "invoices",
    resource: "Magento_Sales::sales_invoice",
    run: (context) => list(context, context.transaction.all("invoices"), DOCUMENT_COLUMNS, "entity_id"),
  },
  {
    method: "GET",
    path: "invoices/:id",
    resource: "Magento_Sales::sales_invoice",
    run: (context) => one(context, "invoices"),
  },
  {
    method: "GET",
    path: "creditmemos",
    resource: "Magento_Sales::sales_creditmemo",
    run: (context) => list(context, context.transaction.all("creditmemos"), DOCUMENT_COLUMNS, "entity_id"),
  },
  // Singular, unlike the list (magento.md 2).
  {
    method: "GET",
    path: "creditmemo/:id",
    resource: "Magento_Sales::sales_creditmemo",
    run: (context) => one(context, "creditmemos"),
  },
  {
    method: "GET",
    path: "shipments",
    resource: "Magento_Sales::shipment",
    run: (context) => list(context, context.transaction.all("shipments"), DOCUMENT_COLUMNS, "entity_id"),
  },
  {
    method: "GET",
    path: "shipment/:id",
    resource: "Magento_Sales::shipment",
    run: (context) => one(context, "shipments"),
  },
  {
    method: "GET",
    path: "transactions",
    resource: "Magento_Sales::transactions_fetch",
    run: (context) =>
      list(context, context.transaction.all("transactions"), TRANSACTION_COLUMNS, "transaction_id"),
  },
  {
    method: "GET",
    path: "transactions/:id",
    resource: "Magento_Sales::transactions_fetch",
    run: (context) => one(context, "transactions"),
  },
];

function listComments(context: RouteContext): Json {
  const order = orderOf(context.transaction, idParam(context, "id"));
  const rows = objects(order.status_histories);
  const emptyCriteria = { searchCriteria: "" };
  return search(rows, parseSearchCriteria(emptyCriteria), {
    columns: COMMENT_COLUMNS,
    key: "entity_id",
    eav: false,
    pastEndRepeatsLastPage: true,
    inputLimits: false,
  });
}

const HISTORY_FIELDS = [
  "comment",
  "created_at",
  "entity_id",
  "entity_name",
  "is_customer_notified",
  "is_visible_on_front",
  "parent_id",
  "status",
  "extension_attributes",
];

/** Adds a comment; never changes state. What it does to status depends on the version (magento.md 7). */
function addComment(context: RouteContext): Json {
  const history = bodyParam(context, "statusHistory");
  const unknown = Object.keys(history).find((name) => !HISTORY_FIELDS.includes(name));
  if (unknown !== undefined) {
    throw noAccessor(unknown, "Magento\\Sales\\Api\\Data\\OrderStatusHistoryInterface");
  }
  const order = orderOf(context.transaction, idParam(context, "id"));
  for (const name of ["comment", "is_customer_notified", "is_visible_on_front"]) {
    if (history[name] === undefined) throw requiredField(name);
  }
  if (!context.shop.commentStatusIgnored) {
    // Without a status the order loses its own and vanishes from the grid (#34180); unknown codes pass (#32968).
    if (typeof history.status === "string") order.status = history.status;
    else delete order.status;
  }
  addHistory(actionContext(context), order, "order", textAt(history, "comment"));
  const newest = objects(order.status_histories)[0];
  if (newest !== undefined) {
    newest.is_customer_notified = numberAt(history, "is_customer_notified");
    newest.is_visible_on_front = numberAt(history, "is_visible_on_front");
    if (typeof history.status === "string") newest.status = history.status;
  }
  order.updated_at = context.now;
  context.transaction.put("orders", order);
  return true;
}
