import { createHash } from "node:crypto";
import { parseDecimal, RATES, roundTo } from "../wire/decimal.ts";
import type { OrgSeed } from "./scenario.ts";

/** Units for one US dollar, only to make a believable day rate between any two of them. */
const PER_DOLLAR: Readonly<Record<string, string>> = {
  USD: "1",
  GBP: "0.75",
  EUR: "0.86",
  AUD: "1.52",
  NZD: "1.74",
  CAD: "1.39",
  SGD: "1.29",
  JPY: "155",
  CHF: "0.8",
  SEK: "9.4",
  NOK: "10.1",
  DKK: "6.42",
  PLN: "3.65",
  ZAR: "17.2",
  HKD: "7.78",
  INR: "88.7",
};
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
export const isCurrency = (code: string): boolean => CODES.has(code);

const NAMES = new Intl.DisplayNames(["en-GB"], { type: "currency" });
export const currencyName = (code: string): string => NAMES.of(code) ?? code;

/** Base-currency documents are always at 1 (facts/xero.md section 5, rule 11). */
export const ONE_TO_ONE = 1_000_000n;

/**
 * The "XE day rate of the document date": 1e-6 units of `currency` for one base unit. Made up where the scenario has
 * none, but the same for the same day, and different from day to day so that nobody relies on a constant.
 */
export function dayRate(org: OrgSeed, currency: string, date: string): bigint {
  if (currency === org.baseCurrency) return ONE_TO_ONE;
  const given = org.dayRates[currency];
  if (given !== undefined) return roundTo(parseDecimal(given) ?? { units: 1n, scale: 0 }, RATES);
  const cross = (units(currency) * 1_000_000n) / units(org.baseCurrency);
  const sway = createHash("sha256").update(`${currency}/${date}`).digest().readUInt16BE(0) % 200;
  return (cross * BigInt(9_900 + sway)) / 10_000n;
}

const units = (code: string): bigint =>
  roundTo(parseDecimal(PER_DOLLAR[code] ?? "1") ?? { units: 1n, scale: 0 }, RATES);
