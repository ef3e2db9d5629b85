import { afterAll, beforeAll, expect, test } from "vitest";
import { parseScenario } from "../shared/scenario.ts";
import type { RunningStore } from "./server.ts";
import { call, demoScenario, sandbox, startTestStore } from "./test-client.ts";

let store: RunningStore;
beforeAll(async () => {
  const scenario = parseScenario({ ...demoScenario, store: { ...demoScenario.store, commerce: true } });
  store = await startTestStore({ scenario, orders: 0 });
});
afterAll(() => store.close());

const post = (path: string, body: unknown) => call(store, `/rest/V1/${path}`, { method: "POST", body });
const get = async (path: string) => (await call(store, `/rest/V1/${path}`)).data;
const placed = async (request: unknown) => (await sandbox(store, "order", request)).data;

test("an order without an id is imported by REST with the amounts it brings", async () => {
  const entity = {
    customer_email: "buyer@example.com",
    base_grand_total: 12,
    grand_total: 12,
    items: [{ sku: "OLD-1", qty_ordered: 1, price: 10, row_total: 10, tax_amount: 2 }],
    payment: { method: "checkmo" },
  };
  const { status, data: saved } = await post("orders", { entity });
  expect(status).toBe(200);
  expect(saved).toMatchObject({ ...entity, items: [entity.items[0]], payment: entity.payment });
  expect(saved.increment_id).toMatch(/^\d{9}$/);
  expect(saved.items[0].order_id).toBe(saved.entity_id);
  expect(await get(`orders/${saved.entity_id}`)).toEqual(saved);
  const again = await post("orders", { entity: { ...entity, increment_id: saved.increment_id } });
  expect([again.status, again.data.message]).toEqual([400, "Unique constraint violation found"]);
});

test("an order with an id is saved in part, and nobody asks whether it makes sense", async () => {
  const order = await placed({ items: [{ sku: "MUG-STRIPED" }] });
  const entity = {
    entity_id: order.entity_id,
    increment_id: order.increment_id,
    state: "complete",
    status: "complete",
  };
  expect((await post("orders", { entity })).status).toBe(200);
  const after = await get(`orders/${order.entity_id}`);
  expect(after).toMatchObject({ ...entity, grand_total: order.grand_total, total_due: order.total_due });
  expect(after.items).toEqual(order.items);
  const wrong = await post("orders", { entity: { ...entity, colour: "red" } });
  expect([wrong.status, wrong.data.message]).toEqual([
    400,
    'Property "Colour" does not have accessor method "getColour" in class "Magento\\Sales\\Api\\Data\\OrderInterface".',
  ]);
  expect((await post("orders", {})).data.parameters).toEqual({ fieldName: "entity" });
});

test("a gateway authorizes at checkout and captures by invoice, in parts", async () => {
  const order = await placed({ items: [{ sku: "MUG-STRIPED", qty: 2 }], authorize: true });
  expect(order).toMatchObject({ state: "processing", total_due: order.grand_total });
  expect(order.total_paid).toBeUndefined();
  expect(order.payment.amount_authorized).toBe(order.grand_total);
  const items = [{ order_item_id: order.items[0].item_id, qty: 1 }];
  await post(`order/${order.entity_id}/invoice`, { capture: true, items });
  const paid = await get(`orders/${order.entity_id}`);
  expect(paid.total_paid).toBeGreaterThan(0);
  expect(paid.total_due).toBeCloseTo(order.grand_total - paid.total_paid, 4);
  const { items: transactions } = await get(
    "transactions?searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfield%5D=order_id" +
      `&searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=${order.entity_id}`,
  );
  expect(transactions.map((row: { txn_type: string }) => row.txn_type)).toEqual(["authorization", "capture"]);
  expect(transactions[1].parent_id).toBe(transactions[0].transaction_id);
});

test("gift wrapping is in the total, in texts, and goes with its pieces", async () => {
  const order = await placed({
    items: [{ sku: "MUG-STRIPED", qty: 2, wrapping: 2.5 }],
    wrapping: { order: 3, card: 1 },
  });
  const values = order.extension_attributes;
  expect(values).toMatchObject({
    gw_items_price: "5.0000",
    gw_items_tax_amount: "1.0000",
    gw_price: "3.0000",
    gw_price_incl_tax: "3.6000",
    gw_card_tax_amount: "0.2000",
  });
  const without = await placed({ items: [{ sku: "MUG-STRIPED", qty: 2 }] });
  expect(order.grand_total - without.grand_total).toBeCloseTo(9 * 1.2, 4);
  const items = [{ order_item_id: order.items[0].item_id, qty: 1 }];
  const { data: first } = await post(`order/${order.entity_id}/invoice`, { capture: true, items });
  const { data: second } = await post(`order/${order.entity_id}/invoice`, { capture: true });
  expect((await get(`invoices/${first}`)).extension_attributes).toMatchObject({
    gw_items_price: "2.5000",
    gw_price: "3.0000",
    gw_card_price: "1.0000",
  });
  const rest = (await get(`invoices/${second}`)).extension_attributes;
  expect([rest.gw_items_price, rest.gw_price]).toEqual(["2.5000", undefined]);
  expect((await get(`orders/${order.entity_id}`)).total_due).toBeCloseTo(0, 4);
});

test("a person gives money back as store credit: grand_total excludes it and nothing leaves the gateway", async () => {
  const order = await placed({ items: [{ sku: "MUG-STRIPED", qty: 2 }], invoice: true });
  const total = order.grand_total;
  const { data: memo } = await sandbox(store, "refund", { orderId: order.entity_id, toStoreCredit: total });
  expect([memo.grand_total, memo.extension_attributes.customer_balance_amount]).toEqual([0, total]);
  const after = await get(`orders/${order.entity_id}`);
  expect(after.extension_attributes.customer_balance_total_refunded).toBe(total);
  expect(after.total_refunded).toBe(0);
  const more = await post(`order/${order.entity_id}/refund`, {});
  expect(more.status).toBe(400);
  const asked = await sandbox(store, "refund", { orderId: 1, toStoreCredit: 1 });
  expect(asked.status).toBe(404);
});

test("a version decides what a scenario leaves open", async () => {
  const start = (version: string) =>
    startTestStore({
      scenario: parseScenario({ ...demoScenario, store: { ...demoScenario.store, version } }),
      orders: 0,
    });
  const statusAfterComment = async (running: RunningStore) => {
    const { data: order } = await sandbox(running, "order", { items: [{ sku: "MUG-STRIPED" }] });
    const statusHistory = { comment: "x", status: "odd", is_customer_notified: 0, is_visible_on_front: 0 };
    const path = `/rest/V1/orders/${order.entity_id}`;
    await call(running, `${path}/comments`, { method: "POST", body: { statusHistory } });
    return (await call(running, path)).data.status;
  };
  const refusing = await start("2.4.7-p3");
  expect(await statusAfterComment(refusing)).toBe("pending");
  await refusing.close();
  const old = await start("2.4.3");
  const headers = { authorization: `Bearer ${old.integration.accessToken}` };
  expect((await call(old, "/rest/V1/orders?searchCriteria=", { headers })).status).toBe(200);
  await old.close();
});
