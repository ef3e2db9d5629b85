import fc from "fast-check";
import { expect, test } from "vitest";
import { generateOrder, generateSettings } from "./generate.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, objects, textAt } from "./json.ts";
import { round2 } from "./php.ts";
import { seededRandom } from "./random.ts";
import { COMBINED_PERCENTAGES } from "./regimes.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const drawn = (seed: number) => {
  const random = seededRandom(seed);
  return generateOrder(random, generateSettings(random));
};

/** Rows that carry money: a dynamic bundle's children instead of its parent (magento.md 3). */
function moneyRows(order: JsonObject): JsonObject[] {
  const rows = objects(order.items);
  const tops = rows.filter((row) => row.parent_item_id === undefined);
  return tops.flatMap((top) => {
    const children = rows.filter((row) => row.parent_item_id === top.item_id);
    return children.some((child) => numberAt(child, "row_total") !== 0) ? children : [top];
  });
}

const fptOf = (row: JsonObject, side: "" | "base_"): { row: number; tax: number } => {
  const applied: Record<string, number>[] = JSON.parse(textAt(row, "weee_tax_applied") || "[]");
  const sum = (key: string): number => applied.reduce((total, fpt) => total + (fpt[key] ?? 0), 0);
  const rowAmount = sum(`${side}row_amount`);
  return { row: rowAmount, tax: sum(`${side}row_amount_incl_tax`) - rowAmount };
};

test("the same seed draws the same order", () => {
  expect(drawn(7)).toEqual(drawn(7));
});

test("every item ends with a percentage that a ledger scenario can define", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      for (const row of moneyRows(drawn(seed).order)) {
        expect(COMBINED_PERCENTAGES).toContain(numberAt(row, "tax_percent"));
      }
    }),
    { numRuns: 300, seed: 11 },
  );
});

/** accounting.md 1.2 point 5, on both currencies; each of the stored fields is off by at most half of 0.0001. */
test("the order identity holds: grand_total is the sum of its totals", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { order, storeSettings } = drawn(seed);
      for (const side of ["", "base_"] as const) {
        const fpt = storeSettings.fptInSubtotal
          ? 0
          : moneyRows(order).reduce((sum, row) => sum + round2(fptOf(row, side).row), 0);
        const shippingCompensation =
          side === ""
            ? "shipping_discount_tax_compensation_amount"
            : "base_shipping_discount_tax_compensation_amnt";
        const sum =
          ["subtotal", "tax_amount", "shipping_amount", "discount_amount", "discount_tax_compensation_amount"]
            .map((name) => numberAt(order, side + name))
            .reduce((total, amount) => total + amount, 0) +
          numberAt(order, shippingCompensation) +
          fpt;
        expect(Math.abs(sum - numberAt(order, `${side}grand_total`))).toBeLessThan(0.001);
      }
    }),
    { numRuns: 500, seed: 12 },
  );
});

/** accounting.md 1.2 points 4 and 6: what the items and the shipping add up to is the charge. */
test("the item identity holds: gross items and shipping make the grand total", () => {
  let plainDiffers = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const { order, storeSettings } = drawn(seed);
      const rows = moneyRows(order);
      const items = rows.reduce((sum, row) => {
        const fpt = fptOf(row, "");
        const gross =
          numberAt(row, "row_total") +
          numberAt(row, "tax_amount") +
          numberAt(row, "discount_tax_compensation_amount") -
          numberAt(row, "discount_amount");
        return sum + gross + fpt.row + fpt.tax;
      }, 0);
      const shipping =
        numberAt(order, "shipping_amount") +
        numberAt(order, "shipping_tax_amount") +
        numberAt(order, "shipping_discount_tax_compensation_amount") -
        numberAt(order, "shipping_discount_amount");
      const difference = Math.abs(items + shipping - numberAt(order, "grand_total"));
      const taxedFpt = storeSettings.fptTaxed && rows.some((row) => fptOf(row, "").row !== 0);
      if (taxedFpt) {
        // The tax of an FPT row before discount is rounded in another stream than the tax that is charged
        // (Tax\Calculation\AbstractAggregateCalculator), so weee_tax_applied may miss it by cents.
        if (difference > 0.001 * rows.length) plainDiffers += 1;
        return;
      }
      expect(difference).toBeLessThan(0.0003 * (rows.length + 1));
    }),
    { numRuns: 800, seed: 13 },
  );
  console.info(`taxed FPT rows whose weee_tax_applied misses the charged tax: ${plainDiffers} of 800 orders`);
});

test("the tax of a fixed product tax is in item_applied_taxes, whatever weee_tax_applied says", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { order } = drawn(seed);
      const lines = objects(objectAt(order, "extension_attributes").item_applied_taxes);
      const applied = lines
        .flatMap((line) => objects(line.applied_taxes))
        .reduce((sum, tax) => sum + numberAt(tax, "amount"), 0);
      expect(Math.abs(applied - numberAt(order, "tax_amount"))).toBeLessThan(
        0.0002 * (lines.length + 1) + 0.011 * 2,
      );
    }),
    { numRuns: 300, seed: 14 },
  );
});
