/** Calendar dates are "YYYY-MM-DD" text; instants are epoch milliseconds. They never mix (facts/xero.md section 4). */

const PARTS = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const TICKS = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_LONG = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Xero takes the date part and leaves the time of day alone; an impossible date is not a date. */
export function parseDay(text: string): string | undefined {
  const ticks = TICKS.exec(text);
  if (ticks !== null) return dayOfMs(Number(ticks[1]));
  const match = PARTS.exec(text);
  if (match === null) return undefined;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || dayOfMs(ms) !== day ? undefined : day;
}

export const dayOfMs = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Days are few and documents many: a list of a hundred thousand would parse the same day a hundred times. */
const MS_OF_DAY = new Map<string, number>();
const DAYS_KEPT = 20_000;

export function msOfDay(day: string): number {
  const known = MS_OF_DAY.get(day);
  if (known !== undefined) return known;
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (MS_OF_DAY.size >= DAYS_KEPT) MS_OF_DAY.clear();
  MS_OF_DAY.set(day, ms);
  return ms;
}

/** Today in the organisation's time zone: the default of a missing Date (OpenAPI, Invoice.Date). */
export function todayIn(timezone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
}

/** "/Date(1552262400000+0000)/": dates and update times. */
export const wireMs = (ms: number): string => `/Date(${ms}+0000)/`;
/** "/Date(1552327126164)/": the envelope's DateTimeUTC has no offset. */
export const wireMsBare = (ms: number): string => `/Date(${ms})/`;
export const wireDay = (day: string): string => wireMs(msOfDay(day));
export const wireDayString = (day: string): string => `${day}T00:00:00`;
/** "2019-03-11T17:58:46+00:00" (UpdatedDateUTCString, July 2026). */
export const wireUpdatedString = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** "31-Jul-2013", as the lock date messages print it (facts/xero.md section 7, message 4). */
export function messageDay(day: string): string {
  const [year, month, date] = day.split("-");
  return `${date}-${MONTHS[Number(month) - 1]}-${year}`;
}

/** "24 April 2019", as reports print it. */
export function reportDay(day: string): string {
  const [year, month, date] = day.split("-");
  return `${Number(date)} ${MONTHS_LONG[Number(month) - 1]} ${year}`;
}
