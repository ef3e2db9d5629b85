/** What a store invoice charges: parts that come to its total, and who paid it beside money. */
import { expect, test } from "vitest";
import type { StoreInvoice } from "../../core/sale.ts";
import { catalogue, documentOf, type JsonObject, orderOf, rowOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

const read = (invoices: readonly JsonObject[], order: JsonObject = {}) =>
  toSale({ order: orderOf(order), invoices, creditMemos: [], shipments: [] }, catalogue);

function invoicesOf(invoices: readonly JsonObject[], order: JsonObject = {}): StoreInvoice[] {
  const sale = read(invoices, order);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  return sale.value.invoices;
}

const holdOf = (invoice: JsonObject): string[] => {
  const sale = read([documentOf(invoice)]);
  return sale.ok ? [] : [sale.error.hold, sale.error.field];
};

test("two store invoices have their own rows, and the first one the shipping", () => {
  const first = documentOf({
    grand_total: "30.00",
    subtotal: 20,
    tax_amount: 5,
    discount_amount: 0,
    items: [rowOf(71)],
  });
  const second = documentOf({
    entity_id: 32,
    increment_id: "000000032",
    grand_total: "9.60",
    subtotal: 10,
    tax_amount: "1.60",
    shipping_amount: 0,
    shipping_tax_amount: 0,
    items: [rowOf(72)],
  });
  expect(invoicesOf([first, second])).toMatchObject([
    {
      id: "31",
      number: "000000031",
      at: "2026-11-02T09:00:00Z",
      state: "paid",
      shipping: { net: "5.00", tax: "1.00" },
      lines: [{ lineId: "71", net: "20.00" }],
      grandTotal: "30.00",
      tax: "5.00",
    },
    {
      id: "32",
      number: "000000032",
      shipping: null,
      lines: [{ lineId: "72", net: "10.00", discount: "2.00" }],
      grandTotal: "9.60",
      tax: "1.60",
    },
  ]);
});

test("open, paid and cancelled are told apart; any other state is held", () => {
  const states = [1, "2", 3].map((state, index) => documentOf({ state, entity_id: 31 + index }));
  expect(invoicesOf(states).map(({ state }) => state)).toEqual(["open", "paid", "cancelled"]);
  expect(holdOf({ state: 4 })).toEqual(["fieldInvalid", "invoices[0].state"]);
  expect(holdOf({ state: null })).toEqual(["fieldInvalid", "invoices[0].state"]);
});

test("gift cards, store credit and points that paid it are tenders", () => {
  const extension_attributes = { gift_cards_amount: 10, customer_balance_amount: "5.00" };
  const invoice = documentOf({ grand_total: "24.60", extension_attributes, reward_currency_amount: "1.00" });
  expect(invoicesOf([invoice])[0]?.tenders).toEqual([
    { kind: "giftCard", amount: "10.00" },
    { kind: "storeCredit", amount: "5.00" },
    { kind: "rewardPoints", amount: "1.00" },
  ]);
});

test("points that REST leaves out of the invoice are told by exactly what it is short of", () => {
  const points = { extension_attributes: { reward_currency_amount: 5 } };
  const tendersOf = (grand_total: string, order: JsonObject) =>
    invoicesOf([documentOf({ grand_total })], order)[0]?.tenders;
  expect(tendersOf("34.60", points)).toEqual([{ kind: "rewardPoints", amount: "5.00" }]);
  expect(tendersOf("34.58", points)).toEqual([]);
  expect(tendersOf("34.60", {})).toEqual([]);
});

test("the tax inside its discount on shipping is its own field, or in older versions in the header with the items'", () => {
  const order = { shipping_discount_amount: 1, shipping_discount_tax_compensation_amount: "0.17" };
  const shippingOf = (invoice: JsonObject) =>
    invoicesOf([documentOf({ discount_amount: -3, ...invoice })], order)[0]?.shipping;
  const own = { discount_tax_compensation_amount: 0, shipping_discount_tax_compensation_amount: "0.17" };
  expect(shippingOf(own)).toMatchObject({ discount: "1.00", discountTax: "0.17" });
  expect(shippingOf({ discount_tax_compensation_amount: "0.17" })).toMatchObject({ discountTax: "0.17" });
});

test("an invoice that lists no rows has none, and its total stands", () => {
  expect(invoicesOf([documentOf({ items: [], subtotal: null })])).toMatchObject([
    { lines: [], grandTotal: "39.60" },
  ]);
});

test("the rate and the taxes of its shipping are the order's, with its own share of the amounts", () => {
  const tax = (code: string, percent: number, amount: string) => ({ code, percent, amount });
  const item_applied_taxes = [
    { type: "shipping", applied_taxes: [tax("STATE", 15, "0.75"), tax("CITY", 5, "0.25")] },
  ];
  const half = documentOf({ shipping_amount: "2.50", shipping_tax_amount: "0.50" });
  expect(invoicesOf([half], { extension_attributes: { item_applied_taxes } })[0]?.shipping).toMatchObject({
    taxRate: "20.00",
    appliedTaxes: [
      { code: "STATE", amount: "0.38" },
      { code: "CITY", amount: "0.12" },
    ],
  });
});
