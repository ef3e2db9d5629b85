/** What leaves the shelf, what the buyer chose, and where the discount of a bundle belongs. */
import { describe, expect, test } from "vitest";
import type { SaleLine } from "../../core/sale.ts";
import type { Catalogue, CatalogueProduct } from "../../ports.ts";
import { spreadE4 } from "./spread.ts";
import { catalogue, itemOf, type JsonObject, orderOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

function linesOf(items: JsonObject[], known: Catalogue = catalogue): SaleLine[] {
  const sale = toSale({ order: orderOf({ items }), invoices: [], creditMemos: [], shipments: [] }, known);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  return sale.value.lines;
}

const child = (id: number, more: JsonObject) =>
  itemOf({ item_id: id, parent_item_id: 80, sku: `CHILD-${id}`, ...more });

describe("parts", () => {
  test("of a bundle of fixed price are its children with their pieces", () => {
    const lines = linesOf([
      itemOf({ item_id: 80, product_type: "bundle", row_total: 30 }),
      child(81, { row_total: 0, qty_ordered: 1 }),
      child(82, { row_total: 0, qty_ordered: 4 }),
    ]);
    expect(lines.map(({ parts }) => parts)).toEqual([
      [
        { sku: "CHILD-81", quantity: "1.00" },
        { sku: "CHILD-82", quantity: "4.00" },
      ],
    ]);
  });

  test("of a configurable are none, since its sku is the variant's; where it is not, the variant", () => {
    const parent = itemOf({ item_id: 80, product_type: "configurable", row_total: 30, sku: "TEE-RED-M" });
    const variant = (sku: string) => child(81, { row_total: 0, sku });
    expect(linesOf([parent, variant("TEE-RED-M")])[0]).toMatchObject({ sku: "TEE-RED-M", parts: [] });
    expect(linesOf([parent, variant("TEE-RED-M-2")])[0]?.parts).toEqual([
      { sku: "TEE-RED-M-2", quantity: "2.00" },
    ]);
  });
});

describe("options", () => {
  const optionsOf = (more: JsonObject) => linesOf([itemOf({ row_total: 30, ...more })])[0]?.options;

  test("are named by a dump, as an object or as JSON text, and what a bundle chose is none of them", () => {
    const product_options = {
      options: [
        { label: "Engraving", value: "12", print_value: "For Ada" },
        { label: "Note", value: "soon" },
      ],
      bundle_options: { "1": { label: "Ball", value: [{ title: "65 cm" }] } },
      attributes_info: [{ label: "Colour", value: "Blue" }],
    };
    const expected = [
      { label: "Engraving", value: "For Ada" },
      { label: "Note", value: "soon" },
    ];
    expect(optionsOf({ product_options })).toEqual(expected);
    expect(optionsOf({ product_options: JSON.stringify(product_options) })).toEqual(expected);
  });

  test("are ids in REST", () => {
    const product_option = {
      extension_attributes: {
        custom_options: [{ option_id: "3", option_value: "For Ada" }, { option_id: 4 }],
        bundle_options: [{ option_id: 1, option_qty: 1, option_selections: [2] }],
      },
    };
    expect(optionsOf({ product_option })).toEqual([{ label: "Option 3", value: "For Ada" }]);
  });

  test("that cannot be read hold nothing", () => {
    for (const product_options of ['a:1:{s:7:"options"', [], 7, { options: ["x", { label: { a: 1 } }] }])
      expect(optionsOf({ product_options })).toEqual([]);
  });
});

describe("the discount of a bundle", () => {
  const bundle = (discount_amount: number, discount_tax_compensation_amount = 0) =>
    itemOf({
      item_id: 80,
      product_type: "bundle",
      row_total: 30,
      discount_amount,
      discount_tax_compensation_amount,
    });
  const discounts = (items: JsonObject[]) =>
    linesOf(items).map(({ discount, discountTax }) => [discount, discountTax]);

  test("that stands on its parent is shared out among its children, to the cent", () => {
    const children = [
      child(81, { row_total: 10 }),
      child(82, { row_total: 10 }),
      child(83, { row_total: 10 }),
    ];
    expect(discounts([bundle(5, 0.5), ...children])).toEqual([
      ["1.67", "0.17"],
      ["1.67", "0.17"],
      ["1.66", "0.16"],
    ]);
  });

  test("that stands on its children is theirs, whatever the parent repeats", () => {
    const children = [child(81, { row_total: 20, discount_amount: 3 }), child(82, { row_total: 10 })];
    expect(discounts([bundle(3), ...children])).toEqual([
      ["3.00", "0.00"],
      ["0.00", "0.00"],
    ]);
  });
});

test("shares come to their amount, whatever the weights", () => {
  for (const amountE4 of [0n, 1n, 99n, 100n, 10_000n, 333_333n])
    for (const weights of [[1n], [1n, 1n, 1n], [0n, 0n], [7n, 0n, 13n], [-5n, 5n]]) {
      const shares = spreadE4(amountE4, weights);
      expect(shares).toHaveLength(weights.length);
      expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amountE4);
      expect(shares.every((share) => share >= 0n)).toBe(true);
    }
});

test("a part of a bundle and a variant that are in no category are where the product above them is", () => {
  const product = (sku: string, categories: string[]): [string, CatalogueProduct] => [
    sku,
    { sku, type: "simple", taxClass: "Taxable Goods", attributeSet: "Default", categories },
  ];
  const products = new Map([
    product("product_id=900", ["Kits"]),
    product("product_id=910", ["Shirts"]),
    product("CHILD-81", []),
    product("CHILD-82", ["Balls"]),
    product("TEE-RED-M", []),
  ]);
  const items = [
    itemOf({ item_id: 80, product_type: "bundle", row_total: 20, sku: "KIT-81-82", product_id: 900 }),
    child(81, { row_total: 15, product_id: 901 }),
    child(82, { row_total: 5, product_id: 902 }),
    itemOf({ item_id: 90, product_type: "configurable", row_total: 10, sku: "TEE-RED-M", product_id: 910 }),
  ];
  const lines = linesOf(items, { ...catalogue, products });
  expect(lines.map(({ product }) => product?.categories)).toEqual([["Kits"], ["Balls"], ["Shirts"]]);
  expect(linesOf([itemOf({ row_total: 30, product_id: 7 })])[0]?.productAbove).toBeUndefined();
});
