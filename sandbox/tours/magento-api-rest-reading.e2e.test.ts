import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningStore } from "../store/server.ts";
import { sandbox } from "../store/test-client.ts";
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
let sku = "";

beforeAll(async () => {
  store = await openStore({ pastEndRepeatsLastPage: true });
  client = clientOf(store);
  sku = (await goodsOf(client)).plain[0]?.sku ?? "";
});
afterAll(() => store.close());

type Order = { entity_id: number; increment_id: string; state: string; created_at: string };

const listOf = async (path: string, params?: object) => (await client.get(path, params)).data;
const idsOf = async (params: object): Promise<number[]> =>
  (await listOf("orders", params)).items.map(({ entity_id }: Order) => entity_id);

test("a list is asked for in the library's short spelling and in both of Magento's", async () => {
  const short = await listOf("orders", { $perPage: 2, $page: 2, $sort: { entity_id: "asc" } });
  expect(short).toMatchObject({
    items: [{ entity_id: 1003 }, { entity_id: 1004 }],
    search_criteria: {
      sort_orders: [{ field: "entity_id", direction: "ASC" }],
      page_size: 2,
      current_page: 2,
    },
    total_count: 12,
  });
  const snake = { sort_orders: [{ field: "entity_id", direction: "ASC" }], page_size: 2, current_page: 2 };
  expect(await listOf("orders", snake)).toEqual(short);
  const camel = { sortOrders: [{ field: "entity_id", direction: "ASC" }], pageSize: 2, currentPage: 2 };
  expect(await listOf("orders", camel)).toEqual(short);
  // Without parameters it asks for `?searchCriteria`: everything, in the order of the table.
  const all = await listOf("orders");
  expect([all.items.length, all.total_count]).toEqual([12, 12]);
});

test("filters of one group are alternatives, groups must all match", async () => {
  const { items } = await listOf("orders", { $sort: { entity_id: "asc" } });
  const orders: Order[] = items;
  const where = (test: (order: Order) => boolean) => orders.filter(test).map(({ entity_id }) => entity_id);
  const sorted = { sort_orders: [{ field: "entity_id", direction: "ASC" }] };
  const filter = (field: string, value: string, condition_type: string) => ({ field, value, condition_type });
  const states = [filter("state", "complete", "eq"), filter("state", "processing", "eq")];
  const late = [filter("entity_id", "1006", "gteq")];
  expect(await idsOf({ filter_groups: [{ filters: states }, { filters: late }], ...sorted })).toEqual(
    where(({ state, entity_id }) => ["complete", "processing"].includes(state) && entity_id >= 1006),
  );
  const short = { $or: [{ entity_id: 1002 }, { entity_id: 1004 }], $sort: { entity_id: "desc" } };
  expect(await idsOf(short)).toEqual([1004, 1002]);
  const [third, fifth] = [orders[2]?.created_at ?? "", orders[4]?.created_at ?? ""];
  expect(await idsOf({ $from: third, $to: fifth, $sort: { entity_id: "asc" } })).toEqual([1003, 1004, 1005]);
  expect(await idsOf({ $after: third, $before: fifth, $sort: { entity_id: "asc" } })).toEqual([1004]);
  const single = async (field: string, value: string, condition: string) =>
    idsOf({ filter_groups: [{ filters: [filter(field, value, condition)] }], ...sorted });
  expect(await single("entity_id", "1001,1003", "in")).toEqual([1001, 1003]);
  expect(await single("entity_id", "1001,1003", "nin")).toHaveLength(10);
  expect(await single("increment_id", "%7", "like")).toEqual(
    where(({ increment_id }) => increment_id.endsWith("7")),
  );
  expect(await single("total_refunded", "1", "notnull")).toEqual(
    orders.filter((order) => "total_refunded" in order).map(({ entity_id }) => entity_id),
  );
});

test("the default direction is descending, and times are in UTC without a zone", async () => {
  expect((await idsOf({ sort_orders: [{ field: "entity_id" }], page_size: 2 })).slice(0, 2)).toEqual([
    1012, 1011,
  ]);
  const [order] = (await listOf("orders", { page_size: 1 })).items;
  expect(order.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  const zoned = [{ filters: [{ field: "created_at", value: "2026-11-24T10:00:00Z", condition_type: "gt" }] }];
  const [status, body] = await refusalOf(client.get("orders", { filter_groups: zoned }));
  expect(status).toBe(400);
  expect(body.message).toContain("Incorrect DATETIME value: '2026-11-24T10:00:00Z'");
});

test("a page past the end is the last page again, and page 0 the first", async () => {
  const page = async (current_page: number) => idsOf({ page_size: 5, current_page });
  const last = await page(3);
  expect(last).toEqual([1011, 1012]);
  expect(await page(4)).toEqual(last);
  expect(await page(99)).toEqual(last);
  expect(await page(0)).toEqual(await page(1));
  const fixed = await openStore({ pastEndRepeatsLastPage: false });
  const { data } = await clientOf(fixed).get("orders", { page_size: 5, current_page: 4 });
  expect([data.items, data.total_count]).toEqual([[], 12]);
  await fixed.close();
});

test("fields thin an answer", async () => {
  // The library has no place for more than search criteria; an unencoded value makes one.
  const page_size = "2&fields=items[increment_id,payment[method]],total_count";
  const { items, total_count } = await listOf("orders", { page_size });
  expect(total_count).toBe(12);
  expect(items.map((order: object) => Object.keys(order))).toEqual([
    ["increment_id", "payment"],
    ["increment_id", "payment"],
  ]);
});

test("what a search cannot do is a 400 in the database's words", async () => {
  const by = (field: string, condition_type: string) =>
    client.get("orders", { filter_groups: [{ filters: [{ field, value: "1", condition_type }] }] });
  expect(await refusalOf(by("colour", "eq"))).toEqual([
    400,
    {
      message: "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'main_table.colour' in 'where clause'",
    },
  ]);
  expect((await refusalOf(by("entity_id", "equals")))[0]).toBe(400);
  const sideways = client.get("orders", { sort_orders: [{ field: "entity_id", direction: "UP" }] });
  expect(await refusalOf(sideways)).toEqual([
    400,
    {
      message: "The sort order has to be specified as ASC for ascending order or DESC for descending order.",
    },
  ]);
  const words = client.get("orders", { page_size: "ten" });
  expect((await refusalOf(words))[1].message).toBe(
    'The "ten" value\'s type is invalid. The "int" type was expected. Verify and try again.',
  );
  const attribute = client.get("products", {
    filter_groups: [{ filters: [{ field: "colour", value: "1" }] }],
  });
  expect(await refusalOf(attribute)).toEqual([
    400,
    {
      message: 'The "%1" attribute name is invalid. Reset the name and try again.',
      parameters: ["colour"],
    },
  ]);
});

test("limits of input, where they are on, cut and refuse", async () => {
  const limited = await openStore({ inputLimits: true });
  const orders = clientOf(limited);
  expect((await orders.get("orders")).data.search_criteria.page_size).toBe(20);
  const [status, body] = await refusalOf(orders.get("orders", { page_size: 301 }));
  expect([status, body.message]).toEqual([400, "Maximum SearchCriteria pageSize is %max"]);
  expect(body.parameters).toEqual({ max: 300 });
  await limited.close();
});

test("one document is read by entity id, and what is missing says so with placeholders", async () => {
  const order = await listOf("orders/1001");
  expect(order.entity_id).toBe(1001);
  expect(order.extension_attributes.shipping_assignments).toBeDefined();
  expect(await refusalOf(client.get("orders/999999"))).toEqual([
    404,
    { message: "The entity that was requested doesn't exist. Verify the entity and try again." },
  ]);
  const { increment_id } = await placeOrder(store, { items: [{ sku }], storeView: "eu_en" });
  expect((await refusalOf(client.get(`orders/${increment_id}`)))[0]).toBe(404);
  expect(await refusalOf(client.get("customers/999"))).toEqual([
    404,
    {
      message: "No such entity with %fieldName = %fieldValue",
      parameters: { fieldName: "customerId", fieldValue: 999 },
    },
  ]);
  expect(await refusalOf(client.get("products/NO-SUCH-SKU"))).toEqual([
    404,
    { message: "The product that was requested doesn't exist. Verify the product and try again." },
  ]);
  expect(await refusalOf(client.get("nothing/here"))).toEqual([
    404,
    { message: "Request does not match any route." },
  ]);
  // Lists are plural and single memos are not.
  expect((await refusalOf(client.get("creditmemos/1")))[0]).toBe(404);
});

test("customers, products, stock, taxes and settings are read with the same client", async () => {
  const like = [{ filters: [{ field: "email", value: "%@example.com", condition_type: "like" }] }];
  const [customer] = (await listOf("customers/search", { filter_groups: like, page_size: 1 })).items;
  expect(await listOf(`customers/${customer.id}`)).toEqual(customer);
  const product = await listOf(`products/${sku}`);
  expect(product).toMatchObject({ sku, type_id: "simple" });
  expect((await listOf("products", { sku })).items[0].id).toBe(product.id);
  expect(await refusalOf(client.get(`products/${encodeURIComponent("A/B")}`))).toMatchObject([404, {}]);
  expect((await listOf(`stockItems/${sku}`)).qty).toBeGreaterThan(0);
  const sources = await listOf("inventory/source-items", { sku });
  expect(sources.items).toMatchObject([{ sku, source_code: "default", status: 1 }]);
  const stock = await listOf("inventory/stock-resolver/website/base");
  const path = `inventory/get-product-salable-quantity/${sku}/${stock.stock_id}`;
  expect(await listOf(path)).toBeLessThanOrEqual(sources.items[0].quantity);
  expect((await listOf("taxRates/search")).items.length).toBeGreaterThan(0);
  const configs = await listOf("store/storeConfigs");
  expect(configs.map(({ code }: { code: string }) => code)).toEqual(["uk_en", "eu_en", "trade"]);
  expect(configs[0]).toMatchObject({ base_currency_code: "GBP", timezone: "Europe/London" });
});

test("a right that the integration lacks, a wrong secret and SHA-1 are refused in Magento's words", async () => {
  const limited = await openStore({ integrationResources: ["Magento_Sales::actions_view"] });
  const orders = clientOf(limited);
  expect((await orders.get("orders", { page_size: 1 })).status).toBe(200);
  expect(await refusalOf(orders.get("invoices"))).toEqual([
    401,
    {
      message: "The consumer isn't authorized to access %resources.",
      parameters: { resources: "Magento_Sales::sales_invoice" },
    },
  ]);
  const [status, body] = await refusalOf(orders.post("order/1001/invoice", {}));
  expect([status, body.parameters]).toEqual([401, { resources: "Magento_Sales::invoice" }]);
  await limited.close();
  expect(await refusalOf(clientOf(store, { tokenSecret: "wrong" }).get("orders"))).toEqual([
    401,
    { message: "The signature is invalid. Verify and try again." },
  ]);
  // The library's default.
  expect(await refusalOf(clientOf(store, { sha: 1 }).get("orders"))).toEqual([
    400,
    { message: "Signature method %1 is not supported", parameters: ["HMAC-SHA1"] },
  ]);
  const stranger = { consumerKey: "0".repeat(32) };
  expect((await refusalOf(clientOf(store, stranger).get("orders")))[1].message).toBe(
    "A consumer having the specified key does not exist",
  );
});

test("an edge in front of the shop answers HTML, and then the shop again", async () => {
  await sandbox(store, "faults", { match: { path: "/rest/V1/orders" }, kind: "503", seconds: 3 });
  const [status, body] = await refusalOf(client.get("orders", { page_size: 1 }));
  expect(status).toBe(503);
  expect(body).toContain("<h1>503 Service Unavailable</h1>");
  expect((await client.get("orders", { page_size: 1 })).status).toBe(200);
});
