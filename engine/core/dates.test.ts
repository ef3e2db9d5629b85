import { expect, it } from "vitest";
import { addDays, endOfMonth, endOfNextMonth, localDate, startOfDay } from "./dates.ts";

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

it.each([
  ["2026-05-04", "Europe/London", "2026-05-03T23:00:00.000Z"],
  ["2026-03-29", "Europe/London", "2026-03-29T00:00:00.000Z"],
  ["2026-03-30", "Europe/London", "2026-03-29T23:00:00.000Z"],
  ["2026-04-01", "Australia/Sydney", "2026-03-31T13:00:00.000Z"],
  ["2026-04-01", "Pacific/Kiritimati", "2026-03-31T10:00:00.000Z"],
  ["2026-04-01", "Etc/GMT+12", "2026-04-01T12:00:00.000Z"],
  ["2026-11-01", "America/St_Johns", "2026-11-01T02:30:00.000Z"],
])("%s begins in %s at %s", (date, zone, instant) => {
  const start = startOfDay(date, zone);
  expect(start.toISOString()).toBe(instant);
  expect(localDate(new Date(start.getTime() - 1_000).toISOString(), zone)).toBe(addDays(date, -1));
});
