import { expect, test } from "vitest";
import { readScenario } from "../shared/scenario.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, objectAt, objects } from "./json.ts";
import { itemsOf } from "./order-state.ts";
import { seedStore } from "./seed.ts";
import { shareCopies, withCopies, withoutCopies } from "./share-copies.ts";
import { toShop } from "./shop.ts";
import { openState } from "./state.ts";

const scenario = readScenario(`${import.meta.dirname}/../../scenarios/demo-au.json`);

function seededOrders(): readonly JsonObject[] {
  const state = openState();
  const now = new Date("2026-11-20T12:00:00Z");
  seedStore({ state, shop: toShop(scenario), scenario, seed: 1, orders: 50, now });
  return state.read.all("orders");
}

/** As it comes out of a dump: no object occurs twice. */
const apart = (order: JsonObject): JsonObject => JSON.parse(JSON.stringify(order));

test("an order reads the same to the byte with its copies shared, and after the way through a journal", () => {
  let [whole, written] = [0, 0];
  for (const order of seededOrders()) {
    const text = JSON.stringify(order);
    const shared = apart(order);
    shareCopies(shared);
    expect(JSON.stringify(shared)).toBe(text);
    const line = JSON.stringify(withoutCopies(shared));
    whole += text.length;
    written += line.length;
    const restored = withCopies(JSON.parse(line));
    expect(JSON.stringify(restored)).toBe(text);
    const assigned = objects(objectAt(restored, "extension_attributes").shipping_assignments);
    for (const item of assigned.flatMap((one) => objects(one.items)))
      expect(itemsOf(restored)).toContain(item);
  }
  expect(written).toBeLessThan(whole * 0.7);
});

test("a copy that differs from its item stays as it is", () => {
  const parent: JsonObject = { item_id: 1, qty_shipped: 0 };
  const child: JsonObject = { item_id: 2, parent_item_id: 1, parent_item: { item_id: 1, qty_shipped: 9 } };
  const order: JsonObject = {
    items: [parent, child],
    extension_attributes: { shipping_assignments: [{ items: [{ item_id: 1 }, { item_id: 7 }, "odd"] }] },
  };
  const text = JSON.stringify(order);
  const shared = cloneJson(order);
  shareCopies(shared);
  expect(JSON.stringify(shared)).toBe(text);
  expect(JSON.stringify(withCopies(JSON.parse(JSON.stringify(withoutCopies(shared)))))).toBe(text);
});

test.each<[string, JsonObject]>([
  ["without items", { increment_id: "1" }],
  ["with items that are no list", { items: "none" }],
  ["with extension attributes that are a list", { items: [], extension_attributes: [] }],
])("an order %s passes as it is", (_, order) => {
  const text = JSON.stringify(order);
  const shared = cloneJson(order);
  shareCopies(shared);
  expect(JSON.stringify(withCopies(withoutCopies(shared)))).toBe(text);
});
