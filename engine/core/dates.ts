/** Instants are UTC inside; documents are dated in the organisation's time zone. */
import { assert } from "./assert.ts";

const DAY_MS = 86_400_000;

/** The calendar date YYYY-MM-DD that an instant has in a zone. */
export function localDate(instant: string, timezone: string): string {
  const parts = formatOf(timezone).formatToParts(Date.parse(instant));
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Kept by zone: making one costs as much as planning an order. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** The first instant of a calendar date in a zone, to the second. */
export function startOfDay(date: string, timezone: string): Date {
  let [before, after] = [Date.parse(`${date}T00:00:00Z`) - DAY_MS, Date.parse(`${date}T00:00:00Z`) + DAY_MS];
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (localDate(isoInstant(middle), timezone) < date) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** The last day of the date's month. */
export function endOfMonth(date: string): string {
  const [year = 0, month = 0] = date.split("-").map(Number);
  return isoDate(Date.UTC(year, month, 0));
}

/** The last day of the month after the date's month; no number of days from the end of a month gives it every month. */
export const endOfNextMonth = (date: string): string => endOfMonth(addDays(endOfMonth(date), 1));

const isoInstant = (ms: number): string => new Date(ms).toISOString();

function isoDate(ms: number): string {
  assert(Number.isFinite(ms), "a date is a date");
  // Dates come in as arguments; this only spells one, it does not read a clock.
  return isoInstant(ms).slice(0, 10);
}
