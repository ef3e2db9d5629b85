import { expect, test } from "vitest";
import { readScenario } from "../shared/scenario.ts";
import { befall } from "./fates.ts";
import type { JsonObject } from "./json.ts";
import type { Fate } from "./occasions.ts";
import { OrderRequest } from "./order-request.ts";
import { placeOrder } from "./place.ts";
import { seededRandom } from "./random.ts";
import { toShop } from "./shop.ts";
import { openState } from "./state.ts";
import { magentoTime } from "./time.ts";

const scenario = readScenario(`${import.meta.dirname}/../../scenarios/demo-gb.json`);
const shop = toShop(scenario);
const NOW = new Date("2026-11-20T12:00:00Z");
const DAY_MS = 86_400_000;

/** An order of four mugs and two teapots, so many days after it was placed. */
function livedThrough(fate: Fate, days: number, more: Record<string, unknown> = {}) {
  const state = openState();
  const placedMs = NOW.getTime() - days * DAY_MS;
  state.transact((transaction) => {
    const now = magentoTime(new Date(placedMs));
    const request = OrderRequest.parse({
      items: [
        { sku: "MUG-STRIPED", qty: 4 },
        { sku: "TEAPOT-ROUND", qty: 2 },
      ],
      ...more,
    });
    const order = placeOrder({ transaction, shop, scenario, request, now });
    const context = { transaction, shop, now };
    befall({ context, order, fate, random: seededRandom(1), placedMs, nowMs: NOW.getTime() });
  });
  const [order] = state.read.all("orders");
  const count = (table: "invoices" | "shipments" | "creditmemos"): number => state.read.all(table).length;
  const counts = [count("invoices"), count("shipments"), count("creditmemos")];
  return { order: order ?? ({} as JsonObject), counts };
}

test.each<[Fate, number, string, number[]]>([
  ["delivered", 5, "complete", [1, 1, 0]],
  ["delivered", 0.5, "processing", [1, 0, 0]],
  ["canceled", 5, "canceled", [0, 0, 0]],
  ["edited", 5, "new", [0, 0, 0]],
  ["waits", 5, "new", [0, 0, 0]],
  ["waits", 30, "complete", [1, 1, 0]],
  ["partlyInvoiced", 5, "processing", [1, 0, 0]],
  ["partlyInvoiced", 30, "processing", [2, 0, 0]],
  ["partlyRefunded", 30, "complete", [1, 1, 1]],
  ["refunded", 30, "closed", [1, 1, 1]],
])(
  "an order that is %s is, %s days later, %s with as many invoices, shipments and memos",
  (fate, days, state, counts) => {
    const lived = livedThrough(fate, days);
    expect([lived.order.state, lived.counts]).toEqual([state, counts]);
  },
);

test("money that is still on its way by transfer has not arrived", () => {
  expect(livedThrough("delivered", 1, { paymentMethod: "banktransfer" }).counts).toEqual([0, 0, 0]);
});

test("nothing is given back for an order that a coupon paid for", () => {
  const free = {
    discounts: [{ action: "by_percent", amount: 100 }],
    shipping: { code: "freeshipping_freeshipping", description: "Free Shipping - Free", amount: 0 },
  };
  expect(livedThrough("refunded", 30, free)).toMatchObject({
    order: { grand_total: 0, state: "closed" },
    counts: [1, 1, 0],
  });
});
