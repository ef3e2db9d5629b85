/** ISO 4217 minor units: what a currency can be charged in. The ledger keeps two decimals of every currency. */
import { centsToE4, divideHalfUp, e4Of } from "./money.ts";

/** Currencies whose minor unit is not a hundredth. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};
const USUAL_DIGITS = 2;
const CENTS_IN_WHOLE = 100n;

/** Decimals that a currency is charged in: 0 for JPY, 3 for KWD, 2 for most. */
const minorDigits = (currency: string): number => MINOR_DIGITS[currency] ?? USUAL_DIGITS;

/** Whether it is charged in smaller parts than the ledger's totals can show. */
export const isFinerThanCents = (currency: string): boolean => minorDigits(currency) > USUAL_DIGITS;

/** The smallest amount that a currency can be charged in, in cents of the ledger; at least one. */
const minorUnitCents = (currency: string): bigint => (minorDigits(currency) > 0 ? 1n : CENTS_IN_WHOLE);

/**
 * What was charged for a four-decimal amount, in cents: whole units where the currency has no smaller one, hundredths where
 * it has smaller ones, since the ledger's totals have two decimals (facts/accounting.md FX-07, FX-08).
 */
export function chargedCents(amountE4: bigint, currency: string): bigint {
  const unit = minorUnitCents(currency);
  return divideHalfUp(amountE4, centsToE4(unit)) * unit;
}

/** How far amounts of a currency may be off by rounding: the mapping's limit, or one unit that can be charged. */
export function roundingLimitCents(limit: string, currency: string): bigint {
  const [limitCents, unit] = [e4Of(limit) / centsToE4(1n), minorUnitCents(currency)];
  if (limitCents > unit) return limitCents;
  return unit;
}
