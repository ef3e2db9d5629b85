import { expect, test } from "vitest";
import { contentHash, deliveryKey } from "./delivery-key.ts";

const binding = { id: "shop", storeId: "store", organisationId: "organisation" };
const identity = {
  kind: "invoice",
  sourceType: "order",
  sourceId: "17",
  part: "",
  generation: 1,
} as const;

test("a delivery key is the hash of store, organisation and identity, and of nothing else", () => {
  const key = deliveryKey(binding, identity);
  // sha256 of "store/organisation/invoice/order/17//1": a change of this would post every document a second time.
  expect(key).toBe("5f676c106c1e373de0eb24e5919f9a31fabdeb167a908eaf3d05f9b192b22009");
  expect(deliveryKey({ ...binding, id: "renamed" }, identity)).toBe(key);
});

test.each([
  { kind: "payment" },
  { sourceType: "invoice" },
  { sourceId: "18" },
  { part: "ch_1" },
  { generation: 2 },
] as const)("another %o is another document", (change) => {
  expect(deliveryKey(binding, { ...identity, ...change })).not.toBe(deliveryKey(binding, identity));
});

test("the hash of a content does not depend on the order of its keys, but on that of its lists", () => {
  expect(contentHash({ a: 1, b: { c: 2, d: 3 } })).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
});
