/** Totals that modules add: named where the store names them, with the tax that explains the order, and never invented. */
import { describe, expect, test } from "vitest";
import type { SaleFee } from "../../core/sale.ts";
import { catalogue, type JsonObject, orderOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

/** The order's own parts come to 39.60 with 6.60 of tax. */
function feesOf(order: JsonObject): SaleFee[] {
  const sale = toSale({ order: orderOf(order), invoices: [], creditMemos: [], shipments: [] }, catalogue);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  return sale.value.fees;
}

const segment = (code: string, value: number | string | null, more: JsonObject = {}) => ({
  code,
  value,
  title: code,
  ...more,
});
const CORE = [
  segment("subtotal", 30),
  segment("shipping", 5),
  segment("tax", 6.6),
  segment("grand_total", 39.6),
];

describe("segments of the totals", () => {
  test("that Magento has itself are no fees, and neither is one of nothing", () => {
    const total_segments = [
      ...CORE,
      segment("cgst_charge", 0),
      segment("discount", -2),
      segment("note", null),
    ];
    expect(feesOf({ extension_attributes: { total_segments } })).toEqual([]);
  });

  test("have their tax from the segment, from one beside it, or from what no other part has", () => {
    const taxed = { grand_total: "43.20", tax_amount: "7.20" };
    const cod = [{ code: "cod_fee", gross: "3.60", tax: "0.60" }];
    const own = segment("cod_fee", 3, { extension_attributes: { tax_amount: "0.60" } });
    for (const segments of [
      [own],
      [segment("cod_fee", 3), segment("cod_fee_tax", "0.60")],
      [segment("cod_fee", 3)],
    ])
      expect(feesOf({ ...taxed, total_segments: [...CORE, ...segments] })).toEqual(cod);
    const withTax = segment("cod_fee", "3.60", { tax_amount: "0.60" });
    expect(feesOf({ ...taxed, total_segments: [withTax] })).toEqual(cod);
  });

  test("are named even where they leave a rest, so that a hold can say their code", () => {
    expect(feesOf({ grand_total: "53.60", total_segments: [segment("duty", 14)] })).toEqual([
      { code: "duty", gross: "14.00", tax: "0.00" },
    ]);
    expect(feesOf({ grand_total: "39.66", total_segments: [segment("cash_rounding", 0.05)] })).toEqual([
      { code: "cash_rounding", gross: "0.05", tax: "0.00" },
    ]);
  });
});

test("a list of applied fees is read as segments are", () => {
  const applied_fees = [{ fee_code: "insurance", amount: "2.50", tax_amount: "0.50" }];
  expect(
    feesOf({ grand_total: "42.60", tax_amount: "7.10", extension_attributes: { applied_fees } }),
  ).toEqual([{ code: "insurance", gross: "3.00", tax: "0.50" }]);
});

describe("amounts of modules beside the order's", () => {
  test("are totals where they explain what the known parts leave, with tax or without", () => {
    expect(feesOf({ grand_total: "44.93", extension_attributes: { cod_fee: "5.33" } })).toEqual([
      { code: "cod_fee", gross: "5.33", tax: "0.00" },
    ]);
    const taxed = { grand_total: "43.20", tax_amount: "7.20" };
    expect(feesOf({ ...taxed, acme_surcharge_amount: 3, acme_surcharge_tax: "0.60" })).toEqual([
      { code: "acme_surcharge", gross: "3.60", tax: "0.60" },
    ]);
    expect(feesOf({ ...taxed, acme_surcharge: "3.60", acme_surcharge_tax_amount: "0.60" })).toEqual([
      { code: "acme_surcharge", gross: "3.60", tax: "0.60" },
    ]);
  });

  test("are left alone where the total has no room for them, or another amount is missing", () => {
    expect(feesOf({ cod_fee: 5 })).toEqual([]);
    expect(feesOf({ grand_total: "44.93", cod_fee: "5.31" })).toEqual([]);
    expect(feesOf({ grand_total: "44.93", base_cod_fee: "5.33", cod_fee_invoiced: "5.33" })).toEqual([]);
  });

  test("the one of several that explains the rest is taken", () => {
    expect(feesOf({ grand_total: "44.60", cod_fee: 5, handling_fee: 9 })).toEqual([
      { code: "cod_fee", gross: "5.00", tax: "0.00" },
    ]);
  });
});
