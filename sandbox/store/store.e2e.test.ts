import axios from "axios";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseScenario } from "../shared/scenario.ts";
import type { RunningStore } from "./server.ts";
import type { Call } from "./test-client.ts";
import {
  sandbox as ask,
  authorization,
  call as callStore,
  demoScenario,
  ORDERS,
  startTestStore,
  testNow,
} from "./test-client.ts";

let store: RunningStore;
const opened: RunningStore[] = [];

async function start(more: Parameters<typeof startTestStore>[0] = {}): Promise<RunningStore> {
  const running = await startTestStore(more);
  opened.push(running);
  return running;
}

/** What these tests assert of a version's behaviour is stated, so that they hold whatever SANDBOX_BEHAVIOUR says. */
const stated = parseScenario({
  ...demoScenario,
  store: { ...demoScenario.store, bearerAllowed: false, commentStatusIgnored: false },
});

beforeAll(async () => {
  store = await start({ scenario: stated });
});
afterAll(async () => {
  for (const running of opened) await running.close();
});

const call = (path: string, { on = store, ...input }: Call & { on?: RunningStore } = {}) =>
  callStore(on, path, input);
const sandbox = (name: string, body?: unknown, on = store) => ask(on, name, body);

describe("authentication", () => {
  test("a signed request is answered, by every base path", async () => {
    for (const prefix of ["/rest/V1", "/rest/all/V1", "/rest/default/V1", "/rest/uk_en/V1"]) {
      const answer = await call(`${prefix}/orders?searchCriteria=`);
      expect(answer.status).toBe(200);
      expect(answer.data.total_count).toBe(50);
    }
    expect((await call("/rest/nowhere/V1/orders?searchCriteria=")).data).toEqual({
      message: "Request does not match any route.",
    });
  });

  test("a missing signature, a bearer token and a wrong secret are 401", async () => {
    const body = {
      message: "The consumer isn't authorized to access %resources.",
      parameters: { resources: "Magento_Sales::actions_view" },
    };
    const plain = await axios.get(`${store.url}${ORDERS}1`, { validateStatus: () => true });
    expect([plain.status, plain.data]).toEqual([401, body]);
    const bearer = { authorization: `Bearer ${store.integration.accessToken}` };
    const token = await call(`${ORDERS}1`, { headers: bearer });
    expect([token.status, token.data]).toEqual([401, body]);
    const wrong = {
      authorization: authorization({
        store,
        method: "GET",
        url: `${store.url}${ORDERS}1`,
        now: testNow,
        secret: "wrong",
      }),
    };
    expect((await call(`${ORDERS}1`, { headers: wrong })).data.message).toBe(
      "The signature is invalid. Verify and try again.",
    );
  });

  test("a bearer token works where it is switched on, and rights can be limited", async () => {
    const limited = parseScenario({
      ...demoScenario,
      store: {
        ...demoScenario.store,
        bearerAllowed: true,
        integrationResources: ["Magento_Sales::actions_view"],
      },
    });
    const other = await start({ scenario: limited, orders: 3 });
    const headers = { authorization: `Bearer ${other.integration.accessToken}` };
    expect((await call(`${ORDERS}1`, { on: other, headers })).status).toBe(200);
    const refused = await call("/rest/V1/invoices?searchCriteria=", { on: other, headers });
    expect([refused.status, refused.data.parameters]).toEqual([
      401,
      { resources: "Magento_Sales::sales_invoice" },
    ]);
  });

  test("currencies are readable by anyone", async () => {
    const answer = await axios.get(`${store.url}/rest/V1/directory/currency`);
    expect(answer.data).toMatchObject({
      base_currency_code: "GBP",
      available_currency_codes: ["GBP", "EUR", "USD"],
    });
  });
});

describe("reading", () => {
  test.each([
    "orders",
    "orders/items",
    "invoices",
    "creditmemos",
    "shipments",
    "transactions",
    "products",
    "customers/search",
    "customerGroups/search",
    "taxClasses/search",
    "taxRates/search",
    "taxRules/search",
    "inventory/source-items",
    "inventory/sources",
  ])("%s is a paged list that demands criteria", async (path) => {
    const answer = await call(`/rest/V1/${path}?searchCriteria%5BpageSize%5D=2`);
    expect(answer.status).toBe(200);
    expect(answer.data.items.length).toBeGreaterThan(0);
    expect(answer.data.search_criteria.page_size).toBe(2);
    const bare = await call(`/rest/V1/${path}`);
    expect([bare.status, bare.data]).toEqual([
      400,
      {
        message: '"%fieldName" is required. Enter and try again.',
        parameters: { fieldName: "searchCriteria" },
      },
    ]);
  });

  test.each(["store/storeConfigs", "store/storeViews", "store/storeGroups", "store/websites", "modules"])(
    "%s is a plain array",
    async (path) => {
      expect((await call(`/rest/V1/${path}`)).data).toBeInstanceOf(Array);
    },
  );

  test("one document by entity id, and the 404s and 400s of wrong ids", async () => {
    const [memo] = (await call("/rest/V1/creditmemos?searchCriteria%5BpageSize%5D=1")).data.items;
    expect((await call(`/rest/V1/creditmemo/${memo.entity_id}`)).data).toEqual(memo);
    expect((await call(`/rest/V1/creditmemos/${memo.entity_id}`)).status).toBe(404);
    const missing = await call("/rest/V1/orders/999999");
    expect([missing.status, missing.data.message]).toEqual([
      404,
      "The entity that was requested doesn't exist. Verify the entity and try again.",
    ]);
    expect((await call("/rest/V1/orders/000000001x")).status).toBe(400);
    expect((await call("/rest/V1/products/NO-SUCH-SKU")).status).toBe(404);
    expect((await call("/rest/V1/customers/99")).data.parameters).toEqual({
      fieldName: "customerId",
      fieldValue: 99,
    });
  });

  test("orders have Magento's shape and times, and their totals agree", async () => {
    const { items } = (await call("/rest/V1/orders?searchCriteria=")).data;
    for (const order of items) {
      expect(order.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      expect(order.customer_email).toMatch(/@example\.com$/);
      const sum =
        order.subtotal +
        order.shipping_amount +
        order.tax_amount +
        order.discount_amount +
        order.discount_tax_compensation_amount +
        order.shipping_discount_tax_compensation_amount +
        order.items
          .filter((item: { parent_item_id?: number }) => item.parent_item_id === undefined)
          .reduce(
            (total: number, item: { weee_tax_applied_row_amount?: number }) =>
              total + (item.weee_tax_applied_row_amount ?? 0),
            0,
          );
      expect(sum).toBeCloseTo(order.grand_total, 2);
    }
    const types = new Set(
      items.flatMap((order: { items: { product_type: string }[] }) =>
        order.items.map((item) => item.product_type),
      ),
    );
    expect([...types].sort()).toEqual([
      "bundle",
      "configurable",
      "downloadable",
      "grouped",
      "simple",
      "virtual",
    ]);
  });

  test("fields thin an answer", async () => {
    const answer = await call(`${ORDERS}2&fields=items%5Bentity_id%2Cpayment%5Bmethod%5D%5D%2Ctotal_count`);
    expect(answer.data).toEqual({
      items: [expect.objectContaining({ entity_id: 1001 }), expect.objectContaining({ entity_id: 1002 })],
      total_count: 50,
    });
    expect(Object.keys(answer.data.items[0])).toEqual(["entity_id", "payment"]);
  });
});

describe("writing", () => {
  test("an order goes from placed to paid, shipped and refunded", async () => {
    const placed = (
      await sandbox("order", { items: [{ sku: "MUG-STRIPED", qty: 2 }, { sku: "HAMPER-PICNIC" }] })
    ).data;
    const id = placed.entity_id;
    const invoice = await call(`/rest/V1/order/${id}/invoice`, {
      method: "POST",
      body: { capture: true, notify: false },
    });
    expect(invoice.status).toBe(200);
    expect(typeof invoice.data).toBe("string");
    const [mug] = placed.items;
    const track = { track_number: "1", title: "Post", carrier_code: "custom" };
    const shipment = await call(`/rest/V1/order/${id}/ship`, {
      method: "POST",
      body: { items: [{ order_item_id: mug.item_id, qty: 1 }], tracks: [track] },
    });
    expect(shipment.status).toBe(200);
    const refund = await call(`/rest/V1/invoice/${invoice.data}/refund`, {
      method: "POST",
      body: {
        isOnline: true,
        items: [{ order_item_id: mug.item_id, qty: 1 }],
        arguments: { shipping_amount: 0, adjustment_positive: 1, adjustment_negative: 0 },
      },
    });
    expect(refund.status).toBe(200);
    const memo = (await call(`/rest/V1/creditmemo/${refund.data}`)).data;
    expect(memo).toMatchObject({
      order_id: id,
      invoice_id: Number(invoice.data),
      state: 2,
      adjustment_positive: 1,
    });
    const after = (await call(`/rest/V1/orders/${id}`)).data;
    expect(after.state).toBe("processing");
    expect(after.total_paid).toBeCloseTo(placed.grand_total, 4);
    expect(after.total_online_refunded).toBeCloseTo(memo.grand_total, 4);
    const again = await call(`/rest/V1/order/${id}/invoice`, { method: "POST", body: {} });
    expect([again.status, again.data.message]).toEqual([
      400,
      "Invoice Document Validation Error(s):\nThe order does not allow an invoice to be created.",
    ]);
  });

  test("a comment without a status takes the order's status away", async () => {
    const { entity_id: id } = (await sandbox("order", { items: [{ sku: "MUG-STRIPED" }] })).data;
    const comment = { comment: "Posted as INV-1", is_customer_notified: 0, is_visible_on_front: 0 };
    const path = `/rest/V1/orders/${id}/comments`;
    expect(
      (await call(path, { method: "POST", body: { statusHistory: { ...comment, status: "pending" } } })).data,
    ).toBe(true);
    expect((await call(`/rest/V1/orders/${id}`)).data.status).toBe("pending");
    await call(path, { method: "POST", body: { statusHistory: comment } });
    expect((await call(`/rest/V1/orders/${id}`)).data.status).toBeUndefined();
    expect((await call(path)).data.items).toHaveLength(2);
    const wrong = await call(path, {
      method: "POST",
      body: { statusHistory: { ...comment, colour: "red" } },
    });
    expect(wrong.data.message).toMatch(/Property "Colour" does not have accessor method/);
  });

  test("stock is written by source, and in bulk", async () => {
    const row = { sku: "MUG-STRIPED", source_code: "default", quantity: 7, status: 1 };
    expect(
      (await call("/rest/V1/inventory/source-items", { method: "POST", body: { sourceItems: [row] } })).data,
    ).toEqual([]);
    const bulk = await call("/rest/all/async/bulk/V1/inventory/source-items", {
      method: "POST",
      body: [{ sourceItems: [{ ...row, quantity: 9 }] }, { sourceItems: [{ ...row, sku: "NOPE" }] }],
    });
    expect(bulk.status).toBe(202);
    expect(bulk.data).toMatchObject({
      errors: false,
      request_items: [{ id: 0, status: "accepted" }, { id: 1 }],
    });
    const status = (await call(`/rest/V1/bulk/${bulk.data.bulk_uuid}/status`)).data;
    expect(status.operations_list.map((operation: { status: number }) => operation.status)).toEqual([1, 3]);
    const filter = "searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D";
    const found = await call(
      `/rest/V1/inventory/source-items?${filter}%5Bfield%5D=sku&${filter}%5Bvalue%5D=MUG-STRIPED`,
    );
    expect(found.data.items).toEqual([{ ...row, quantity: 9 }]);
  });
});
