/** An amount shared out by weight, so that the shares come to it exactly. */
import { divideFloor, sumOf } from "../../core/money.ts";

const CENT_E4 = 100n;

/**
 * Largest remainder over `weightsE4`, in whole cents where the amount is one, else in ten-thousandths; ties go to the
 * earlier share. Without any weight the first share takes all.
 */
export function spreadE4(amountE4: bigint, weightsE4: readonly bigint[]): bigint[] {
  const weights = weightsE4.map((weight) => (weight < 0n ? 0n : weight));
  const total = sumOf(weights);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? amountE4 : 0n));
  const unit = amountE4 % CENT_E4 === 0n ? CENT_E4 : 1n;
  const units = amountE4 / unit;
  const floors = weights.map((weight) => divideFloor(units * weight, total));
  const missing = Number(units - sumOf(floors));
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: units * weight - (floors[index] ?? 0n) * total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const lucky = new Set(byRemainder.slice(0, missing).map(({ index }) => index));
  return floors.map((floor, index) => (floor + (lucky.has(index) ? 1n : 0n)) * unit);
}
