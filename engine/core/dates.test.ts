import { expect, it } from "vitest";
import { addDays, endOfMonth, endOfNextMonth } from "./dates.ts";

it.each([
  ["2026-05-17", "2026-05-31", "2026-06-30"],
  ["2026-06-30", "2026-06-30", "2026-07-31"],
  ["2027-01-31", "2027-01-31", "2027-02-28"],
  ["2028-01-05", "2028-01-31", "2028-02-29"],
  ["2026-12-31", "2026-12-31", "2027-01-31"],
])("an invoice of %s ends its month on %s and the next on %s", (date, end, next) => {
  expect(endOfMonth(date)).toBe(end);
  expect(endOfNextMonth(date)).toBe(next);
});

it("counts days across months and leap years", () => {
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-12-31", 30)).toBe("2027-01-30");
});
