/** Quantity × unit amount that gives an amount to the cent, never on half a cent (facts/accounting.md 4.2 step 5). */
import { centsToE4, divideFloor, divideHalfUp } from "./money.ts";
import { isLineTie, lineCents } from "./xero-arithmetic.ts";

export type Piece = { readonly quantityE4: bigint; readonly unitE4: bigint; readonly amountCents: bigint };

const ONE_E4 = 10_000n;

/** One line of the whole quantity; `undefined` where no unit price of four decimals carries it. Neither is negative. */
export function onePiece(quantityE4: bigint, amountCents: bigint): Piece | undefined {
  const unitE4 = unitOf(quantityE4, amountCents);
  return isExact(quantityE4, unitE4, amountCents) ? { quantityE4, unitE4, amountCents } : undefined;
}

/** For an item kept in stock, whose quantity must stay on the lines: one of them, or two; `undefined` for less than one piece. */
export function stockPieces(quantityE4: bigint, amountCents: bigint): readonly Piece[] | undefined {
  const unitE4 = unitOf(quantityE4, amountCents);
  // A unit price just beside the one that lies on half a cent gives the same amount.
  const unit = [unitE4, unitE4 - 1n, unitE4 + 1n].find((one) => isExact(quantityE4, one, amountCents));
  if (unit !== undefined) return [{ quantityE4, unitE4: unit, amountCents }];
  return quantityE4 > ONE_E4 ? twoPieces(quantityE4, amountCents) : undefined;
}

const unitOf = (quantityE4: bigint, amountCents: bigint): bigint =>
  divideHalfUp(centsToE4(amountCents) * ONE_E4, quantityE4);

const isExact = (quantityE4: bigint, unitE4: bigint, amountCents: bigint): boolean =>
  lineCents(quantityE4, unitE4) === amountCents && !isLineTie(quantityE4, unitE4);

/** All but one at the floored unit price, so that the last one, which takes the rest, is never negative. */
function twoPieces(quantityE4: bigint, amountCents: bigint): Piece[] {
  const others = quantityE4 - ONE_E4;
  const floored = divideFloor(centsToE4(amountCents) * ONE_E4, quantityE4);
  const unitE4 = isLineTie(others, floored) ? floored - 1n : floored;
  const firstCents = lineCents(others, unitE4);
  const lastCents = amountCents - firstCents;
  return [
    { quantityE4: others, unitE4, amountCents: firstCents },
    { quantityE4: ONE_E4, unitE4: centsToE4(lastCents), amountCents: lastCents },
  ];
}
