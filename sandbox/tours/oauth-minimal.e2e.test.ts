import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningStore } from "../store/server.ts";
import { clientOf, type Goods, goodsOf, openStore, placeOrder } from "./magento-session.ts";
import { minimalClient, type Slip } from "./oauth-minimal.ts";

let store: RunningStore;
let goods: Goods[] = [];

beforeAll(async () => {
  store = await openStore({ bearerAllowed: false });
  goods = (await goodsOf(clientOf(store))).plain;
});
afterAll(() => store.close());

const ask = (path: string, slip?: Slip) => minimalClient(store.url, store.integration)(path, slip);
const post = (path: string, body: unknown = {}) => ask(path, { method: "POST", body });
const read = async (path: string) => (await ask(path)).body;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const message = (text: string, parameters?: unknown) => ({
  message: text,
  ...(parameters === undefined ? {} : { parameters }),
});

test("an order is read, invoiced, shipped, refunded and refused what it does not allow any more", async () => {
  const placed = await placeOrder(store, {
    items: [{ sku: goods[0]?.sku, qty: 2 }],
    paymentMethod: "stripe_payments",
  });
  const id = placed.entity_id;
  expect(await read(`orders/${id}`)).toEqual(placed);
  const { status, body: invoiceId } = await post(`order/${id}/invoice`, { capture: true, notify: false });
  expect([status, typeof invoiceId]).toEqual([200, "string"]);
  expect(await read(`invoices/${invoiceId}`)).toMatchObject({ order_id: id, state: 2 });
  const { body: shipmentId } = await post(`order/${id}/ship`, {});
  expect(await read(`shipment/${shipmentId}`)).toMatchObject({ order_id: id });
  expect(await read(`orders/${id}`)).toMatchObject({ state: "complete", total_paid: placed.grand_total });
  const { body: memoId } = await post(`invoice/${invoiceId}/refund`, { isOnline: true });
  expect(await read(`creditmemo/${memoId}`)).toMatchObject({ order_id: id, grand_total: placed.grand_total });
  expect(await read(`orders/${id}`)).toMatchObject({
    state: "closed",
    total_refunded: placed.grand_total,
    total_online_refunded: placed.grand_total,
  });
  const closed = await post(`order/${id}/invoice`);
  expect(closed).toEqual({
    status: 400,
    body: message(
      "Invoice Document Validation Error(s):\nAn invoice cannot be created when an order has a status of closed",
    ),
  });
  const statusHistory = {
    comment: "booked",
    status: "closed",
    is_customer_notified: 0,
    is_visible_on_front: 0,
  };
  expect((await post(`orders/${id}/comments`, { statusHistory })).body).toBe(true);
  expect(await read(`orders/${id}/statuses`)).toBe("closed");
});

test("an unpaid order is cancelled once", async () => {
  const { entity_id: id } = await placeOrder(store, { items: [{ sku: goods[0]?.sku }] });
  expect([(await post(`orders/${id}/cancel`)).body, (await post(`orders/${id}/cancel`)).body]).toEqual([
    true,
    false,
  ]);
  expect(await read(`orders/${id}`)).toMatchObject({ state: "canceled" });
});

test("search criteria are signed with their brackets, their words and their spaces", async () => {
  // The package decodes the values of a URL before it signs them, but not the names: brackets go as they are.
  const criteria = (field: string, value: string, condition: string) =>
    `searchCriteria[filter_groups][0][filters][0][field]=${field}` +
    `&searchCriteria[filter_groups][0][filters][0][value]=${encodeURIComponent(value)}` +
    `&searchCriteria[filter_groups][0][filters][0][condition_type]=${condition}`;
  const { sku, name } = goods.find((one) => one.name.includes(" ")) ?? { sku: "", name: "" };
  expect(await read(`products?${criteria("name", name, "eq")}`)).toMatchObject({
    total_count: 1,
    items: [{ sku }],
    search_criteria: {
      filter_groups: [{ filters: [{ field: "name", value: name, condition_type: "eq" }] }],
    },
  });
  expect(await read(`products?${criteria("name", "%stoneware (50%) & mug!*'", "like")}`)).toMatchObject({
    total_count: 0,
  });
  const page = "searchCriteria[pageSize]=2&searchCriteria[currentPage]=1&fields=items[entity_id],total_count";
  expect(await read(`orders?${page}`)).toMatchObject({ items: [{ entity_id: 1001 }, { entity_id: 1002 }] });
  const encoded = await ask(`orders?${encodeURIComponent("searchCriteria[pageSize]")}=2`);
  expect(encoded).toEqual({ status: 401, body: message("The signature is invalid. Verify and try again.") });
});

test("criteria are required, may be empty, and without a value they are not part of what Magento signs", async () => {
  // The package signs `searchCriteria` as `searchCriteria=`; Oauth\\Helper\\Request skips a name without "=".
  expect(await ask("orders")).toEqual({
    status: 400,
    body: message('"%fieldName" is required. Enter and try again.', { fieldName: "searchCriteria" }),
  });
  expect((await ask("orders?searchCriteria=")).status).toBe(200);
  expect(await ask("orders?searchCriteria")).toEqual({
    status: 401,
    body: message("The signature is invalid. Verify and try again."),
  });
});

test("a nonce is used once, a timestamp may be old but not of the future", async () => {
  const path = "orders?searchCriteria[pageSize]=1";
  const nonce = "n".repeat(32);
  expect((await ask(path, { nonce })).status).toBe(200);
  const replayed = message("The nonce is already being used by the consumer with ID %1", [1]);
  expect(await ask(path, { nonce })).toEqual({ status: 401, body: replayed });
  expect((await ask(path, { nonce, timestampSeconds: nowSeconds() - 60 })).body).toEqual(replayed);
  // Core checks the future only (facts/magento.md section 1).
  expect((await ask(path, { timestampSeconds: nowSeconds() - 86_400 })).status).toBe(200);
  expect((await ask(path, { timestampSeconds: nowSeconds() + 500 })).status).toBe(200);
  for (const timestampSeconds of [nowSeconds() + 700, 0]) {
    expect(await ask(path, { timestampSeconds })).toEqual({
      status: 401,
      body: message("Incorrect timestamp value in the oauth_timestamp parameter"),
    });
  }
});

test("SHA-1, a wrong secret and a token of the wrong length are refused", async () => {
  const path = "orders?searchCriteria[pageSize]=1";
  expect(await ask(path, { sha: "sha1" })).toEqual({
    status: 400,
    body: message("Signature method %1 is not supported", ["HMAC-SHA1"]),
  });
  expect(await ask(path, { tokenSecret: "wrong" })).toEqual({
    status: 401,
    body: message("The signature is invalid. Verify and try again."),
  });
  const short = minimalClient(store.url, { ...store.integration, accessToken: "short" });
  expect(await short(path)).toEqual({
    status: 400,
    body: message("The token length is invalid. Check the length and try again."),
  });
  const unknown = minimalClient(store.url, { ...store.integration, accessToken: "0".repeat(32) });
  expect(await unknown(path)).toEqual({ status: 401, body: message("Specified token does not exist") });
  const incomplete = await fetch(`${store.url}/rest/V1/${path}`, {
    headers: { authorization: `OAuth oauth_consumer_key="${store.integration.consumerKey}"` },
  });
  expect([incomplete.status, await incomplete.json()]).toMatchObject([
    400,
    {
      message: "One or more input exceptions have occurred.",
      errors: ["signature", "signature_method", "nonce", "timestamp", "token"].map((name) =>
        message('"%fieldName" is required. Enter and try again.', { fieldName: `oauth_${name}` }),
      ),
    },
  ]);
});

test("the access token alone is refused as a bearer, unless the shop has switched it on", async () => {
  const bearer = async ({ url, integration }: RunningStore) => {
    const headers = { authorization: `Bearer ${integration.accessToken}` };
    const response = await fetch(`${url}/rest/V1/orders?searchCriteria[pageSize]=1`, { headers });
    return { status: response.status, body: await response.json() };
  };
  expect(await bearer(store)).toEqual({
    status: 401,
    body: message("The consumer isn't authorized to access %resources.", {
      resources: "Magento_Sales::actions_view",
    }),
  });
  const open = await openStore({ bearerAllowed: true });
  expect((await bearer(open)).status).toBe(200);
  await open.close();
});
