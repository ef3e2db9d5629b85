import type { Season } from "./markets/market.ts";
import type { Random } from "./random.ts";

const DAY_MS = 86_400_000;
/** A year and a month: a Christmas is in it whenever the shop is opened. */
export const SEASON_DAYS = 395;
/** A shop that sells three times as much as a year ago. */
const GROWTH_PER_DAY = Math.log(3) / 365;
/** From Sunday: people order on Sunday evening and Monday, and least on Friday and Saturday. */
const WEEKDAYS = [1.15, 1.2, 1.05, 1, 1, 0.85, 0.8] as const;
/** By hour of the shop's day. */
const HOURS = [2, 1, 1, 0, 0, 1, 2, 4, 6, 8, 9, 9, 10, 9, 8, 8, 8, 9, 10, 12, 14, 13, 9, 5] as const;
/** One order in so many came in since yesterday, so that there is always something new to look at. */
const NEWEST_EVERY = 16;

/** When orders came in, oldest first: by month, weekday, hour and the days that stand out, with growth over the year. */
export function orderTimes(input: { random: Random; orders: number; now: Date; season: Season }): Date[] {
  const { random, orders, now, season } = input;
  const days = daysOf(now, season);
  const totals = runningTotals(days.map(({ weight }) => weight));
  const times = Array.from({ length: orders }, (_, index) => {
    if (index % NEWEST_EVERY === NEWEST_EVERY - 1) return now.getTime() - Math.floor(random.next() * DAY_MS);
    const day = days[firstAbove(totals, random.next() * (totals.at(-1) ?? 0))];
    const hour = firstAbove(HOUR_TOTALS, random.next() * (HOUR_TOTALS.at(-1) ?? 0));
    const localMs = (day?.startMs ?? now.getTime()) + hour * 3_600_000 + random.int(0, 3_599) * 1000;
    return localMs - season.utcOffsetHours * 3_600_000;
  });
  // Nobody has ordered in the future; the latest minute is left to the caller.
  const latestMs = now.getTime() - 60_000;
  return times.map((ms) => new Date(Math.min(ms, latestMs))).sort((a, b) => a.getTime() - b.getTime());
}

function runningTotals(weights: readonly number[]): number[] {
  let total = 0;
  return weights.map((weight) => {
    total += weight;
    return total;
  });
}

const HOUR_TOTALS = runningTotals(HOURS);

function daysOf(now: Date, season: Season): { startMs: number; weight: number }[] {
  const todayMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: SEASON_DAYS }, (_, index) => {
    const ago = SEASON_DAYS - index;
    const startMs = todayMs - ago * DAY_MS;
    return { startMs, weight: demandOn(new Date(startMs), season) * Math.exp(-GROWTH_PER_DAY * ago) };
  });
}

/** How a calendar day sells beside an ordinary one. */
export function demandOn(day: Date, season: Season): number {
  const date = day.toISOString().slice(5, 10);
  const peaks = season.peaks.filter(({ from, to }) => from <= date && date <= to);
  return peaks.reduce(
    (demand, { factor }) => demand * factor,
    (season.months[day.getUTCMonth()] ?? 1) * (WEEKDAYS[day.getUTCDay()] ?? 1),
  );
}

/** The index of the first running total above a value, by bisection. */
function firstAbove(totals: readonly number[], value: number): number {
  let [low, high] = [0, totals.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((totals[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
