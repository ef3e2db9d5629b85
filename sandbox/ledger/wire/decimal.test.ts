import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divideRounded, formatPlain, formatUnits, parseDecimal, roundTo } from "./decimal.ts";
import { money, Numeral, parseJson, renderJson } from "./json.ts";

describe("decimals", () => {
  test.each([
    ["0.30000000000000004", { units: 30000000000000004n, scale: 17 }],
    ["-1.50", { units: -150n, scale: 2 }],
    ["1e3", { units: 1000n, scale: 0 }],
    ["1.5e-7", { units: 15n, scale: 8 }],
    [".5", { units: 5n, scale: 1 }],
  ])("reads %s", (text, expected) => {
    expect(parseDecimal(text)).toEqual(expected);
  });

  test.each(["", "-", "1.2.3", "12,5", "NaN", "0x10", "1e9999"])("does not read %j", (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test("round at a half as told", () => {
    const half = { units: 25n, scale: 1 };
    expect([roundTo(half, 0, "up"), roundTo(half, 0, "even"), roundTo(half, 0, "down")]).toEqual([
      3n,
      2n,
      2n,
    ]);
    const negative = { units: -25n, scale: 1 };
    expect([roundTo(negative, 0, "up"), roundTo(negative, 0, "even"), roundTo(negative, 0, "down")]).toEqual([
      -3n,
      -2n,
      -2n,
    ]);
  });

  test("the rounded quotient is never more than half away", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 12n), 10n ** 12n),
        fc.bigInt(1n, 10n ** 9n),
        (numerator, denominator) => {
          const away = 2n * (divideRounded(numerator, denominator, "even") * denominator - numerator);
          expect(away <= denominator && -away <= denominator).toBe(true);
        },
      ),
    );
  });

  test("are written as they are", () => {
    expect(formatUnits(-5n, 2)).toBe("-0.05");
    expect(formatUnits(7n, 0)).toBe("7");
    expect(formatPlain({ units: 10050n, scale: 4 })).toBe("1.005");
    expect(formatPlain({ units: 5n, scale: 0 })).toBe("5.00");
  });
});

describe("JSON", () => {
  test("keeps the text of a number", () => {
    expect(parseJson(`{"a":[0.30000000000000004,1.10]}`)).toEqual({
      a: [new Numeral("0.30000000000000004"), new Numeral("1.10")],
    });
  });

  test("writes money exactly", () => {
    expect(renderJson({ a: money(9_007_199_254_740_993n) })).toBe(`{"a":90071992547409.93}`);
  });
});
