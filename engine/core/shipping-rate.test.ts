import fc from "fast-check";
import { expect, test } from "vitest";
import { e4Of, sumOf } from "./money.ts";
import type { SaleShipping } from "./sale.ts";
import { shippingShares } from "./shipping-rate.ts";

const shippingOf = (change: Partial<SaleShipping>): SaleShipping => ({
  method: null,
  title: null,
  net: "8.00",
  tax: "1.15",
  discount: "0",
  discountTax: "0",
  taxRate: "25",
  appliedTaxes: [
    { code: "A", percent: "20", amount: "1.00" },
    { code: "B", percent: "5", amount: "0.15" },
  ],
  ...change,
});

const seen = (shipping: SaleShipping) =>
  shippingShares(shipping, [], []).map(({ charge, rateE4, taxCodes }) => [
    charge.net,
    charge.tax,
    rateE4,
    taxCodes[0],
  ]);

test("shipping split by value has a part for each rate", () => {
  expect(seen(shippingOf({}))).toEqual([
    ["5.00", "1.00", 200_000n, "A"],
    ["3.00", "0.15", 50_000n, "B"],
  ]);
});

test("taxes that stack are charged on the whole price: one part", () => {
  const stacked = shippingOf({
    net: "10.00",
    tax: "2.50",
    appliedTaxes: [tax("A", "20", "2.00"), tax("B", "5", "0.50")],
  });
  expect(seen(stacked)).toEqual([["10.00", "2.50", 250_000n, "A"]]);
});

test("a part at 0 % takes the rest", () => {
  const mixed = shippingOf({
    tax: "1.00",
    taxRate: "20",
    appliedTaxes: [tax("A", "20", "1.00"), tax("Z", "0", "0")],
  });
  expect(seen(mixed)).toEqual([
    ["5.00", "1.00", 200_000n, "A"],
    ["3.00", "0.00", 0n, "Z"],
  ]);
});

test("parts that do not come to the price are no split", () => {
  const unexplained = shippingOf({ net: "9.00" });
  expect(seen(unexplained)).toEqual([["9.00", "1.15", 250_000n, "A"]]);
});

test("the parts sum to every amount of shipping", () => {
  const cents = fc.integer({ min: 1, max: 5_000 });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const [taxA, taxB] = [Math.round(a / 5), Math.round(b / 20)];
      const shipping = shippingOf({
        net: ((a + b) / 100).toFixed(2),
        tax: ((taxA + taxB) / 100).toFixed(2),
        appliedTaxes: [tax("A", "20", (taxA / 100).toFixed(2)), tax("B", "5", (taxB / 100).toFixed(2))],
      });
      const shares = shippingShares(shipping, [], []);
      for (const field of ["net", "tax", "discount", "discountTax"] as const)
        expect(sumOf(shares.map(({ charge }) => e4Of(charge[field])))).toBe(e4Of(shipping[field]));
    }),
    { seed: 20_261_124 },
  );
});

function tax(code: string, percent: string, amount: string) {
  return { code, percent, amount };
}
