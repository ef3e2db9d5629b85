import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDecimal } from "../wire/decimal.ts";
import { effectiveRateOf, type LineSent, priceLine, taxOf, toBase, totalsOf } from "./arithmetic.ts";

const decimal = (text: string) => {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new Error(`${text} is not a decimal`);
  return parsed;
};
const sent = (fields: Record<string, string>): LineSent =>
  Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, decimal(text)]));
const TWO = { ties: "up", unitDecimals: 2 } as const;
const FOUR = { ties: "up", unitDecimals: 4 } as const;
const FIFTEEN = 150_000n;

describe("tax", () => {
  test("is rounded for each line and then summed: the official example is 11.44, not 11.45", () => {
    const taxes = [2506n, 2561n, 2563n].map((amount) => taxOf(amount, FIFTEEN, "Exclusive", "up"));
    expect(taxes).toEqual([376n, 384n, 384n]);
    expect(
      totalsOf(
        [2506n, 2561n, 2563n].map((lineAmount, i) => ({ lineAmount, taxAmount: taxes[i] ?? 0n })),
        "Exclusive",
      ),
    ).toEqual({
      subTotal: 7630n,
      totalTax: 1144n,
      total: 8774n,
    });
  });

  test("inclusive: the documented negative line, 177.00 and -79.00 at 12.5 %", () => {
    expect(taxOf(17_700n, 125_000n, "Inclusive", "up")).toBe(1967n);
    expect(taxOf(-7_900n, 125_000n, "Inclusive", "up")).toBe(-878n);
  });

  test.each([
    ["up", 217n, -217n],
    ["even", 216n, -216n],
    ["down", 216n, -216n],
  ] as const)("a tie of 2.165 goes %s", (ties, positive, negative) => {
    expect(taxOf(4330n, 50_000n, "Exclusive", ties)).toBe(positive);
    expect(taxOf(-4330n, 50_000n, "Exclusive", ties)).toBe(negative);
  });

  test("2.164 is no tie and goes down", () => {
    expect(taxOf(4328n, 50_000n, "Exclusive", "up")).toBe(216n);
  });

  test("there is none without tax", () => {
    expect(taxOf(4330n, 50_000n, "NoTax", "up")).toBe(0n);
  });

  test("inclusive tax never exceeds its line, and the total is the lines' sum", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 10n ** 9n), { maxLength: 20 }),
        fc.bigInt(0n, 500_000n),
        (amounts, rate) => {
          const lines = amounts.map((lineAmount) => ({
            lineAmount,
            taxAmount: taxOf(lineAmount, rate, "Inclusive", "up"),
          }));
          for (const { lineAmount, taxAmount } of lines) expect(taxAmount).toBeLessThanOrEqual(lineAmount);
          expect(totalsOf(lines, "Inclusive").total).toBe(amounts.reduce((sum, amount) => sum + amount, 0n));
        },
      ),
    );
  });

  test("a compound component applies on top of the simple ones", () => {
    expect(
      effectiveRateOf([
        { rate: 50_000n, isCompound: false },
        { rate: 99_750n, isCompound: true },
      ]),
    ).toBe(154_738n);
  });
});

describe("a line", () => {
  test("rounds the unit price to two decimals before it multiplies", () => {
    expect(priceLine(sent({ quantity: "100", unitAmount: "0.125" }), TWO).line.lineAmount).toBe(1300n);
  });

  test("keeps four with unitdp=4", () => {
    expect(priceLine(sent({ quantity: "100", unitAmount: "0.125" }), FOUR).line.lineAmount).toBe(1250n);
  });

  test("reads a float's tail as it was sent", () => {
    const { line } = priceLine(sent({ quantity: "3", unitAmount: "0.30000000000000004" }), FOUR);
    expect(line.unitAmount).toBe(3000n);
  });

  test("refuses a LineAmount that is not its own result", () => {
    const { errors } = priceLine(sent({ quantity: "3", unitAmount: "0.333", lineAmount: "1.00" }), FOUR);
    expect(errors).toEqual([]);
    expect(priceLine(sent({ quantity: "3", unitAmount: "0.333", lineAmount: "1.00" }), TWO).errors).toEqual([
      "The line total 1.00 does not match the expected line total 0.99",
    ]);
    expect(priceLine(sent({ quantity: "3", unitAmount: "0.335", lineAmount: "1.005" }), FOUR).errors).toEqual(
      ["The line total 1.005 does not match the expected line total 1.01"],
    );
  });

  test("works out what was left out", () => {
    expect(priceLine(sent({ lineAmount: "12.50" }), TWO).line).toMatchObject({
      quantity: 10_000n,
      unitAmount: 125_000n,
    });
    expect(priceLine(sent({ lineAmount: "10.00", quantity: "3" }), FOUR).line).toMatchObject({
      lineAmount: 1000n,
      unitAmount: 33_333n,
    });
    expect(priceLine(sent({ lineAmount: "10.00", unitAmount: "4" }), TWO).line.quantity).toBe(25_000n);
    expect(priceLine({}, TWO).line).toEqual({ lineAmount: 0n });
  });

  test("refuses a negative quantity and takes a negative unit price", () => {
    expect(priceLine(sent({ quantity: "-2", unitAmount: "5" }), TWO).errors).toEqual([
      "The quantity value '-2.0000' is invalid. Quantity must not be less than zero.",
    ]);
    expect(priceLine(sent({ quantity: "2", unitAmount: "-5" }), TWO)).toMatchObject({
      errors: [],
      line: { lineAmount: -1000n },
    });
  });

  test("refuses nothing of something that has a price", () => {
    expect(priceLine(sent({ quantity: "0", unitAmount: "5" }), TWO).errors).toHaveLength(1);
    expect(priceLine(sent({ quantity: "0", unitAmount: "0" }), TWO).errors).toEqual([]);
  });

  test("has the largest amount of 9,999,999,999.99", () => {
    expect(priceLine(sent({ lineAmount: "9999999999.99" }), TWO).errors).toEqual([]);
    expect(priceLine(sent({ lineAmount: "10000000000.00" }), TWO).errors).toHaveLength(1);
  });
});

describe("a discount", () => {
  test("by rate", () => {
    const { line } = priceLine(sent({ quantity: "3", unitAmount: "9.99", discountRate: "10" }), TWO);
    expect(line).toMatchObject({ lineAmount: 2697n, discountRate: 1000n, discountAmount: 300n });
  });

  test("by amount becomes a rate of two decimals, which moves cents on the way back", () => {
    const first = priceLine(sent({ quantity: "1", unitAmount: "700", discountAmount: "100" }), TWO).line;
    expect(first).toMatchObject({ lineAmount: 60_000n, discountRate: 1429n });
    const back = priceLine(sent({ quantity: "1", unitAmount: "700", discountRate: "14.29" }), TWO).line;
    expect(back.lineAmount).toBe(59_997n);
  });

  test("of everything fails when a LineAmount of nothing is sent", () => {
    const { errors } = priceLine(
      sent({ quantity: "1", unitAmount: "795", discountRate: "100", lineAmount: "0" }),
      TWO,
    );
    expect(errors).toEqual(["The line total -795.00 does not match the expected line total 0.00"]);
  });

  test("of nothing is refused on a negative line", () => {
    const { errors } = priceLine(sent({ quantity: "1", unitAmount: "-5", discountAmount: "0" }), TWO);
    expect(errors).toEqual([
      "The discount rate '0.00' is invalid. Discount must not be greater than the line total.",
    ]);
  });

  test("must not exceed the line", () => {
    expect(priceLine(sent({ quantity: "1", unitAmount: "5", discountAmount: "5" }), TWO).errors).toEqual([]);
    expect(
      priceLine(sent({ quantity: "1", unitAmount: "5", discountAmount: "5.01" }), TWO).errors,
    ).toHaveLength(1);
  });
});

test("a price that rounds to nothing is told apart from a price of nothing", () => {
  expect(priceLine(sent({ quantity: "1", unitAmount: "0.004" }), TWO).isSubCent).toBe(true);
  expect(priceLine(sent({ quantity: "1", unitAmount: "0.005" }), TWO).isSubCent).toBe(false);
  expect(priceLine(sent({ quantity: "1", unitAmount: "0" }), TWO).isSubCent).toBe(false);
});

test("base currency amounts divide by the rate: 117.00 EUR at 1.17 are 100.00", () => {
  expect(toBase(11_700n, 1_170_000n)).toBe(10_000n);
});
