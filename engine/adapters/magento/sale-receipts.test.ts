/** Which money counts as received: the store's invoices must be the order's own, each once, and come to what it says was paid. */
import { expect, test } from "vitest";
import type { Json } from "../../core/shapes.ts";
import { catalogue, type JsonObject, orderOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

const invoiceOf = (id: number, grandTotal: string, more: JsonObject = {}): JsonObject => ({
  entity_id: id,
  order_id: 501,
  state: 2,
  created_at: "2026-11-01 09:00:00",
  transaction_id: null,
  grand_total: grandTotal,
  ...more,
});

/** The amounts of the receipts, or the hold and its field. */
function receiptsOf(totalPaid: Json, ...invoices: JsonObject[]): string[] {
  const sale = toSale(
    { order: orderOf({ total_paid: totalPaid }), invoices, creditMemos: [], shipments: [] },
    catalogue,
  );
  return sale.ok ? sale.value.receipts.map(({ amount }) => amount) : [sale.error.hold, sale.error.field];
}

test("several invoices come to what was paid, within a cent each", () => {
  const [first, second] = [invoiceOf(31, "20.0000"), invoiceOf(32, "19.6000")];
  expect(receiptsOf("39.6000", first, second)).toEqual(["20.00", "19.60"]);
  expect(receiptsOf("39.6200", first, second)).toEqual(["20.00", "19.60"]);
  expect(receiptsOf("39.6201", first, second)).toEqual(["totalsDiffer", "total_paid"]);
  expect(receiptsOf("39.5799", first, second)).toEqual(["totalsDiffer", "total_paid"]);
});

test("money that no paid invoice explains is not left out in silence", () => {
  expect(receiptsOf("39.60", invoiceOf(31, "39.60", { state: 1 }))).toEqual(["totalsDiffer", "total_paid"]);
  expect(receiptsOf(null, invoiceOf(31, "39.60", { state: 1 }))).toEqual([]);
});

test("an order that does not say what was paid takes its invoices' word", () => {
  expect(receiptsOf(null, invoiceOf(31, "39.60"))).toEqual(["39.60"]);
});

test("one invoice that is given twice is one receipt", () => {
  expect(receiptsOf("20.00", invoiceOf(31, "20.00"), invoiceOf(31, "20.00"))).toEqual(["20.00"]);
});

test("an invoice of another order is refused by its field", () => {
  const foreign = invoiceOf(32, "19.60", { order_id: 502 });
  expect(receiptsOf("39.60", invoiceOf(31, "20.00"), foreign)).toEqual([
    "fieldInvalid",
    "invoices[1].order_id",
  ]);
  expect(receiptsOf("20.00", invoiceOf(31, "20.00", { order_id: null }))).toEqual(["20.00"]);
});

test("what was refunded or cancelled is told where only its subtotal is, as store credit leaves it", () => {
  const totalsOf = (more: JsonObject) => {
    const sale = toSale({ order: orderOf(more), invoices: [], creditMemos: [], shipments: [] }, catalogue);
    if (!sale.ok) throw new Error(sale.error.detail);
    return [sale.value.totals.refunded, sale.value.totals.cancelled];
  };
  expect(totalsOf({})).toEqual(["0.00", "0.00"]);
  expect(totalsOf({ total_refunded: "5.00", subtotal_refunded: "4.00" })).toEqual(["5.00", "0.00"]);
  expect(totalsOf({ total_refunded: 0, subtotal_refunded: "4.00" })).toEqual(["4.00", "0.00"]);
  expect(totalsOf({ total_canceled: null, subtotal_canceled: "10.0000" })).toEqual(["0.00", "10.00"]);
});
