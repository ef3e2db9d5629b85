/**
 * Xero's own arithmetic (facts/xero.md section 5, rules 2 to 4): the line is rounded to cents, tax is computed per line
 * from the rounded line, rounded and summed. Ties go up; where the rule for a tie matters, callers ask `isTie`.
 */
import { divideHalfUp, HUNDRED_PERCENT_E4, sumOf } from "./money.ts";

/** On a document of NoTax no line has any; its tax, if any, is a line of its own. */
export type LineAmountTypes = "Inclusive" | "Exclusive" | "NoTax";

const E8_IN_CENT = 1_000_000n;

/** Quantity × UnitAmount in cents; both have four decimals. */
export const lineCents = (quantityE4: bigint, unitE4: bigint): bigint =>
  divideHalfUp(quantityE4 * unitE4, E8_IN_CENT);

/** Whether Quantity × UnitAmount lies exactly between two cents, where Xero's rule is not documented. */
export const isLineTie = (quantityE4: bigint, unitE4: bigint): boolean =>
  isTie(quantityE4 * unitE4, E8_IN_CENT);

/** Tax in cents that Xero computes for a line. `rateE4` is percent in ten-thousandths: 20 % is 200_000n. */
export function taxCents(amountCents: bigint, rateE4: bigint, mode: LineAmountTypes): bigint {
  return mode === "NoTax" ? 0n : divideHalfUp(amountCents * rateE4, taxDivisor(rateE4, mode));
}

/** Whether the tax lies exactly between two cents, or is negative and rounds: then Xero's result is not certain. */
export function isTaxUncertain(amountCents: bigint, rateE4: bigint, mode: LineAmountTypes): boolean {
  return mode !== "NoTax" && isTie(amountCents * rateE4, taxDivisor(rateE4, mode));
}

const taxDivisor = (rateE4: bigint, mode: LineAmountTypes): bigint =>
  mode === "Exclusive" ? HUNDRED_PERCENT_E4 : HUNDRED_PERCENT_E4 + rateE4;

function isTie(numerator: bigint, denominator: bigint): boolean {
  const magnitude = numerator < 0n ? -numerator : numerator;
  return (magnitude % denominator) * 2n === denominator;
}

export type EvaluatedLine = { readonly amountCents: bigint; readonly taxCents: bigint };

/** Total and TotalTax that Xero will answer for these lines. */
export function evaluate(
  lines: readonly EvaluatedLine[],
  mode: LineAmountTypes,
): { totalCents: bigint; taxCents: bigint } {
  const tax = sumOf(lines.map((line) => line.taxCents));
  const amounts = sumOf(lines.map((line) => line.amountCents));
  return { totalCents: mode === "Exclusive" ? amounts + tax : amounts, taxCents: tax };
}
