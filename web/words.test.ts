import { expect, test } from "vitest";
import { Hold } from "../engine/core/hold.ts";
// @ts-expect-error the page's own module, plain JavaScript as the browser loads it
import { amount, fieldWords, holdWords, seconds } from "./words.js";

test("amounts are grouped as text, digit for digit", () => {
  expect(amount("48210.16", "GBP")).toBe("GBP 48,210.16");
  expect(amount("-1204.0050", null)).toBe("-1,204.0050");
  expect(amount("99999999999999999.99", "USD")).toBe("USD 99,999,999,999,999,999.99");
  expect(amount("7", "JPY")).toBe("JPY 7");
  expect(amount(null, "GBP")).toBe("–");
});

test.each([
  ["/LineItems/1/AccountCode", "line 2, account code"],
  ["/LineItems/0/Tracking/1/Option", "line 1, tracking 2, option"],
  ["invoice AccountCode", "invoice account code"],
  ["payment-1", "payment 1"],
])("the field %s is called %s", (field, words) => {
  expect(fieldWords(field)).toBe(words);
});

test("every reason to hold has words of its own", () => {
  const bare = Hold.options.filter(
    (hold) => holdWords(hold) === hold.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase(),
  );
  expect(bare).toEqual([]);
});

test("an age is told in the unit that fits", () => {
  expect([null, 8, 600, 7_200].map(seconds)).toEqual([
    "nothing waits",
    "oldest 8 s",
    "oldest 10 min",
    "oldest 2 h",
  ]);
});
