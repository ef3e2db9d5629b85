import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningStore } from "../store/server.ts";
import {
  clientOf,
  goodsOf,
  type MagentoClient,
  openStore,
  placeOrder,
  refusalOf,
} from "./magento-session.ts";

let store: RunningStore;
let client: MagentoClient;
let [mug, book, candle, towel, workshop] = ["", "", "", "", ""];

beforeAll(async () => {
  store = await openStore({ commentStatusIgnored: false });
  client = clientOf(store);
  const { plain, virtual } = await goodsOf(client);
  [mug = "", book = "", candle = "", towel = ""] = plain.map(({ sku }) => sku);
  workshop = virtual.sku;
});
afterAll(() => store.close());

const read = async (path: string) => (await client.get(path)).data;
const post = async (path: string, body: object = {}) => (await client.post(path, body)).data;
const place = (...items: object[]) => placeOrder(store, { items, paymentMethod: "stripe_payments" });
const refused = (path: string, body: object = {}) => refusalOf(client.post(path, body));

test("an order is invoiced in two parts, shipped, refunded in part and closed by the rest", async () => {
  const placed = await place({ sku: mug, qty: 3 }, { sku: book });
  const id = placed.entity_id;
  const [mugs, other] = placed.items;
  expect(placed).toMatchObject({ state: "new", total_due: placed.grand_total });

  const first = await post(`order/${id}/invoice`, {
    capture: true,
    items: [{ order_item_id: mugs.item_id, qty: 2 }],
  });
  expect(await read(`invoices/${first}`)).toMatchObject({ order_id: id, state: 2, total_qty: 2 });
  const half = await read(`orders/${id}`);
  expect(half.state).toBe("processing");
  expect(half.total_paid + half.total_due).toBeCloseTo(placed.grand_total, 4);
  expect(half.total_due).toBeGreaterThan(0);
  expect(await refused(`order/${id}/invoice`, { items: [{ order_item_id: mugs.item_id, qty: 2 }] })).toEqual([
    400,
    {
      message: `Invoice Document Validation Error(s):\nThe quantity to invoice must not be greater than the uninvoiced quantity for product SKU "${mug}".`,
    },
  ]);
  const second = await post(`order/${id}/invoice`, { capture: true });
  const paid = await read(`orders/${id}`);
  expect(paid.total_due).toBeCloseTo(0, 4);
  const captures = (await client.get("transactions", { order_id: id, $sort: { transaction_id: "asc" } }))
    .data;
  expect(captures.items.map(({ txn_type }: { txn_type: string }) => txn_type)).toEqual([
    "capture",
    "capture",
  ]);
  expect((await read(`invoices/${second}`)).transaction_id).toBe(captures.items[1].txn_id);
  expect(await refused(`order/${id}/invoice`)).toEqual([
    400,
    {
      message: "Invoice Document Validation Error(s):\nThe order does not allow an invoice to be created.",
    },
  ]);

  const track = { track_number: "DE-1", title: "Post", carrier_code: "custom" };
  const shipment = await post(`order/${id}/ship`, { tracks: [track] });
  expect(await read(`shipment/${shipment}`)).toMatchObject({ order_id: id, tracks: [track] });
  expect((await read(`orders/${id}`)).state).toBe("complete");
  expect((await refused(`order/${id}/invoice`))[1].message).toBe(
    "Invoice Document Validation Error(s):\nAn invoice cannot be created when an order has a status of complete",
  );
  expect((await refused(`order/${id}/ship`))[1].message).toBe(
    "Shipment Document Validation Error(s):\nThe order does not allow a shipment to be created.",
  );

  const partial = await post(`invoice/${first}/refund`, {
    isOnline: true,
    items: [
      { order_item_id: mugs.item_id, qty: 1 },
      { order_item_id: other.item_id, qty: 0 },
    ],
    arguments: { shipping_amount: 0, adjustment_positive: 1.5 },
  });
  const memo = await read(`creditmemo/${partial}`);
  expect(memo).toMatchObject({ order_id: id, invoice_id: Number(first), state: 2, adjustment_positive: 1.5 });
  const some = await read(`orders/${id}`);
  expect(some.total_online_refunded).toBeCloseTo(memo.grand_total, 4);
  expect(some.state).toBe("complete");
  // The goodwill of 1.50 is gone already, so the whole rest is more than came in.
  const [status, tooMuch] = await refused(`order/${id}/refund`);
  expect(status).toBe(400);
  const rest = Number((some.total_paid - some.total_refunded).toFixed(2));
  expect(tooMuch.message).toBe(
    `Creditmemo Document Validation Error(s):\nThe most money available to refund is ${rest}.`,
  );
  await post(`order/${id}/refund`, { arguments: { adjustment_negative: 1.5 } });
  const closed = await read(`orders/${id}`);
  expect(closed.state).toBe("closed");
  expect(closed.total_refunded).toBeGreaterThan(some.total_refunded);
  expect((await refused(`order/${id}/refund`))[1].message).toBe(
    "Creditmemo Document Validation Error(s):\nA creditmemo can not be created when an order has a status of closed",
  );
  const memos = (await client.get("creditmemos", { order_id: id })).data;
  expect(memos.total_count).toBe(2);
});

test("an order that nobody paid is cancelled, takes no document and cannot be cancelled twice", async () => {
  const { entity_id: id, grand_total: total } = await place({ sku: book });
  expect((await refused(`order/${id}/refund`))[1].message).toBe(
    "Creditmemo Document Validation Error(s):\nThe order does not allow a creditmemo to be created.",
  );
  expect(await post(`orders/${id}/cancel`)).toBe(true);
  expect(await read(`orders/${id}`)).toMatchObject({ state: "canceled", total_canceled: total });
  expect(await post(`orders/${id}/cancel`)).toBe(false);
  expect((await refused(`order/${id}/invoice`))[1].message).toMatch(/has a status of canceled$/);
  expect((await refused(`order/${id}/ship`))[1].message).toBe(
    "Shipment Document Validation Error(s):\nA shipment cannot be created when an order has a status of canceled",
  );
});

test("a held order waits, and moves on when it is released", async () => {
  const { entity_id: id } = await place({ sku: book });
  expect(await post(`orders/${id}/hold`)).toBe(true);
  expect((await read(`orders/${id}`)).state).toBe("holded");
  expect((await refused(`order/${id}/invoice`))[1].message).toMatch(/has a status of holded$/);
  expect((await refused(`orders/${id}/hold`))[1].message).toBe("A hold action is not available.");
  expect(await post(`orders/${id}/unhold`)).toBe(true);
  expect((await read(`orders/${id}`)).state).toBe("new");
});

test("a virtual order is never shipped and complete when it is paid", async () => {
  const { entity_id: id } = await place({ sku: workshop });
  expect((await refused(`order/${id}/ship`))[1].message).toMatch(/^Shipment Document Validation Error\(s\):/);
  await post(`order/${id}/invoice`, { capture: true });
  expect((await read(`orders/${id}`)).state).toBe("complete");
});

test("a comment is kept, and one without a status takes the order's status away", async () => {
  const { entity_id: id } = await place({ sku: mug });
  const statusHistory = { comment: "Posted as INV-1", is_customer_notified: 0, is_visible_on_front: 0 };
  expect(
    await post(`orders/${id}/comments`, { statusHistory: { ...statusHistory, status: "pending" } }),
  ).toBe(true);
  const [comment] = (await read(`orders/${id}/comments`)).items;
  expect(comment).toMatchObject({ comment: "Posted as INV-1", status: "pending", parent_id: id });
  await post(`orders/${id}/comments`, { statusHistory });
  expect((await read(`orders/${id}`)).status).toBeUndefined();
  const [status, missing] = await refused(`orders/${id}/comments`);
  expect([status, missing]).toEqual([
    400,
    {
      message: '"%fieldName" is required. Enter and try again.',
      parameters: { fieldName: "statusHistory" },
    },
  ]);
  expect((await refused("orders/999999/comments", { statusHistory }))[0]).toBe(404);
});

test("stock is written by source, by the old route and in bulk", async () => {
  const source = { sku: candle, source_code: "default", quantity: 7, status: 1 };
  expect(await post("inventory/source-items", { sourceItems: [source] })).toEqual([]);
  const rows = async () => (await client.get("inventory/source-items", { sku: candle })).data.items;
  expect(await rows()).toEqual([source]);
  const item = await read(`stockItems/${candle}`);
  const put = await client.put(`products/${candle}/stockItems/${item.item_id}`, {
    stockItem: { qty: 5, is_in_stock: true },
  });
  expect(put.data).toBe(item.item_id);
  expect(await rows()).toEqual([{ ...source, quantity: 5 }]);
  const [status, wrong] = await refused("inventory/source-items", {
    sourceItems: [{ ...source, sku: "NOPE" }],
  });
  expect([status, wrong.message, wrong.errors]).toEqual([
    400,
    "Validation Failed",
    [{ message: 'Product with SKU "%sku" does not exist.', parameters: { sku: "NOPE" } }],
  ]);
  const bulk = clientOf(store, { type: "async/bulk/V1" });
  const accepted = await bulk.post("inventory/source-items", [{ sourceItems: [{ ...source, quantity: 9 }] }]);
  expect(accepted.status).toBe(202);
  expect(accepted.data).toMatchObject({ errors: false, request_items: [{ id: 0, status: "accepted" }] });
  const done = await read(`bulk/${accepted.data.bulk_uuid}/status`);
  expect(done.operations_list).toMatchObject([{ id: 0, status: 1 }]);
  expect(await rows()).toEqual([{ ...source, quantity: 9 }]);
});

test("goods leave the source when they are shipped, not when they are ordered", async () => {
  const onHand = async () => (await read(`stockItems/${towel}`)).qty;
  const salable = () => read(`inventory/get-product-salable-quantity/${towel}/1`);
  const [hand, free] = [await onHand(), await salable()];
  const { entity_id: id } = await place({ sku: towel, qty: 2 });
  expect([await onHand(), await salable()]).toEqual([hand, free - 2]);
  await post(`order/${id}/ship`);
  expect([await onHand(), await salable()]).toEqual([hand - 2, free - 2]);
});

test("a customer and a product are written back whole", async () => {
  const customer = await read("customers/1");
  const saved = await client.put("customers/1", { customer: { ...customer, firstname: "Renamed" } });
  expect(saved.data.firstname).toBe("Renamed");
  expect((await read("customers/1")).addresses).toEqual(customer.addresses);
  const { price } = await read(`products/${candle}`);
  await client.put(`products/${candle}`, { product: { sku: candle, price: price + 1 } });
  expect((await read(`products/${candle}`)).price).toBe(price + 1);
  expect(await refusalOf(client.delete(`products/${candle}`))).toEqual([
    404,
    { message: "Request does not match any route." },
  ]);
});
