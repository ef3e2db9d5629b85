/**
 * Amounts are bigint. `…E4` is ten-thousandths (Magento keeps four decimals), `…Cents` is hundredths (Xero's totals).
 * Outside they are decimal text. Multiplying by a float does not compile, so one cannot slip in.
 */
import { assert } from "./assert.ts";

const E4_DIGITS = 4;
const CENTS_IN_E4 = 100n;
/** 100 % as a rate in ten-thousandths of a percent: 20 % is 200_000n. */
export const HUNDRED_PERCENT_E4 = 1_000_000n;
const EXPONENT_MAX = 30;
const DIGITS_MAX = 40;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Decimal text to ten-thousandths; digits past the fourth are rounded half away from zero, as PHP's round() does.
 * `undefined` when the text is not a decimal number.
 */
export function parseE4(text: string): bigint | undefined {
  return parsePlain(text) ?? parseAny(text);
}

const PLAIN_DIGITS_MAX = 11;
const POINT = 46;
const MINUS = 45;
const ZERO = 48;

/**
 * The usual amount, `-?digits[.up to 4 digits]`: as an integer of ten-thousandths that a double holds exactly, which costs a
 * fifth of the general way. `undefined` for everything else.
 */
function parsePlain(text: string): bigint | undefined {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  const length = text.length;
  if (length === start || length - start > PLAIN_DIGITS_MAX) return undefined;
  let value = 0;
  let fraction = -1;
  for (let at = start; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === POINT && fraction < 0 && at > start) fraction = 0;
    else if (code >= ZERO && code <= ZERO + 9) {
      value = value * 10 + code - ZERO;
      if (fraction >= 0) fraction += 1;
    } else return undefined;
  }
  if (fraction > E4_DIGITS || fraction === 0) return undefined;
  const e4 = value * 10 ** (E4_DIGITS - Math.max(fraction, 0));
  return BigInt(start === 1 ? -e4 : e4);
}

function parseAny(text: string): bigint | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null || text.length > DIGITS_MAX) return undefined;
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX) return undefined;
  const digits = BigInt(whole + fraction);
  const shift = exponent - fraction.length + E4_DIGITS;
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -magnitude : magnitude;
}

/** Ten-thousandths to decimal text with two to four decimals: 125000n is "12.50", 123456n is "12.3456". */
export function formatE4(amountE4: bigint): string {
  const magnitude = amountE4 < 0n ? -amountE4 : amountE4;
  const fraction = (magnitude % 10_000n)
    .toString()
    .padStart(E4_DIGITS, "0")
    .replace(/0{1,2}$/, "");
  return `${amountE4 < 0n ? "-" : ""}${magnitude / 10_000n}.${fraction}`;
}

/** Cents to decimal text with two decimals. */
export const formatCents = (cents: bigint): string => formatE4(cents * CENTS_IN_E4);

/** Decimal text in an amount field of our own making; anything else is a bug. */
export function e4Of(text: string): bigint {
  const amount = parseE4(text);
  assert(amount !== undefined, `not a decimal: ${text.slice(0, DIGITS_MAX)}`);
  return amount;
}

export const centsToE4 = (cents: bigint): bigint => cents * CENTS_IN_E4;

/** Ten-thousandths to cents, half away from zero: what the gateway charged for a four-decimal total. */
export const roundToCents = (amountE4: bigint): bigint => divideHalfUp(amountE4, CENTS_IN_E4);

/** `numerator / denominator` rounded half away from zero. The denominator is positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, "a denominator is positive");
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** `numerator / denominator` rounded towards minus infinity. The denominator is positive. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

export const sumOf = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};

export const absOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

export function minOf(left: bigint, right: bigint): bigint {
  if (left < right) return left;
  return right;
}

/** One amount to be rounded to cents together with others: `key` breaks ties, so that the order of items does not matter. */
export type Share = { readonly key: string; readonly amountE4: bigint };

/**
 * Largest remainder (facts/accounting.md 4.2 step 4): floors every share to cents and hands the missing cents to the
 * largest remainders, ties by key, so that the result sums to `totalCents` exactly. Answers cents in the order given.
 */
export function allocateCents(totalCents: bigint, shares: readonly Share[]): bigint[] {
  assert(shares.length > 0 || totalCents === 0n, "an amount needs at least one share");
  const floors = shares.map(({ amountE4 }) => divideFloor(amountE4, CENTS_IN_E4));
  const order = shares
    .map(({ key, amountE4 }, index) => ({
      key,
      index,
      remainder: amountE4 - (floors[index] ?? 0n) * CENTS_IN_E4,
    }))
    .sort((a, b) =>
      a.remainder === b.remainder ? compareText(a.key, b.key) : a.remainder > b.remainder ? -1 : 1,
    );
  const missing = totalCents - sumOf(floors);
  const count = BigInt(shares.length);
  return order.reduce<bigint[]>((cents, { index }, rank) => {
    // Storage noise can make the shares miss the total by more than one round, in either direction.
    cents[index] =
      (floors[index] ?? 0n) + (count === 0n ? 0n : divideFloor(missing - 1n - BigInt(rank), count) + 1n);
    return cents;
  }, new Array<bigint>(shares.length).fill(0n));
}

/**
 * An amount in parts by weight, in ten-thousandths: floored, the rest to the first parts, so that they sum to it. Weights are
 * not negative; with none the first part takes all.
 */
export function allocateParts(amountE4: bigint, weights: readonly bigint[]): bigint[] {
  const total = sumOf(weights);
  const floors = weights.map((weight, index) =>
    total === 0n ? (index === 0 ? amountE4 : 0n) : divideFloor(amountE4 * weight, total),
  );
  const rest = amountE4 - sumOf(floors);
  return floors.map((part, index) => part + (BigInt(index) < rest ? 1n : 0n));
}

/** By code unit, so that the order is the same on every machine, whatever its locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
