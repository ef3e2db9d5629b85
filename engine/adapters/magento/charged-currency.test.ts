/** A sale that was charged in the base currency is read in it, from its invoices and credit memos too (FX-02). */
import { expect, test } from "vitest";
import type { Json } from "../../core/shapes.ts";
import { catalogue, documentOf, itemOf, type JsonObject, orderOf, rowOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

/** 24.00 EUR that are 20.00 GBP, and a gift wrap of 1.20 EUR. */
const euro: JsonObject = {
  order_currency_code: "EUR",
  base_currency_code: "GBP",
  base_to_order_rate: "1.2",
  grand_total: "25.20",
  base_grand_total: "21.00",
  subtotal: 20,
  base_subtotal: "16.67",
  tax_amount: 4,
  base_tax_amount: "3.33",
  discount_amount: 0,
  shipping_amount: 0,
  shipping_tax_amount: 0,
  shipping_description: null,
  items: [
    itemOf({
      row_total: 20,
      base_row_total: "16.67",
      tax_amount: 4,
      base_tax_amount: "3.33",
      base_discount_amount: 0,
      weee_tax_applied: '[{"row_amount":"1.20","base_row_amount":"1.00"}]',
    }),
  ],
};

const wrap = { gw_price: "1.2000", gw_base_price: "1.0000" };

const read = (info: Json, more: JsonObject = {}) =>
  toSale(
    {
      order: orderOf({ ...euro, extension_attributes: { ...wrap, payment_additional_info: info }, ...more }),
      invoices: [
        documentOf({
          grand_total: "25.20",
          base_grand_total: 21,
          subtotal: null,
          items: [],
          shipping_amount: 0,
          shipping_tax_amount: 0,
        }),
      ],
      creditMemos: [
        documentOf({
          grand_total: 0,
          base_grand_total: 0,
          subtotal: 20,
          base_subtotal: "16.67",
          discount_amount: 0,
          tax_amount: 4,
          base_tax_amount: "3.33",
          shipping_amount: 0,
          shipping_tax_amount: 0,
          items: [
            rowOf(71, {
              row_total: 20,
              base_row_total: "16.67",
              base_tax_amount: "3.33",
              weee_tax_applied: "[]",
            }),
          ],
          customer_bal_total_refunded: 24,
          bs_customer_bal_total_refunded: 20,
        }),
      ],
      shipments: [],
    },
    catalogue,
  );

const charged = (currency: string, key = "charged_currency") => read([{ key, value: currency }]);

test("the base currency's amounts, where the payment says that it took them", () => {
  const sale = charged("GBP");
  if (!sale.ok) throw new Error(JSON.stringify(sale.error));
  expect(sale.value).toMatchObject({
    currency: "GBP",
    baseCurrency: "GBP",
    storeRate: "1.00",
    lines: [{ net: "16.67", tax: "3.33", fixedTaxNet: "1.00" }],
    fees: [{ code: "giftWrap", gross: "1.00" }],
    receipts: [{ amount: "21.00" }],
    invoices: [{ grandTotal: "21.00" }],
    creditMemos: [
      { grandTotal: "20.00", tax: "3.33", refunds: [{ destination: "storeCredit", amount: "20.00" }] },
    ],
    totals: { grandTotal: "21.00", tax: "3.33" },
  });
});

test.each([
  ["nothing is said", () => read([])],
  ["it says the order's", () => charged("eur")],
  ["it says no currency", () => charged("null")],
  ["only another key has a currency", () => charged("GBP", "settlement_currency_of_account")],
])("the order's currency where %s", (_name, sale) => {
  const read = sale();
  expect(read.ok && [read.value.currency, read.value.totals.grandTotal]).toEqual(["EUR", "25.20"]);
});

test("a third currency is held, and so is a base total that is not there", () => {
  const dollars = charged("USD");
  expect(dollars.ok ? undefined : dollars.error).toMatchObject({
    hold: "currencyNotAllowed",
    field: "extension_attributes.payment_additional_info.charged_currency",
  });
  const missing = read([{ key: "currency", value: "GBP" }], { base_grand_total: null });
  expect(missing.ok ? undefined : [missing.error.hold, missing.error.field]).toEqual([
    "fieldMissing",
    "base_grand_total",
  ]);
});

test("a dump keeps what the payment says as an object", () => {
  const payment = { method: "x", additional_information: { currency: "GBP" } };
  const sale = read([], { payment });
  expect(sale.ok && sale.value.currency).toBe("GBP");
});
