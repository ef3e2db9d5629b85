/** Figures in a request: numbers in words, money, spans of days, dates. Read from the request only, never computed. */
import { type Found, findAll, type Reading, type Span, textAfter } from "./text.ts";

const UNITS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const TENS: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const SCALES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1_000,
  grand: 1_000,
  million: 1_000_000,
};

const WORD_NUMBER = [...Object.keys(UNITS), ...Object.keys(TENS), ...Object.keys(SCALES)].join("|");
/** A number in digits or in words, as one group. */
const NUMBER = `([£$€]?\\d+(?:,\\d{3})*(?:\\.\\d+)?k?(?![\\d.,]*(?:%|-\\d))|(?:${WORD_NUMBER})(?:(?: and |[ -])(?:${WORD_NUMBER}))*)`;

/** "5,000", "£5000", "5k", "five thousand", "twenty-one" -> decimal text. */
export function numberOf(text: string): string | undefined {
  const digits = /^[£$€]?(\d+(?:,\d{3})*(?:\.\d+)?)(k?)$/.exec(text.trim());
  if (digits !== null) {
    const plain = (digits[1] ?? "").replaceAll(",", "");
    return digits[2] === "k" ? String(Number(plain) * 1_000) : plain;
  }
  let total = 0;
  let part = 0;
  for (const word of text.trim().split(/[\s-]+/)) {
    if (word === "and") continue;
    const scale = SCALES[word];
    const value = UNITS[word] ?? TENS[word];
    if (scale !== undefined) {
      part = Math.max(part, 1) * scale;
      if (scale >= 1_000) {
        total += part;
        part = 0;
      }
    } else if (value !== undefined) part += value;
    else return undefined;
  }
  return total + part === 0 ? undefined : String(total + part);
}

const MONEY_UNIT = "pounds?|quid|sterling|gbp|euros?|eur|dollars?|usd|aud|nzd";
const CURRENCY_OF: readonly (readonly [RegExp, string])[] = [
  [/£|pound|quid|sterling|gbp/, "GBP"],
  [/€|eur/, "EUR"],
  [/usd/, "USD"],
  [/aud/, "AUD"],
  [/nzd/, "NZD"],
];

export type Comparison = Span & {
  readonly op: "above" | "atLeast" | "below" | "atMost";
  readonly amount: string;
  /** named with the amount; a bare dollar sign names none */
  readonly currency: string | null;
};

const COMPARATORS: readonly (readonly [Comparison["op"], string])[] = [
  ["atLeast", "(?:at least|from|no less than|not less than|starting at)"],
  ["atMost", "(?:at most|up to|no more than|not more than|not over)"],
  [
    "above",
    "(?:above|over|more than|greater than|exceed(?:s|ing)?|bigger than|larger than|higher than|in excess of|beyond|north of|past|top(?:s|ping)?)",
  ],
  ["below", "(?:below|under|less than|smaller than|lower than|cheaper than|beneath)"],
];

/** "over £5,000", "more than five thousand pounds", "above 5,000 GBP", "5000 or more". */
export function comparisonOf(reading: Reading): Comparison | undefined {
  for (const [op, words] of COMPARATORS) {
    const pattern = new RegExp(`\\b${words} (?:a |an |the |total of )*${NUMBER}(?: (${MONEY_UNIT}))?\\b`);
    const found = comparison(reading, findAll(reading, pattern)[0], op);
    if (found !== undefined) return found;
  }
  const trailing = new RegExp(`${NUMBER}(?: (${MONEY_UNIT}))? (?:or|and) (?:more|over|above|up|upwards)\\b`);
  return comparison(reading, findAll(reading, trailing)[0], "atLeast");
}

/** "over 30 days", "from 1 October" and "under one roof" compare no amount. */
const NOT_AN_AMOUNT =
  /^(?:days?|weeks?|months?|years?|%|percent|orders?|lines?|items?|of\b|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b/;
const WORD_AMOUNT_MIN = 10;

function comparison(
  reading: Reading,
  found: Found | undefined,
  op: Comparison["op"],
): Comparison | undefined {
  const [, number = "", unit = ""] = found?.groups ?? [];
  const amount = numberOf(number);
  if (found === undefined || amount === undefined || NOT_AN_AMOUNT.test(textAfter(reading, found)))
    return undefined;
  if (!/\d/.test(number) && unit === "" && Number(amount) < WORD_AMOUNT_MIN) return undefined;
  const currency = CURRENCY_OF.find(([pattern]) => pattern.test(`${number} ${unit}`))?.[1] ?? null;
  return { from: found.from, to: found.to, op, amount, currency };
}

export type Days = Span & { readonly days: number };

/** "30 days", "net 30", "30-day", "two weeks", "thirty days". */
export function daysOf(reading: Reading): Days | undefined {
  const counted = findAll(reading, new RegExp(`${NUMBER}[ -]?(day|week)s?\\b`))[0];
  const days = toDays(counted?.groups[1], counted?.groups[2] === "week" ? 7 : 1);
  if (counted !== undefined && days !== undefined) return { from: counted.from, to: counted.to, days };
  const hyphenated = findAll(reading, /\b(\d{1,3})-days?\b/)[0] ?? findAll(reading, /\bnet (\d{1,3})\b/)[0];
  const net = toDays(hyphenated?.groups[1], 1);
  return hyphenated === undefined || net === undefined
    ? undefined
    : { from: hyphenated.from, to: hyphenated.to, days: net };
}

function toDays(text: string | undefined, factor: number): number | undefined {
  const value = text === undefined ? undefined : numberOf(text);
  const days = value === undefined ? Number.NaN : Number(value) * factor;
  return Number.isInteger(days) && days >= 0 && days <= 365 ? days : undefined;
}

const MONTHS = "january february march april may june july august september october november december".split(
  " ",
);

/** "2026-10-01", "1 October 2026", "1st of Oct 2026", "October 1, 2026". Figures alone (01/10/2026) have two readings. */
export function dateOf(reading: Reading): (Span & { readonly date: string }) | undefined {
  const iso = findAll(reading, /\b(\d{4}-\d{2}-\d{2})\b/)[0];
  if (iso?.groups[1] !== undefined) return { from: iso.from, to: iso.to, date: iso.groups[1] };
  const names = MONTHS.flatMap((month) => [month, month.slice(0, 3)]).join("|");
  const dayFirst = findAll(
    reading,
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${names}) (\\d{4})\\b`),
  )[0];
  const monthFirst = findAll(
    reading,
    new RegExp(`\\b(${names}) (\\d{1,2})(?:st|nd|rd|th)?(?: ,)? (\\d{4})\\b`),
  )[0];
  const found = dayFirst ?? monthFirst;
  if (found === undefined) return undefined;
  const [, first = "", second = "", year = ""] = found.groups;
  const [day, month] = dayFirst === undefined ? [second, first] : [first, second];
  const monthIndex = MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3)));
  const date = `${year}-${String(monthIndex + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
  return { from: found.from, to: found.to, date };
}
