import { describe, expect, test } from "vitest";
import { chargedCents, isFinerThanCents, roundingLimitCents } from "./currencies.ts";

describe("what a currency is charged in", () => {
  test.each([
    ["GBP", 99_999_900n, 999_999n],
    ["GBP", 50n, 1n],
    ["GBP", 49n, 0n],
    ["JPY", 99_999_900n, 1_000_000n],
    ["JPY", 5_000n, 100n],
    ["JPY", 4_999n, 0n],
    ["JPY", -5_000n, -100n],
    ["KWD", 123_450n, 1_235n],
    ["KWD", 123_449n, 1_234n],
  ])("%s %s ten-thousandths are %s cents", (currency, amountE4, cents) =>
    expect(chargedCents(amountE4, currency)).toBe(cents),
  );

  test("is finer than the ledger's totals for three decimals only", () =>
    expect(["JPY", "GBP", "KWD", "CLF"].map(isFinerThanCents)).toEqual([false, false, true, true]));

  test("limits rounding to the setting, or to one unit where that is more", () => {
    expect(roundingLimitCents("0.05", "GBP")).toBe(5n);
    expect(roundingLimitCents("0", "GBP")).toBe(1n);
    expect(roundingLimitCents("0.05", "JPY")).toBe(100n);
  });
});
