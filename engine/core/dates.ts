/** Instants are UTC inside; documents are dated in the organisation's time zone. */
import { assert } from "./assert.ts";

const DAY_MS = 86_400_000;

/** The calendar date YYYY-MM-DD that an instant has in a zone. */
export function localDate(instant: string, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(Date.parse(instant));
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/** The last day of the date's month. */
export function endOfMonth(date: string): string {
  const [year = 0, month = 0] = date.split("-").map(Number);
  return isoDate(Date.UTC(year, month, 0));
}

function isoDate(ms: number): string {
  assert(Number.isFinite(ms), "a date is a date");
  // Dates come in as arguments; this only spells one, it does not read a clock.
  return new Date(ms).toISOString().slice(0, 10);
}
