/** Invoices, credit memos and shipments that the demo store makes, read over HTTP: each comes to its total, and so does its tax. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readScenario } from "../../../sandbox/shared/scenario.ts";
import { type RunningStore, startStore } from "../../../sandbox/store/server.ts";
import { call, sandbox } from "../../../sandbox/store/test-client.ts";
import { e4Of, sumOf } from "../../core/money.ts";
import { CanonicalSale } from "../../core/sale.ts";
import type { Catalogue, SalesSource } from "../../ports.ts";
import { grossOf, taxOf } from "./part-sums.ts";
import { profileOfScenario } from "./scenario.ts";
import { createMagentoSource } from "./source.ts";

const scenario = readScenario(join(import.meta.dirname, "../../../scenarios/demo-gb.json"));
const clock = { now: () => new Date("2026-11-20T12:00:00Z") };
const catalogue: Catalogue = {
  products: new Map(),
  profile: profileOfScenario({}, { baseCurrency: "GBP" }),
};

let store: RunningStore;
let source: SalesSource;

beforeAll(async () => {
  store = await startStore({
    scenario: { ...scenario, store: { ...scenario.store, commerce: true } },
    port: 0,
    orders: 1,
    now: clock.now,
  });
  source = createMagentoSource({
    baseUrl: store.url,
    credentials: store.integration,
    clock,
    log: () => undefined,
  });
});
afterAll(() => store.close());

type Placed = {
  readonly entity_id: number;
  readonly increment_id: string;
  readonly items: readonly {
    readonly item_id: number;
    readonly sku: string;
    readonly product_type: string;
  }[];
};

async function place(order: object): Promise<Placed> {
  const { data, status } = await sandbox(store, "order", { paymentMethod: "stripe_payments", ...order });
  expect(status, JSON.stringify(data)).toBe(200);
  return data as Placed;
}

async function post(path: string, body: object): Promise<string> {
  const answer = await call(store, `/rest/V1/${path}`, { method: "POST", body, now: clock.now });
  expect(answer.status, JSON.stringify(answer.data)).toBe(200);
  return String(answer.data);
}

async function saleOf({ increment_id }: Placed): Promise<CanonicalSale> {
  const raw = await source.fetchOrder(increment_id);
  if (!raw.ok) throw new Error(JSON.stringify(raw.error));
  const sale = source.readSale(raw.value, catalogue);
  if (!sale.ok) throw new Error(JSON.stringify(sale.error));
  expect(CanonicalSale.safeParse(sale.value).error).toBeUndefined();
  return sale.value;
}

/** Every part of the sale comes to what it says it comes to, in ten-thousandths. */
function expectSums(sale: CanonicalSale): void {
  for (const invoice of sale.invoices) {
    const paid = sumOf([invoice.grandTotal, ...invoice.tenders.map(({ amount }) => amount)].map(e4Of));
    expect([grossOf(invoice, invoice.fees), taxOf(invoice, invoice.fees)]).toEqual([paid, e4Of(invoice.tax)]);
  }
  for (const memo of sale.creditMemos) {
    const adjusted = e4Of(memo.adjustmentRefund) - e4Of(memo.adjustmentFee);
    expect(grossOf(memo, memo.fees) + adjusted).toBe(e4Of(memo.grandTotal));
    expect(taxOf(memo, memo.fees)).toBe(e4Of(memo.tax));
    expect(sumOf(memo.refunds.map(({ amount }) => e4Of(amount)))).toBe(e4Of(memo.grandTotal));
  }
}

const itemOf = ({ items }: Placed, sku: string) => {
  const item = items.find((one) => one.sku === sku);
  if (item === undefined) throw new Error(`no ${sku} among ${items.map((one) => one.sku).join(", ")}`);
  return item.item_id;
};

const BASKET = {
  items: [{ sku: "MUG-STRIPED", qty: 3 }, { sku: "LAMP-DESK", qty: 2 }, { sku: "TEA-BREAKFAST" }],
  shipping: { code: "flatrate_flatrate", description: "Flat rate", amount: 4.99 },
};
const DISCOUNT = { discounts: [{ action: "by_percent", amount: 10, toShipping: true }] };

const calls = async (): Promise<number> => {
  const { data } = await sandbox(store, "calls");
  return (data as { log: unknown[] }).log.length;
};

describe("calls", () => {
  test("an order of which nothing was invoiced, refunded or sent costs one", async () => {
    const order = await place(BASKET);
    const before = await calls();
    await saleOf(order);
    expect((await calls()) - before).toBe(1);
  });

  test("one that was invoiced and sent costs one more for each kind", async () => {
    const order = await place({ ...BASKET, invoice: true, ship: true });
    const before = await calls();
    await saleOf(order);
    expect((await calls()) - before).toBe(3);
  });
});

describe("invoices", () => {
  test("a partial one and the rest come to the order, the shipping on the first", async () => {
    const order = await place({ ...BASKET, ...DISCOUNT });
    const mug = itemOf(order, "MUG-STRIPED");
    await post(`order/${order.entity_id}/invoice`, {
      capture: true,
      items: [{ order_item_id: mug, qty: 1 }],
    });
    const part = await saleOf(order);
    expect(part.invoices).toMatchObject([
      { state: "paid", lines: [{ lineId: String(mug), quantity: "1.00" }] },
    ]);
    expect(part.invoices[0]?.shipping?.discount).not.toBe("0.00");
    await post(`order/${order.entity_id}/invoice`, { capture: true });
    const whole = await saleOf(order);
    expect(whole.invoices.map(({ shipping }) => shipping === null)).toEqual([false, true]);
    const charged = sumOf(whole.invoices.map(({ grandTotal }) => e4Of(grandTotal)));
    expect(charged).toBe(e4Of(whole.totals.grandTotal));
    expect(whole.receipts.map(({ invoiceId }) => invoiceId)).toEqual(whole.invoices.map(({ id }) => id));
    expectSums(whole);
  });

  test("of bundles, variants and gift wrap paid in part by gift card, credit and points come to their totals", async () => {
    const order = await place({
      items: [
        { sku: "HAMPER-PICNIC", qty: 2, wrapping: 1.5 },
        { sku: "SET-BREAKFAST" },
        { sku: "SHIRT", qty: 2 },
      ],
      ...DISCOUNT,
      wrapping: { order: 2.5, card: 0.75 },
      giftCards: [{ code: "GC-1", amount: 10 }],
      customerBalance: 5,
      reward: { points: 100, amount: 2 },
      invoice: true,
      ship: true,
    });
    const sale = await saleOf(order);
    expectSums(sale);
    expect(sale.fees.map(({ code }) => code)).toEqual(["giftWrap", "giftWrap", "giftWrap"]);
    expect(sale.invoices[0]?.tenders.map(({ kind }) => kind)).toEqual([
      "giftCard",
      "storeCredit",
      "rewardPoints",
    ]);
    const parts = sale.lines.find(({ sku }) => sku === "SET-BREAKFAST")?.parts;
    expect(parts).toMatchObject([
      { sku: "TEAPOT-ROUND", quantity: "1.00" },
      { sku: "MUG-STRIPED", quantity: "2.00" },
    ]);
    // All went out in one shipment, the hamper by its parent: its pieces are those of the lines.
    const quantities = new Map(sale.lines.map(({ id, quantity }) => [id, quantity]));
    expect(new Map(sale.shipments[0]?.lines.map(({ lineId, quantity }) => [lineId, quantity]))).toEqual(
      quantities,
    );
  });
});

describe("credit memos", () => {
  test("a partial refund through the gateway and the rest offline", async () => {
    const order = await place({ ...BASKET, ...DISCOUNT, invoice: true });
    const paid = await saleOf(order);
    const mug = itemOf(order, "MUG-STRIPED");
    const lamp = itemOf(order, "LAMP-DESK");
    await post(`invoice/${paid.invoices[0]?.id}/refund`, {
      isOnline: true,
      items: [
        { order_item_id: mug, qty: 1 },
        { order_item_id: lamp, qty: 1 },
        { order_item_id: itemOf(order, "TEA-BREAKFAST"), qty: 0 },
      ],
      arguments: { shipping_amount: 0, adjustment_positive: 0.5, adjustment_negative: 2 },
    });
    await post(`order/${order.entity_id}/refund`, {});
    const sale = await saleOf(order);
    expect(sale.creditMemos).toMatchObject([
      {
        adjustmentRefund: "0.50",
        adjustmentFee: "2.00",
        invoiceId: paid.invoices[0]?.id,
        refunds: [{ destination: "gateway", transactionId: expect.stringMatching(/refund/) }],
      },
      { refunds: [{ destination: "offline", transactionId: null }] },
    ]);
    expect(sale.creditMemos[0]?.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([
      [String(mug), "1.00"],
      [String(lamp), "1.00"],
    ]);
    expect(sale.creditMemos[0]?.shipping).toBeNull();
    expectSums(sale);
    expect(sale.source.revision).not.toBe(paid.source.revision);
  });

  test("shipping alone", async () => {
    const order = await place({ ...BASKET, invoice: true });
    await post(`order/${order.entity_id}/refund`, {
      items: order.items.map(({ item_id }) => ({ order_item_id: item_id, qty: 0 })),
      arguments: { shipping_amount: 2 },
    });
    const sale = await saleOf(order);
    expect(sale.creditMemos).toMatchObject([{ lines: [], shipping: { title: expect.any(String) } }]);
    expectSums(sale);
  });

  test("to store credit, whole or in part, and to what had paid", async () => {
    const order = await place({ ...BASKET, giftCards: [{ code: "GC-2", amount: 6 }], invoice: true });
    const { data, status } = await sandbox(store, "refund", { orderId: order.entity_id, toStoreCredit: 12 });
    expect(status, JSON.stringify(data)).toBe(200);
    const sale = await saleOf(order);
    const refunds = new Map(
      sale.creditMemos[0]?.refunds.map(({ destination, amount }) => [destination, amount]),
    );
    expect([...refunds.keys()]).toEqual(["offline", "storeCredit", "giftCard"]);
    expect([refunds.get("storeCredit"), refunds.get("giftCard")]).toEqual(["12.00", "6.00"]);
    expectSums(sale);
  });

  test("all of it to store credit leaves the order's total at zero, and is still read", async () => {
    const order = await place({ ...BASKET, invoice: true });
    const { totals } = await saleOf(order);
    await sandbox(store, "refund", { orderId: order.entity_id, toStoreCredit: Number(totals.grandTotal) });
    const sale = await saleOf(order);
    expect(sale.creditMemos[0]?.refunds).toEqual([
      { destination: "storeCredit", amount: totals.grandTotal, transactionId: null },
    ]);
    expectSums(sale);
  });

  test("of bundles, variants, wrap and fixed product tax in parts come to their totals", async () => {
    const order = await place({
      items: [
        { sku: "HAMPER-PICNIC", qty: 2 },
        { sku: "SET-BREAKFAST", qty: 2, wrapping: 1.5 },
        { sku: "SHIRT", qty: 2 },
        { sku: "LAMP-DESK", qty: 3 },
      ],
      ...DISCOUNT,
      wrapping: { order: 2.5 },
      invoice: true,
    });
    const tops = order.items.filter((item) => !("parent_item_id" in item));
    for (let pass = 0; pass < 2; pass += 1)
      await post(`order/${order.entity_id}/refund`, {
        items: tops.map(({ item_id }) => ({ order_item_id: item_id, qty: 1 })),
        arguments: { shipping_amount: 0 },
      });
    await post(`order/${order.entity_id}/refund`, {});
    const sale = await saleOf(order);
    expect(sale.creditMemos).toHaveLength(3);
    expectSums(sale);
  });
});

test("a shipment has its track, its source and the pieces of its lines", async () => {
  const order = await place({ ...BASKET, invoice: true });
  const mug = itemOf(order, "MUG-STRIPED");
  await post(`order/${order.entity_id}/ship`, {
    items: [{ order_item_id: mug, qty: 2 }],
    tracks: [{ track_number: "JD 0002", title: "Royal Mail", carrier_code: "custom" }],
    arguments: { extension_attributes: { source_code: "default" } },
  });
  expect((await saleOf(order)).shipments).toMatchObject([
    {
      source: "default",
      lines: [{ lineId: String(mug), quantity: "2.00" }],
      tracks: [{ carrier: "custom", title: "Royal Mail", number: "JD 0002" }],
      at: "2026-11-20T12:00:00Z",
    },
  ]);
});

test("an order that was edited names the one before it, and that one the one after", async () => {
  const first = await place(BASKET);
  const second = await place({ ...BASKET, edits: first.increment_id, invoice: true });
  expect((await saleOf(second)).edited.from).toBe(first.increment_id);
});
