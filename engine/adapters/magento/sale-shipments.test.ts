/** What was sent: whose pieces, under which track, from which source, and what the carrier costs where a module says so. */
import { expect, test } from "vitest";
import type { Shipment } from "../../core/sale.ts";
import { catalogue, itemOf, type JsonObject, orderOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

const shipmentOf = (shipment: JsonObject = {}): JsonObject => ({
  entity_id: 61,
  increment_id: "000000061",
  order_id: 501,
  created_at: "2026-11-03 08:00:00",
  items: [{ order_item_id: 71, qty: 2 }],
  tracks: [{ track_number: "1Z 999", title: "UPS", carrier_code: "ups" }],
  extension_attributes: { source_code: "london" },
  ...shipment,
});

const read = (shipment: JsonObject, order: JsonObject) =>
  toSale(
    { order: orderOf(order), invoices: [], creditMemos: [], shipments: [shipmentOf(shipment)] },
    catalogue,
  );

function shipped(shipment: JsonObject = {}, order: JsonObject = {}): Shipment | undefined {
  const sale = read(shipment, order);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  return sale.value.shipments[0];
}

test("a shipment has its pieces, tracks and source", () => {
  expect(shipped()).toEqual({
    id: "61",
    number: "000000061",
    at: "2026-11-03T08:00:00Z",
    source: "london",
    lines: [{ lineId: "71", quantity: "2.00" }],
    tracks: [{ carrier: "ups", title: "UPS", number: "1Z 999" }],
    cost: null,
    fee: null,
  });
});

test("the cost of its label and a fee of its own are told where a module writes them", () => {
  const extension_attributes = { label_cost: "6.40", label_cost_tax: "1.28", shipping_fee: 5 };
  expect(shipped({ extension_attributes })).toMatchObject({
    source: null,
    cost: { net: "6.40", tax: "1.28" },
    fee: { net: "5.00", tax: "0.00" },
  });
});

test("a track without a number and rows of no pieces are left out", () => {
  const items = [
    { order_item_id: 71, qty: 0 },
    { order_item_id: 72, qty: 1 },
  ];
  expect(shipped({ items, tracks: [{ title: "by hand" }] })).toMatchObject({
    lines: [{ lineId: "72" }],
    tracks: [],
  });
});

test("a bundle that is sent by its parent sends its children in proportion; one sent by its children does so once", () => {
  const child = (id: number, qty_ordered: number) =>
    itemOf({ item_id: id, parent_item_id: 80, sku: `CHILD-${id}`, row_total: 15, qty_ordered });
  const items = [
    itemOf({ item_id: 80, product_type: "bundle", row_total: 30, qty_ordered: 2 }),
    child(81, 2),
    child(82, 6),
  ];
  const byParent = { items: [{ order_item_id: 80, qty: 1 }] };
  const byChildren = {
    items: [
      { order_item_id: 80, qty: 1 },
      { order_item_id: 81, qty: 1 },
      { order_item_id: 82, qty: 3 },
    ],
  };
  const expected = [
    { lineId: "81", quantity: "1.00" },
    { lineId: "82", quantity: "3.00" },
  ];
  expect(shipped(byParent, { items })?.lines).toEqual(expected);
  expect(shipped(byChildren, { items })?.lines).toEqual(expected);
});

test("a shipment without a time is held by its field", () => {
  const sale = read({ created_at: null }, {});
  expect(sale.ok ? undefined : [sale.error.hold, sale.error.field]).toEqual([
    "fieldMissing",
    "shipments[0].created_at",
  ]);
});
